"""Choosing: which spans to suggest, so that putting them right is expected to cost the fewest keys.

Not the likeliest spans: one that is right in a third of cases is worth showing where adding it would cost three keys and
rejecting it two. The expectation is over samples of the posterior (minimum Bayes risk, Goel and Byrne 2000), by what the
keys cost: DESIGN's table of keys, and a key to come to a wrong suggestion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from annotator.suggest.learner.tags import TokenSpan

KEYS_MISSED = 3.4
KEYS_SPURIOUS = 1.0
KEYS_TO_COME = 1.0
_LEAST_SHARE = 0.04
"""A span that is in fewer of the samples is not tried."""
_MOST_TRIED = 14
_ROUNDS = 3

Choice = frozenset[TokenSpan]


def keys_between(shown: Collection[TokenSpan], right: Collection[TokenSpan]) -> float:
    """The keys that it takes to make `shown` what is `right`."""
    left = set(right) - set(shown)
    keys = 0.0
    for span in sorted(set(shown) - set(right)):
        nearest = min(
            ((_keys_to_mend(span, other), other) for other in left if _overlap(span, other)), default=None
        )
        if nearest is None:
            keys += KEYS_TO_COME + KEYS_SPURIOUS
        else:
            left.discard(nearest[1])
            keys += KEYS_TO_COME + min(nearest[0], KEYS_SPURIOUS + KEYS_MISSED)
    return keys + KEYS_MISSED * len(left)


def cheapest(samples: Sequence[Choice], start: Choice) -> Choice:
    """The spans of a sentence that are expected to take the fewest keys to put right, if each of `samples` is as likely.

    Searched from `start` on by adding and leaving out one span at a time.
    """
    counts = Counter(samples)
    if len(counts) == 1:
        return next(iter(counts))
    best, least = start, _expected(start, counts)
    for _ in range(_ROUNDS):
        is_better = False
        for span in _candidates(counts, len(samples)):
            choice = best - {span} if span in best else frozenset({*_beside(best, span), span})
            keys = _expected(choice, counts)
            if keys < least - 1e-9:
                best, least, is_better = choice, keys, True
        if not is_better:
            break
    return best


def _candidates(counts: Mapping[Choice, int], samples: int) -> list[TokenSpan]:
    spans: Counter[TokenSpan] = Counter()
    for choice, times in counts.items():
        for span in choice:
            spans[span] += times
    ranked = sorted(spans, key=lambda span: (-spans[span], span))[:_MOST_TRIED]
    return [span for span in ranked if spans[span] >= _LEAST_SHARE * samples]


def _expected(choice: Choice, counts: Mapping[Choice, int]) -> float:
    return sum(times * keys_between(choice, right) for right, times in counts.items())


def _beside(spans: Choice, new: TokenSpan) -> list[TokenSpan]:
    return [span for span in spans if not _overlap(span, new)]


def _overlap(one: TokenSpan, other: TokenSpan) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _keys_to_mend(span: TokenSpan, right: TokenSpan) -> int:
    return abs(right[0] - span[0]) + abs(right[1] - span[1]) + (right[2] != span[2])
