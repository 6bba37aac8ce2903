"""Exports of annotation services: tagtog, UBIAI, LightTag, DataTurks; and the tables of AIDA and HIPE."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status

TEXT = "Ada votes in Porto."
FACTS = [("Ada", "PERSON"), ("Porto", "GPE")]

UBIAI = [
    {
        "documentName": "a.txt",
        "document": TEXT,
        "tokens": [
            {"text": "Ada", "start": 0, "end": 3, "token_start": 0, "token_end": 0, "entityLabel": "PERSON"},
            {"text": "Porto", "start": 13, "end": 18, "token_start": 3, "token_end": 3, "entityLabel": "GPE"},
        ],
        "relations": [{"child": 0, "head": 3, "relationLabel": "IN"}],
    }
]
LIGHTTAG = {
    "examples": [
        {
            "content": TEXT,
            "example_id": "a.txt",
            "annotations": [
                {
                    "start": 0,
                    "end": 3,
                    "tag": "PERSON",
                    "value": "Ada",
                    "annotated_by": [{"annotator": "ana"}],
                },
                {"start": 13, "end": 18, "tag": "GPE", "value": "Porto", "correct": True},
            ],
        }
    ],
    "relations": [],
}
DATATURKS = {
    "content": TEXT,
    "annotation": [
        {"label": ["PERSON"], "points": [{"start": 0, "end": 2, "text": "Ada"}]},
        {"label": ["GPE"], "points": [{"start": 13, "end": 17, "text": "Porto"}]},
    ],
}
TAGTOG: dict[str, Any] = {
    "annotatable": {"parts": ["s1h1", "s1p1"]},
    "anncomplete": True,
    "sources": [],
    "metas": {"m_1": {"value": True}},
    "entities": [
        {
            "classId": "e_1",
            "part": "s1h1",
            "offsets": [{"start": 0, "text": "Ada"}],
            "confidence": {"state": "pre-added"},
        },
        {"classId": "e_2", "part": "s1p1", "offsets": [{"start": 3, "text": "Porto"}], "normalizations": {}},
    ],
    "relations": [{"classId": "r_1"}],
}
PLAIN = '<html><body><h2 id="s1h1">Ada &amp; <b>Bo</b></h2><div><p id="s1p1">in Porto.</p></div>none</body></html>'


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


@pytest.mark.parametrize("content", [UBIAI, LIGHTTAG, DATATURKS])
def test_json_of_services_has_its_spans(written, read_all, content: Any) -> None:
    (annotated,), report = read_all(written("a.json", json.dumps(content)))
    assert (annotated.document.text, _facts(annotated), annotated.status) == (TEXT, FACTS, Status.DONE)
    assert not report.lost
    if content is not DATATURKS:
        assert annotated.document.id == "a.txt"


def _tagtog(written, value: object = TAGTOG, name: str = "a"):
    written("annotations-legend.json", json.dumps({"e_1": "PERSON", "e_2": "GPE"}))
    written(f"plain.html/pool/{name}.plain.html", PLAIN)
    return written(f"ann.json/master/pool/{name}.ann.json", json.dumps(value))


def test_tagtogs_archive_has_texts_and_names_of_classes(written, read_all) -> None:
    (annotated,), report = read_all(_tagtog(written))
    assert annotated.document.text == "Ada & Bo\nin Porto."
    assert (annotated.document.id, _facts(annotated), annotated.status) == ("a", FACTS, Status.DONE)
    assert annotated.document.meta["metas"] == {"m_1": {"value": True}}
    assert [each.message for each in report.problems] == ["relations are kept as metadata, not shown: 1"]


def test_tagtogs_work_that_is_not_complete_is_started(written, read_all) -> None:
    (annotated,), _ = read_all(_tagtog(written, TAGTOG | {"anncomplete": False}))
    assert annotated.status is Status.STARTED


def test_tagtogs_text_may_lie_beside(written, read_all) -> None:
    entity = {"classId": "e_1", "part": "s1v1", "offsets": [{"start": 0, "text": "Ada"}]}
    written("a.txt", TEXT)
    (annotated,), _ = read_all(written("a.ann.json", json.dumps(TAGTOG | {"entities": [entity]})))
    assert _facts(annotated) == [("Ada", "e_1")]


def test_tagtogs_annotations_without_a_text_are_told(written, read_all) -> None:
    with pytest.raises(InputError, match=r"has no text: there is no a\.plain\.html or a\.txt"):
        read_all(written("a.ann.json", json.dumps(TAGTOG)))


@pytest.mark.parametrize(
    "entity",
    [
        {"classId": "e_1", "part": "s9p9", "offsets": [{"start": 0, "text": "Ada"}]},
        {"classId": "e_1", "part": "s1h1", "offsets": [{"start": 1, "text": "Ada"}]},
        {"classId": "e_1", "part": "s1h1", "offsets": []},
        {"part": "s1h1", "offsets": [{"start": 0, "text": "Ada"}]},
        {"classId": "e_1", "part": "s1h1", "offsets": [{"start": "0", "text": "Ada"}]},
        7,
    ],
)
def test_an_entity_of_tagtog_that_is_none_is_told(written, read_all, entity: object) -> None:
    path = _tagtog(written, TAGTOG | {"entities": [entity]})
    with pytest.raises(InputError, match=r"a\.ann\.json: entity 1"):
        read_all(path)
    (annotated,), _ = read_all(path, on_error=OnError.SKIP)
    assert (annotated.spans, annotated.status) == ((), Status.STARTED)


def test_aida_has_its_links(written, read_all) -> None:
    content = (
        "-DOCSTART- (1 EU)\nEU\tB\tEU\t--NME--\nrejects\nGerman\tB\tGerman\tGermany\thttp://w/Germany\t11867\t/m/0345h\n\n"
        "Peter\tB\tPeter Blackburn\t--NME--\nBlackburn\tI\tPeter Blackburn\t--NME--\n"
    )
    (annotated,), _ = read_all(written("aida.tsv", content), format="conll")
    assert annotated.document.text == "EU rejects German\nPeter Blackburn"
    assert [span.kb_id for span in annotated.spans] == ["", "Germany", ""]


def test_hipe_has_its_coarse_entities_and_spaces(written, read_all) -> None:
    content = (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNEL-LIT\tMISC\n# document_id = NZZ-1\n"
        "Ada\tB-pers\tO\tB-pers.ind\tQ7259\t_\nByron\tI-pers\tO\tI-pers.ind\tQ7259\tNoSpaceAfter\n"
        ",\tO\tO\tO\t_\tEndOfLine\nin\tO\tO\tO\t_\t_\nPorto\tB-loc\tO\tB-loc\tQ36433\tNoSpaceAfter|EndOfSentence\n"
    )
    (annotated,), _ = read_all(written("hipe.tsv", content), on_error=OnError.SKIP)
    assert (annotated.document.id, annotated.document.text) == ("NZZ-1", "Ada Byron, in Porto")
    assert [(facts, span.kb_id) for facts, span in zip(_facts(annotated), annotated.spans, strict=True)] == [
        (("Ada Byron", "pers"), "Q7259"),
        (("Porto", "loc"), "Q36433"),
    ]
