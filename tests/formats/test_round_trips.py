"""What a format writes, it reads back: the same documents, spans and tokens, as far as it can hold them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotator.formats.choices import Tags
from annotator.formats.exchange import AnnotatedDocument, WriteOptions
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.tokens import Tokens
from tests.formats.generated import annotated_documents, id_of

_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
_DONE = (Status.DONE,)


@pytest.fixture(autouse=True)
def _no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of small files are written here, and none has to outlive a power cut."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def _and_back(
    documents: Iterable[AnnotatedDocument], path: Path, options: WriteOptions | None = None
) -> list[AnnotatedDocument]:
    write(documents, path, options=options)
    return list(read([path]))


def _tokens(documents: list[AnnotatedDocument]) -> list[Tokens | None]:
    return [annotated.document.tokens for annotated in documents]


def _words(annotated: AnnotatedDocument) -> list[str]:
    """The tokens as CoNLL holds them: cut at white space."""
    document = annotated.document
    assert document.tokens is not None
    return [word for start, end in document.tokens for word in document.text[start:end].split()]


def _word_spans(annotated: AnnotatedDocument) -> list[tuple[int, int, str]]:
    """The spans as ranges of words."""
    text = annotated.document.text
    return [
        (len(text[: span.start].split()), len(text[: span.end].split()), span.label)
        for span in annotated.spans
    ]


@_options
@given(
    st.lists(
        annotated_documents(aligned=False, surrogates=True, suggestions=True), max_size=3, unique_by=id_of
    ),
    st.booleans(),
)
def test_jsonl_holds_all_there_is(
    tmp_path: Path, documents: list[AnnotatedDocument], provenance: bool
) -> None:
    if not provenance:
        documents = [_without_provenance(annotated) for annotated in documents]
    back = _and_back(documents, tmp_path / "out.jsonl", WriteOptions(provenance=provenance))
    assert back == documents
    assert _tokens(back) == _tokens(documents)


@_options
@given(st.lists(annotated_documents(), max_size=3, unique_by=id_of), st.booleans())
def test_docbin_holds_all_but_suggestions(
    tmp_path: Path, documents: list[AnnotatedDocument], provenance: bool
) -> None:
    if not provenance:
        documents = [_without_provenance(annotated) for annotated in documents]
    back = _and_back(documents, tmp_path / "out.spacy", WriteOptions(provenance=provenance))
    assert back == documents
    assert _tokens(back) == _tokens(documents)


@_options
@given(
    st.lists(annotated_documents(flat=True, statuses=_DONE), max_size=3, unique_by=id_of),
    st.sampled_from(Tags),
)
def test_conll_holds_tokens_sentences_and_flat_spans(
    tmp_path: Path, documents: list[AnnotatedDocument], tags: Tags
) -> None:
    held = [annotated for annotated in documents if _words(annotated)]
    assume(len({tuple(_words(annotated)) for annotated in held}) == len(held))
    assume(not any(word[0] == "\ufeff" != word for annotated in held for word in _words(annotated)))
    back = _and_back(documents, tmp_path / "out.conll", WriteOptions(tags=tags))
    assert [_words(annotated) for annotated in back] == [_words(annotated) for annotated in held]
    assert [_by_tokens(annotated) for annotated in back] == [_by_tokens(annotated) for annotated in held]


@_options
@given(st.lists(annotated_documents(flat=True, statuses=_DONE), max_size=3, unique_by=id_of))
def test_conll_read_and_written_again_is_the_same_file(
    tmp_path: Path, documents: list[AnnotatedDocument]
) -> None:
    first, second = tmp_path / "first.conll", tmp_path / "second.conll"
    back = _and_back(documents, first)
    again = _and_back(back, second)
    assert again == back
    assert _tokens(again) == _tokens(back)
    if len(back) == len(documents):
        assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("suffix", ["jsonl", "conll", "spacy"])
@settings(_options, max_examples=20)
@given(documents=st.lists(annotated_documents(flat=True, statuses=_DONE), max_size=2, unique_by=id_of))
def test_writing_is_deterministic(tmp_path: Path, suffix: str, documents: list[AnnotatedDocument]) -> None:
    first, second = tmp_path / f"first.{suffix}", tmp_path / f"second.{suffix}"
    write(documents, first)
    write(documents, second)
    assert first.read_bytes() == second.read_bytes()


def _without_provenance(annotated: AnnotatedDocument) -> AnnotatedDocument:
    return AnnotatedDocument(
        annotated.document,
        spans=annotated.spans,
        status=annotated.status,
        suggestions=annotated.suggestions,
        annotator=annotated.annotator,
    )


def _by_tokens(annotated: AnnotatedDocument) -> list[tuple[int, int, str]]:
    document = annotated.document
    assert document.tokens is not None
    covered = [document.tokens.within(span.start, span.end) for span in annotated.spans]
    return [(place[0], place[-1], span.label) for place, span in zip(covered, annotated.spans, strict=True)]
