"""Sentences of tokens without spaces, and entities that nest, by token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.reading import KEYS_OF_SPANS
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from annotator.model.spans import Span

SENTENCE = {
    "sentence_id": 7,
    "tokens": ["นาย", "ซือ", "_", "10.30", "น."],
    "entities": [
        {"span": [0, 2], "entity_type": "person", "text": "นาย ซือ"},
        {"span": [1, 2], "entity_type": "firstname", "text": "ซือ"},
        {"span": [1, 4], "entity_type": "odd", "text": "ซือ _ 10.30"},
    ],
}


def _file(written, *sentences: object) -> Path:
    return written("a.nner.json", json.dumps(sentences))


def test_tokens_are_joined_and_a_low_line_is_a_space(written, read_all) -> None:
    (annotated,), report = read_all(_file(written, SENTENCE))
    document = annotated.document
    assert document.text == "นายซือ 10.30น."
    assert [document.text[start:end] for start, end in document.tokens] == ["นาย", "ซือ", "10.30", "น."]
    assert annotated.spans == (Span(0, 6, "person"), Span(3, 12, "odd"), Span(3, 6, "firstname"))
    assert document.meta == {"sentence_id": 7}
    assert report.problems == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokens": "นาย"}, r'a\.nner\.json: sentence 2: no "tokens" that are words'),
        ({"entities": [{"span": [3, 9], "entity_type": "x"}]}, "sentence 2: entity 1: an offset is outside"),
        ({"entities": [{"span": [0, 1], "entity_type": "x", "text": "ซือ"}]}, "holds 'นาย', not 'ซือ'"),
        ({"entities": ["x"]}, "sentence 2: entity 1: an offset is outside"),
    ],
)
def test_what_is_broken_is_named_by_its_sentence(written, read_all, change, message: str) -> None:
    path = _file(written, SENTENCE, SENTENCE | change)
    with pytest.raises(InputError, match=message):
        read_all(path)
    found, report = read_all(path, on_error="skip")
    assert [len(each.spans) for each in found] == ([3] if "tokens" in change else [3, 0])
    assert report.problem_count == 1


def test_the_published_sentences_are_read_with_all_their_layers(external: Path, read_all) -> None:
    path = external / "thai" / "sample_dev.json"
    assert reader_for(file_source(path)).name == "thai-nner"
    found, report = read_all(path)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert (len(found), report.problem_count) == (len(rows), 0)
    distinct = [len({(*each["span"], each["entity_type"]) for each in row["entities"]}) for row in rows]
    assert [len(each.spans) for each in found] == distinct


def test_what_else_sentences_and_entities_have_is_kept_and_other_annotations_are_told(
    written, read_all
) -> None:
    entity = {**SENTENCE["entities"][0], "sure": True}
    ((annotated,), _) = read_all(_file(written, {**SENTENCE, "entities": [entity], "source": "news"}))
    assert annotated.document.meta["source"] == "news"
    assert [item["sure"] for item in annotated.document.meta[KEYS_OF_SPANS]] == [True]
    with pytest.raises(InputError, match='"more" holds what looks like annotations'):
        read_all(_file(written, {**SENTENCE, "entities": [], "more": [[0, 3, "X"]]}))
