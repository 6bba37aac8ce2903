"""Features: what the learner sees of each token, as texts that are the same whenever they are made.

Words and their shapes in a window, what the other sources say there, and what finished documents say of the forms.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from annotator.suggest.learner.forms import Forms
from annotator.suggest.learner.tags import OUTSIDE
from annotator.suggest.learner.texts import Guess, Reading

GUESS = "guess="
"""What begins the feature that says what another source calls a token; its weights begin as the label set's map."""
_FAR, _NEAR = (-2, 2), (-1, 1)
_AFFIXES = (2, 3, 4)


def features_of(reading: Reading, forms: Forms) -> list[list[str]]:
    """The features of each token."""
    words = reading.words
    lower = [word.lower() for word in words]
    shapes = [shape_of(word) for word in words]
    guesses, scores = _guess_tags(reading.guesses, len(words))
    form_tags = forms.tags(lower)
    usual = [forms.usual(word) for word in lower]
    in_small_letters = {word for word in words if word.islower()}
    in_document = _labels_by_word(reading)
    sentence_starts = {first for first, _ in reading.sentences}
    rows: list[list[str]] = []
    for index, word in enumerate(words):
        guess = guesses[index]
        row = [
            "any",
            f"word={lower[index]}",
            f"shape={shapes[index]}",
            *(f"prefix={lower[index][:size]}" for size in _AFFIXES),
            *(f"suffix={lower[index][-size:]}" for size in _AFFIXES),
            f"{GUESS}{guess}",
            f"guess and score={guess} {scores[index]}",
            f"form={form_tags[index]}",
            f"usual={usual[index]}",
            f"guess and form={guess}|{form_tags[index]}",
            f"guess and shape={guess[:1]}|{shapes[index]}",
            f"guess and word={guess[:1]}|{lower[index]}",
        ]
        if index in sentence_starts:
            row += ["sentence start", f"sentence start, shape={shapes[index]}"]
        if word[:1].isupper() and lower[index] in in_small_letters:
            row.append("in small letters elsewhere")
        if word in in_document:
            row.append(f"guessed elsewhere={in_document[word]}")
        for offset in (*_FAR, *_NEAR):
            other = index + offset
            if not 0 <= other < len(words):
                row.append(f"{offset} edge")
                continue
            row += [
                f"{offset} word={lower[other]}",
                f"{offset} guess={guesses[other]}",
                f"{offset} shape={shapes[other]}",
            ]
            if offset in _NEAR:
                row += [
                    f"{offset} form={form_tags[other]}",
                    f"{offset} usual={usual[other]}",
                    f"{offset} suffix={lower[other][-3:]}",
                    f"{offset} guesses={guesses[other]}|{guess}",
                    f"{offset} guess beside the word={guesses[other][:1]}|{lower[index]}",
                ]
        rows.append(row)
    return rows


def shape_of(word: str) -> str:
    """A word's shape: capitals X, other letters x, digits d, a run of one kind at most twice, at most eight signs."""
    signs: list[str] = []
    for char in word:
        sign = "X" if char.isupper() else "x" if char.isalpha() else "d" if char.isdigit() else char
        if signs[-2:] != [sign, sign]:
            signs.append(sign)
    return "".join(signs[:8])


def guessed_label(feature: str) -> str | None:
    """The source's label that a feature of a single guess names, with the place in the span before it; else None."""
    if not feature.startswith(GUESS) or feature == f"{GUESS}{OUTSIDE}":
        return None
    return feature.removeprefix(GUESS)


def _guess_tags(guesses: Sequence[Guess], length: int) -> tuple[list[str], list[str]]:
    """For each token what the first source there says, as place in the span and label, and how sure it is in words."""
    tags, scores = [OUTSIDE] * length, [""] * length
    for guess in guesses:
        inside = range(guess.first, guess.last)
        if any(tags[index] != OUTSIDE for index in inside):
            continue
        for index in inside:
            tags[index] = f"{_place(index, guess)}-{guess.label}{'' if guess.is_model else '~'}"
            scores[index] = _bucket(guess.score)
    return tags, scores


def _place(index: int, guess: Guess) -> str:
    if guess.last - guess.first == 1:
        return "U"
    return "B" if index == guess.first else "L" if index == guess.last - 1 else "I"


def _bucket(score: float | None) -> str:
    if score is None:
        return "none"
    return next((name for name, least in _BUCKETS.items() if score >= least), "0")


_BUCKETS = {"99": 0.99, "95": 0.95, "80": 0.8, "50": 0.5}


def _labels_by_word(reading: Reading) -> dict[str, str]:
    """What the sources mostly call each word that they mark somewhere in the document."""
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for guess in reading.guesses:
        for word in reading.words[guess.first : guess.last]:
            labels[word][guess.label] += 1
    return {word: min(counts, key=lambda name: (-counts[name], name)) for word, counts in labels.items()}
