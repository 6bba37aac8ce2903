"""The pipeline as the worker runs it: texts in, tokens and suggestions out, as character offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import Any

from annotator.errors import ModelError
from annotator.model.documents import text_hash
from annotator.model.lookup import Words
from annotator.model.spans import Suggestion, walking_order
from annotator.model.tokens import Tokens
from annotator.suggest.combination.repeated_names import repeated_names
from annotator.suggest.sources.chunks import chunks
from annotator.suggest.sources.components import dispensable
from annotator.suggest.sources.patterns import PatternProblem, TokenPattern
from annotator.suggest.sources.rules import Rules, need_annotation
from annotator.suggest.sources.scores import Scores, has_scores, parse_with_scores
from annotator.suggest.worker.answers import MODEL, SCORE_DIGITS, Answer, model_suggestion, rule_suggestion

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNTESTED = (AttributeError, TypeError, ValueError, KeyError, IndexError)
"""What spaCy's undocumented methods raise when they are not as they were."""


class Pipeline:
    """A loaded spaCy pipeline that only suggests: what it does not need for that is not even loaded."""

    def __init__(self, source: str, *, name: str, rules: Sequence[TokenPattern] = ()) -> None:
        """Load a package, a folder, or "blank:" and a language; `name` is what its suggestions say they are from.

        `rules` are patterns of tokens that it matches too. ModelError if it does not load.
        """
        self.name = name
        self._nlp = _load(source, is_whole=need_annotation(rules))
        self._rules = Rules(self._nlp, rules)
        self._scored = {key for key, component in self._nlp.pipeline if has_scores(component)}

    @property
    def problems(self) -> list[PatternProblem]:
        """The rules that cannot be matched, and why."""
        return self._rules.problems

    def answers(self, texts: Sequence[tuple[str, str]]) -> list[Answer]:
        """The answers to `texts`, pairs of document id and text, in their order.

        Several at once take less time than one by one. In a memory zone of spaCy's, since else every new word would
        stay in memory: 140 MiB for 300,000 of them. ModelError if a tokenizer changes a text, which would make all
        offsets wrong; whatever else a component raises comes through.
        """
        tokens: list[list[tuple[int, int]]] = [[] for _ in texts]
        suggestions: list[list[Suggestion]] = [[] for _ in texts]
        pieces = [(index, *piece) for index, (_, text) in enumerate(texts) for piece in self._pieces(text)]
        with self._nlp.memory_zone():
            processed = self._processed([piece for _, _, piece in pieces])
            for (index, shift, piece), (doc, scores) in zip(pieces, processed, strict=True):
                tokens[index].extend(_token_offsets(doc, shift))
                suggestions[index].extend(self._suggestions(doc, piece, scores, shift))
        return [
            self._answer(document_id, text, Tokens(tokens[index], tokenizer=self.name), suggestions[index])
            for index, (document_id, text) in enumerate(texts)
        ]

    def _answer(self, document_id: str, text: str, tokens: Tokens, suggestions: list[Suggestion]) -> Answer:
        suggestions.sort(key=walking_order)
        of_model = [suggestion for suggestion in suggestions if suggestion.source == MODEL]
        added = repeated_names(Words(text, tokens), of_model, digits=SCORE_DIGITS)
        return Answer(
            document_id=document_id,
            text_sha256=text_hash(text),
            tokens=tokens,
            suggestions=tuple(merge(suggestions, added, key=walking_order)),
            pipeline=self.name,
        )

    def tokens(self, text: str) -> Tokens:
        """The tokens of one text, and nothing else; ModelError as in `answers`."""
        with self._nlp.memory_zone():
            offsets = [
                offset
                for shift, piece in self._pieces(text)
                for offset in _token_offsets(self._made(piece), shift)
            ]
        return Tokens(offsets, tokenizer=self.name)

    def _pieces(self, text: str) -> Iterator[tuple[int, str]]:
        """The text as spaCy can take it, with the offset of each piece: short enough, and without lone surrogates."""
        for start, end in chunks(text, self._nlp.max_length):
            yield start, sound(text[start:end])

    def _made(self, piece: str) -> Any:
        doc = self._nlp.make_doc(piece)
        if doc.text != piece:
            raise ModelError(f"the tokenizer of {self.name} changes the text", hint="use another pipeline")
        return doc

    def _processed(self, pieces: Sequence[str]) -> Iterable[tuple[Any, Scores]]:
        """Run every component over all pieces, as `nlp.pipe` does, and keep the scores that it throws away."""
        docs = [self._made(piece) for piece in pieces]
        scores: list[Scores] = [{} for _ in docs]
        for key, component in self._nlp.pipeline:
            if key in self._scored and _add_scores(component, docs, scores):
                continue
            docs = list(component.pipe(docs)) if hasattr(component, "pipe") else list(map(component, docs))
            self._scored.discard(key)  # it does without scores what it could not do with them
        return zip(docs, scores, strict=True)

    def _suggestions(self, doc: Any, piece: str, scores: Scores, shift: int) -> Iterator[Suggestion]:
        scored_spans: dict[tuple[int, int, str], float | None] = {}
        for span, score in _spans(doc, scores):
            start, end = _stripped(span, piece)
            if start < end and span.label_:
                scored_spans.setdefault((start + shift, end + shift, span.label_), score)
        for (start, end, label), score in scored_spans.items():
            rounded = None if score is None else round(min(max(score, 0.0), 1.0), SCORE_DIGITS)
            yield model_suggestion(start, end, label, score=rounded, pipeline=self.name)
        for span, rule in self._rules.spans(doc):
            start, end = _stripped(span, piece)
            if start < end:
                yield rule_suggestion(start + shift, end + shift, rule.label, name=rule.id)


