"""spaCy's training data as JSON, ner-annotator's file around it, and version 2's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status

TEXT = "Mira left Rome."
ENTITIES = [[0, 4, "PER"], [10, 14, "LOC"]]
FACTS = [("Mira", "PER"), ("Rome", "LOC")]


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


def _v2(*tags: Any, raw: str | None = TEXT) -> dict[str, Any]:
    words = ["Mira", "left", "Rome", "."]
    tokens = [
        {"id": index, "orth": word, "ner": tag}
        for index, (word, tag) in enumerate(zip(words, tags, strict=True))
    ]
    paragraph = {"sentences": [{"tokens": tokens, "brackets": []}], "cats": []}
    return {"id": 0, "paragraphs": [paragraph if raw is None else {"raw": raw, **paragraph}]}


@pytest.mark.parametrize(
    "content",
    [
        [[TEXT, {"entities": ENTITIES}]],
        [TEXT, {"entities": ENTITIES}],
        [[TEXT, ENTITIES]],
        [{"text": TEXT, "entities": ENTITIES}],
        {"classes": ["PER", "LOC"], "annotations": [[TEXT, {"entities": ENTITIES}]]},
        {"annotations": [[TEXT, {"entities": ENTITIES}]], "classes": []},
        [_v2("U-PER", "O", "U-LOC", "O")],
        [_v2("B-PER", "O", "B-LOC", "O")],
        _v2("U-PER", "O", "U-LOC", "O"),
    ],
)
def test_each_form_has_its_spans(written, read_all, content: Any) -> None:
    (annotated,), _ = read_all(written("a.json", json.dumps(content)))
    assert (annotated.document.text, _facts(annotated)) == (TEXT, FACTS)
    assert annotated.status is Status.DONE


def test_a_paragraph_without_its_text_is_its_words(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.json", json.dumps([_v2("U-PER", "-", "-", "O", raw=None)])))
    assert (annotated.document.text, _facts(annotated)) == ("Mira left Rome .", [("Mira", "PER")])


def test_a_paragraph_that_nobody_annotated_is_to_be_done(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.json", json.dumps([_v2("-", "-", "-", "-")])))
    assert annotated.status is Status.TODO


def test_texts_that_nobody_annotated_are_told_or_to_be_done(written, read_all) -> None:
    content = {"classes": ["PER"], "annotations": [None, ["Bo", None], ["Tam", {"entities": []}]]}
    found, report = read_all(written("a.json", json.dumps(content)))
    assert [(each.document.text, each.status) for each in found] == [
        ("Bo", Status.TODO),
        ("Tam", Status.DONE),
    ]
    assert [each.message for each in report.problems] == ["null, where nobody has annotated a text"]


@pytest.mark.parametrize("key", ["0,4", "(0, 4)", "[0, 4]"])
def test_a_certain_link_is_the_id_of_its_entity(written, read_all, key: str) -> None:
    annotations = {"entities": ENTITIES, "links": {key: {"Q1": 1.0, "Q2": 0.0}}, "cats": {"NEWS": 1.0}}
    (annotated,), _ = read_all(written("a.json", json.dumps([[TEXT, annotations]])))
    assert [span.kb_id for span in annotated.spans] == ["Q1", ""]
    assert annotated.document.meta == {"cats": {"NEWS": 1.0}}


@pytest.mark.parametrize(
    "links", [{"0,4": {"Q1": 0.5, "Q2": 0.5}}, {"1,3": {"Q1": 1.0}}, {"x": {"Q1": 1.0}}, {"0,4": "Q1"}]
)
def test_other_links_stay_in_the_metadata(written, read_all, links: dict[str, Any]) -> None:
    content = [[TEXT, {"entities": ENTITIES, "links": links}]]
    (annotated,), _ = read_all(written("a.json", json.dumps(content)))
    assert (_facts(annotated), annotated.document.meta) == (FACTS, {"links": links})


@pytest.mark.parametrize(
    "content",
    [
        [[TEXT, {"entities": [[0, 99, "PER"]]}]],
        [[TEXT, {"entities": ["U-PER", "O"]}]],
        [[TEXT, {"entities": [[0, 4]], "links": {"0,4": {"Q1": 1.0}}}]],
        [_v2("X-PER", "O", "O", "O")],
        [_v2(7, "O", "O", "O")],
        [_v2("U-PER", "O", "O", "O", raw="Other")],
        [{"id": 0, "paragraphs": ["x"]}],
    ],
)
def test_what_is_none_of_it_is_told_with_its_place(written, read_all, content: Any) -> None:
    path = written("a.json", json.dumps(content))
    with pytest.raises(InputError, match=r"a\.json"):
        read_all(path)
    found, report = read_all(path, on_error=OnError.SKIP)
    assert report.problem_count
    assert all(each.status is not Status.DONE for each in found)


def test_every_example_of_spacy_is_read(external: Path, read_all) -> None:
    examples = sorted((external / "spacy" / "ner_example_data").glob("*.*o*"))
    for path in (each for each in examples if each.suffix in (".json", ".iob")):
        found, report = read_all(path)
        assert sum(len(each.spans) for each in found) == 7, path.name
        assert not report.lost
