"""Recall: what memory itself proposes for a text, and why."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.model.intervals import Intervals
from annotator.model.lookup import Mention, Words
from annotator.model.spans import Span, Suggestion
from annotator.suggest.combination.proposals import Proposal
from annotator.suggest.combination.surnames import LastWords
from annotator.suggest.memory.memory import SHORT_FROM, Memory
from annotator.suggest.memory.opinions import Opinions

SOURCE = "memory"
"""What its suggestions say they are from."""


def mentions(memory: Memory, words: Words, *, nested: bool = False) -> Iterator[Proposal]:
    """The forms that memory offers, where they stand in a text; at each place the longest, or all if `nested`."""

    def is_wanted(mention: Mention) -> bool:
        offer = memory.offer(mention.surface)
        return offer is not None and (mention.is_exact or not memory.refuses(mention.written, offer[0]))

    for mention in memory.index.find(words, is_wanted, nested=nested):
        offer = memory.offer(mention.surface)
        assert offer is not None  # it was wanted
        label, score = offer
        suggestion = Suggestion(mention.start, mention.end, label, source=SOURCE, score=score)
        reasons = [form_reason(memory, mention.surface, label)]
        if not mention.is_exact:
            reasons.append(f"written “{mention.surface}” elsewhere")
        yield Proposal(suggestion, (SOURCE,), tuple(reasons))


def short_mentions(
    memory: Memory, words: Words, names: LastWords, around: Intervals[Span]
) -> Iterator[Proposal]:
    """Where the last word of one of `names`, those of the whole text, stands alone among `words`, inside no name.

    `around` are the names of several words that reach into these words, wherever they begin.

    For labels where such a word was mostly marked like the longer name in finished documents: surnames, as a rule.
    """
    labels = short_labels(memory)
    if not labels:
        return
    for start, end in zip(words.starts, words.ends, strict=True):
        word = words.text[start:end]
        label = names.label_of(word)
        if label is None or label not in labels or memory.refuses(word, label):
            continue
        if any(name.start <= start for name in around.overlapping(start, end)):
            continue
        if words.is_aligned(start, end):
            same, other = memory.short_form(label)
            suggestion = Suggestion(start, end, label, source=SOURCE, score=_share(same, other))
            reason = (
                f"the end of a longer {label} here; such words were {label} too in {same} of {same + other}"
            )
            yield Proposal(suggestion, (SOURCE,), (reason,))


def short_labels(memory: Memory) -> set[str]:
    """The labels whose last words are proposed alone."""
    return {label for label, same, other in memory.short_forms() if _share(same, other) >= SHORT_FROM}


def form_reason(memory: Opinions, surface: str, label: str) -> str:
    """Why memory gives a form this label, such as "accepted 7 of 8 times as ORG"."""
    if surface in memory.edits.pinned:
        return f"pinned as {label}"
    opinion = memory.opinion(surface)
    assert opinion is not None  # else there is no label to give a reason for
    return f"accepted {opinion.accepted} of {opinion.marked + opinion.against} times as {label}"


def _share(same: int, other: int) -> float:
    return (same + 1) / (same + other + 2)
