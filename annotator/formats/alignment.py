"""Spans on the way into a format of tokens: one policy for those that it cannot hold as they are."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.errors import OutputError, UnwritableSpansError
from annotator.formats.choices import OnMisaligned
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report, TokensOf
from annotator.model.documents import Document
from annotator.model.spans import Span, walking_order
from annotator.model.tokens import Tokens

_LISTED = 20
_SHOWN = 40


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Spans in the one order in which every format is written: walking order, then by label."""
    return sorted(
        spans, key=lambda span: (*walking_order(span), span.label, span.kb_id, span.note, span.doubt)
    )


def tokens_for(annotated: AnnotatedDocument, tokens: TokensOf | None, *, format: str) -> Tokens:
    """The tokens to write a document by; OutputError where neither the caller nor the document has any."""
    document = annotated.document
    if tokens is not None:
        return tokens(document)
    if document.tokens is None:
        raise OutputError(
            f"{format} is a format of tokens, and {document.title} ({document.id}) has none",
            hint="write it as jsonl, or give a tokenizer",
        )
    return document.tokens


class Fitting:
    """What one export does about spans that its format cannot hold.

    Spans off the tokens' edges are refused, grown to the tokens they touch, or left out, as `policy` says. What no
    growing can mend (a span without a token, an overlap in a flat format, a label that cannot be written) is left
    out under SKIP and refused otherwise. Each is reported; refusals are raised together by `finish`.
    """

    def __init__(self, policy: OnMisaligned, report: Report) -> None:
        self._policy = policy
        self._report = report
        self._refused: list[Problem] = []
        self._refusals = 0
        self._has_misaligned = False
        self._has_overlap = False

    def aligned(self, annotated: AnnotatedDocument, tokens: Tokens | None) -> list[Span]:
        """The spans as the tokens can hold them, in order and without repetitions; None stands for characters.

        Suggestions are not for training, so that a document that has some is reported.
        """
        document = annotated.document
        if count := len(annotated.suggestions):
            message = f"suggestions that nobody has decided on are not written: {count}"
            self._report.add(Problem(document.id, document.title, message))
        fitted: list[Span] = []
        for span in in_order(annotated.spans):
            if (fit := self._fit(document, span, tokens)) is not None:
                fitted.append(fit)
        seen: dict[tuple[int, int, str, str], Span] = {}
        for span in in_order(fitted):
            if seen.setdefault((span.start, span.end, span.label, span.kb_id), span) is not span:
                self._report.skipped += 1
                self._note(document, span, "is there twice, and written once")
        return list(seen.values())

    def flat(self, document: Document, spans: Iterable[Span]) -> list[Span]:
        """The spans that overlap none before them; of two that overlap, the first and longer one stays."""
        kept: list[Span] = []
        for span in in_order(spans):
            if kept and span.start < kept[-1].end:
                there = kept[-1]
                self._has_overlap = True
                self.refuse(
                    document, span, f"overlaps {there.label} [{there.start}, {there.end}) in a flat format"
                )
            else:
                kept.append(span)
        return kept

    def refuse(self, document: Document, span: Span, reason: str) -> None:
        """Leave out a span that cannot be held, and remember it for `finish` unless that is wanted."""
        self._report.skipped += 1
        problem = self._note(document, span, reason)
        if self._policy != OnMisaligned.SKIP:
            self._refusals += 1
            if len(self._refused) < _LISTED:
                self._refused.append(problem)

    def _leave_out(self, document: Document, span: Span, reason: str) -> None:
        """Leave out a span that no growing can mend, under EXPAND as well, so that the others can be grown."""
        if self._policy is OnMisaligned.EXPAND:
            self._report.skipped += 1
            self._note(document, span, f"{reason}, and is left out", loses=Part.SPAN)
        else:
            self.refuse(document, span, reason)

    def finish(self) -> None:
        """Raise OutputError that lists what was refused, if anything was; call it before the file is put in place."""
        if not self._refusals:
            return
        more = self._refusals - len(self._refused)
        rest = [f"and {more} more"] if more else []
        counted = "1 span cannot" if self._refusals == 1 else f"{self._refusals} spans cannot"
        ways = "--on-misaligned expand grows such spans to their tokens, --on-misaligned skip leaves them out"
        if not self._has_misaligned:
            ways = "--on-misaligned skip leaves them out; jsonl holds every span as it is"
            if self._has_overlap:
                ways = f"--on-overlap longest or first keeps one of those that overlap; {ways}"
        raise UnwritableSpansError(
            f"{counted} be written:", hint=ways, spans=tuple(map(str, [*self._refused, *rest]))
        )

    def _fit(self, document: Document, span: Span, tokens: Tokens | None) -> Span | None:
        text = document.text
        if not 0 <= span.start < span.end <= len(text):
            self.refuse(document, span, f"lies outside the text of {len(text)} characters, or is empty")
            return None
        if not span.label.strip():
            self.refuse(document, span, "has no label")
            return None
        if tokens is None or tokens.is_aligned(span.start, span.end):
            return span
        if not text[span.start : span.end].strip():
            self._leave_out(document, span, "holds white space only")
            return None
        nearest = tokens.snapped(span.start, span.end)
        if nearest is None:
            self.refuse(document, span, "touches no token")
            return None
        start, end = nearest
        reason = f"is off the tokens' edges; the tokens it touches are {_quoted(text, start, end)}"
        if self._policy == OnMisaligned.EXPAND:
            self._report.expanded += 1
            self._note(document, span, f"{reason}, to which it was grown")
            return Span(start, end, span.label, span.note, span.doubt, span.kb_id)
        self._has_misaligned = True
        self.refuse(document, span, reason)
        return None

    def _note(self, document: Document, span: Span, reason: str, *, loses: Part | None = None) -> Problem:
        quoted = _quoted(document.text, span.start, span.end)
        problem = Problem(document.id, document.title, f"{span.label} {quoted} {reason}", loses)
        self._report.add(problem)
        return problem


def _quoted(text: str, start: int, end: int) -> str:
    words = text[start:end] if end - start <= _SHOWN else f"{text[start : start + _SHOWN - 1]}…"
    return f"[{start}, {end}) {words!r}"
