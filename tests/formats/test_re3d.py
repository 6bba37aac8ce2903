"""Documents and entities in two files, with words that are not where they should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.reading import KEYS_OF_SPANS
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source

DOCUMENTS = '{"_id": "a", "sourceName": "s", "title": "T", "text": "Ana saw Rome"}\n'
ENTITIES = (
    '{"_id": "1", "begin": 0, "end": 3, "type": "Person", "value": "Ana", "documentId": "a"}\n'
    '{"_id": "2", "begin": 8, "end": 12, "type": "Location", "value": "Rom", "documentId": "a"}\n'
    '{"_id": "3", "begin": 8, "end": 12, "type": "Location", "value": "Rome", "documentId": "b"}\n'
)


def test_every_entity_is_read_also_two_whose_words_have_a_space_for_a_line_end(
    external: Path, read_all
) -> None:
    path = external / "re3d" / "UK Government" / "documents.json"
    assert reader_for(file_source(path)).name == "re3d"
    found, report = read_all(path)
    assert (len(found), report.spans) == (26, 945)
    assert report.problems == []
    quoted = {
        annotated.document.text[span.start : span.end] for annotated in found for span in annotated.spans
    }
    assert "Boris Johnson\nA Foreign Office spokesman" in quoted


def test_what_does_not_fit_is_named_by_file_and_line(written, read_all) -> None:
    written("entities.json", ENTITIES)
    path = written("documents.json", DOCUMENTS)
    (annotated,), report = read_all(path, on_error="skip")
    assert annotated.document.title == "T"
    assert [(span.start, span.end, span.label) for span in annotated.spans] == [(0, 3, "Person")]
    assert [str(each).rpartition("/")[2] for each in report.problems] == [
        "entities.json:2: 2: [8, 12) holds 'Rome', not 'Rom' as the file says",
        "entities.json:3: entities of a document that is not there: 1",
    ]


def test_what_else_documents_and_entities_have_is_kept_and_other_annotations_are_told(
    written, read_all
) -> None:
    written("entities.json", ENTITIES.splitlines()[0].replace('"type"', '"confidence": 0.5, "type"') + "\n")
    path = written("documents.json", DOCUMENTS.replace('"title"', '"lang": "en", "title"'))
    (annotated,), _ = read_all(path)
    assert annotated.document.meta["lang"] == "en"
    assert annotated.document.meta[KEYS_OF_SPANS] == [
        {"start": 0, "end": 3, "label": "Person", "confidence": 0.5}
    ]
    path = written("documents.json", DOCUMENTS.replace('"title"', '"more": [[0, 3, "X"]], "title"'))
    with pytest.raises(InputError, match='"more" holds what looks like annotations'):
        read_all(path)
