"""Spans on the way in: checked against the text, the words that the file quotes, and the label set."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.formats.alignment import in_order
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import Complaints, ReadOptions
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_SHOWN = 40


class SpanChecks:
    """What makes a span of a file a span of the document; what does not is complained about and left out.

    `text` is the text as the file has it; offsets come in as that counts them and go out as the cleaned text does.
    """

    def __init__(self, text: CleanedText, complaints: Complaints, options: ReadOptions) -> None:
        self._text = text
        self._complain = complaints.add
        self._note = complaints.note
        self._labels = options.labels

    def span(
        self,
        start: int | None,
        end: int | None,
        label: object,
        *,
        name: str,
        quoted: str | None = None,
        note: str = "",
        doubt: bool = False,
        kb_id: str = "",
    ) -> Span | None:
        """A span called `name` in messages; None if it is outside the text or has no label.

        The same if it holds other words than those `quoted`; differences in white space do not count.
        """
        if start is None or end is None:
            return self._complain(f"{name}: an offset is outside the text or within a character")
        if not isinstance(label, str) or not label.strip():
            return self._complain(f"{name} has no label")
        if self._labels is not None and label not in self._labels:
            return self._complain(f"{name}: unknown label {label}")
        if start >= end:
            return self._complain(f"{name}: [{start}, {end}) is empty or backwards")
        if not self._text.holds(start, end):
            return self._complain(f"{name}: [{start}, {end}) is outside the text")
        there = self._text.raw(start, end)
        if quoted is not None and letters(quoted) != letters(there):
            return self._complain(
                f"{name}: [{start}, {end}) holds {_shown(there)}, not {_shown(quoted)} as the file says"
            )
        start, end = self._text.moved(start, end)
        if start >= end:
            return self._complain(f"{name} holds nothing but a byte order mark or carriage return")
        return Span(start, end, label, note, doubt, kb_id)

    def once(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans in order, each offsets and label once; a repetition is noted and left out."""
        found: dict[tuple[int, int, str], Span] = {}
        for span in spans:
            key = (span.start, span.end, span.label)
            if found.setdefault(key, span) is not span:
                self._note(f"{span.label} [{span.start}, {span.end}) is there twice; taken once")
        return tuple(in_order(found.values()))


def tokens_in(
    text: CleanedText, offsets: Iterable[tuple[int, int]], tokenizer: str, complaints: Complaints
) -> Tokens | None:
    """The tokens of a file in the cleaned text, without those of white space; None, and a note, if they overlap."""
    moved = (text.moved(start, end) for start, end in offsets)
    kept = [(start, end) for start, end in moved if text.text[start:end].strip()]
    try:
        return Tokens(kept, tokenizer=tokenizer)
    except ValueError as error:
        complaints.note(f"{error}; the file's tokens are left out")
        return None


def letters(words: str) -> str:
    """The words without white space, runs of which some programs shorten where they quote."""
    return "".join(words.split())


def _shown(words: str) -> str:
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")