def sound(text: str) -> str:
    """A text as long as `text`, without lone surrogates, which libraries that write UTF-8 refuse."""
    return _SURROGATE.sub("\ufffd", text)


def _load(source: str, *, is_whole: bool) -> Any:
    import spacy

    try:
        return spacy.load(source, exclude=[] if is_whole else sorted(dispensable_of(source)))
    except (OSError, ValueError, ImportError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        first_line = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"{source} does not load: {first_line}", hint="was it made for this version of spaCy?"
        ) from error


def dispensable_of(source: str) -> frozenset[str]:
    """What `source` need not load. A package keeps its pipeline in a folder inside, named by its meta.json."""
    import spacy

    if source.startswith("blank:"):
        return frozenset()
    folder = Path(source)
    if not folder.is_absolute():
        package = spacy.util.get_package_path(source)
        meta = spacy.util.get_model_meta(package)
        folder = package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    return dispensable(spacy.util.load_config(folder / "config.cfg"))


def _add_scores(component: Any, docs: Sequence[Any], scores: Sequence[Scores]) -> bool:
    """Set the entities of `docs` and add their scores; False, and nothing done, if this spaCy is of another make."""
    try:
        parsed = parse_with_scores(component, docs)
    except _UNTESTED:
        return False
    for collected, new in zip(scores, parsed, strict=True):
        collected.update(new)
    return True


def _token_offsets(doc: Any, shift: int) -> Iterator[tuple[int, int]]:
    """The doc's tokens without those that spaCy makes of white space."""
    for start, length, is_space in doc.to_array(["IDX", "LENGTH", "IS_SPACE"]).tolist():
        if length and not is_space:
            yield start + shift, start + length + shift


def _stripped(span: Any, piece: str) -> tuple[int, int]:
    """The offsets of a span without the white space at its edges; equal if it is nothing else."""
    surface = piece[span.start_char : span.end_char]
    start = span.start_char + len(surface) - len(surface.lstrip())
    return start, start + len(surface.strip())


def _spans(doc: Any, scores: Scores) -> Iterator[tuple[Any, float | None]]:
    """The doc's entities, and the spans of its groups, each with a score if there is one."""
    for ent in doc.ents:
        yield ent, scores.get((ent.start, ent.end, ent.label_))
    for group in doc.spans.values():
        group_scores = group.attrs.get("scores", ())
        for index, span in enumerate(group):
            yield span, float(group_scores[index]) if len(group_scores) == len(group) else None
