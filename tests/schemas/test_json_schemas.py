"""The JSON Schemas: as the model makes them, and true of what a store writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.assignments import Assigned, Assignment, Returned
from annotator.model.decisions import Comment, Decision, Verb
from annotator.model.dismissals import Dismissal, FindingKind, JudgedPlace
from annotator.model.documents import Document, new_document
from annotator.model.edges import EdgeKind
from annotator.model.json_schema import (
    AnnotationsFile,
    AssignmentFile,
    AuditFile,
    DocumentFile,
    RemovedFile,
    generate,
)
from annotator.model.labels import COLOURS
from annotator.model.removals import Removal
from annotator.model.resources import schemas_path
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens
from annotator.store.assignments import assignment_data
from annotator.store.dismissals import DISMISSED
from annotator.store.records import document_data
from annotator.store.removals import REMOVED
from annotator.store.sets import SetFile, SetSnapshot


@pytest.mark.parametrize("name", sorted(generate()))
def test_the_file_is_what_the_model_makes(name: str) -> None:
    committed = (schemas_path() / name).read_text(encoding="utf-8")
    assert committed == generate()[name], "run `python -m annotator.model.json_schema`"


def test_no_other_schema_lies_about() -> None:
    assert {path.name for path in schemas_path().glob("*.schema.json")} == set(generate())


def test_the_label_set_schema_knows_colours_and_says_what_fields_are_for() -> None:
    label = json.loads(generate()["label-set.schema.json"])["$defs"]["Label"]
    assert label["properties"]["colour"]["enum"] == ["", *COLOURS]
    assert all(field["description"] for field in label["properties"].values())
    assert label["required"] == ["name"]


@pytest.fixture
def document() -> Document:
    return new_document(
        "Ada met Bob.",
        id="ada",
        meta={"year": 1843},
        tokens=Tokens([(0, 3), (4, 7), (8, 11), (11, 12)], tokenizer="source"),
        sentences=(0,),
    )


@pytest.fixture
def set_content(document: Document) -> dict[str, Any]:
    suggestion = Suggestion(0, 3, "PERSON", score=0.9, name="core", source_label="PERSON")
    when = "2026-11-22T14:02:11Z"
    kept = Span(0, 3, "PERSON", note="Lovelace", doubt=True, kb_id="Q7259")
    decisions = [
        Decision(1, 1, Verb.ACCEPT, "eva", when, span="a1", after=kept, suggestion=suggestion, uid="d1"),
        Decision(2, 2, Verb.REJECT, "eva", when, suggestion=Suggestion(8, 11, "ORG", source="memory")),
        Decision(3, 3, Verb.COMMENT, "lea", when, comment=Comment(0, 3, "why?", ("eva",))),
        Decision(4, 4, Verb.FINISH, "eva", when),
    ]
    made = AnnotationSet(document.id, "eva", decisions, effort=Effort(1.5, 9, is_blind=True, seen=((0, 5),)))
    data = SetFile(document.id, "eva", document.sha256).data(SetSnapshot.of(made))
    content: dict[str, Any] = json.loads(data)
    return content


def test_a_document_file_of_a_store_fits(document: Document) -> None:
    data = document_data(document, [Suggestion(0, 3, "PERSON", score=0.9)], order=1)
    read = TypeAdapter(DocumentFile).validate_json(data, extra="ignore")
    assert read.document["1"].document == document
    assert read.document["1"].tokens == document.tokens
    assert read.document["1"].suggestions == 1


def test_a_set_file_of_a_store_fits(set_content: dict[str, Any]) -> None:
    read = TypeAdapter(AnnotationsFile).validate_python(set_content, extra="ignore")
    assert [decision.verb for decision in read.decisions.values()] == [
        Verb.ACCEPT,
        Verb.REJECT,
        Verb.COMMENT,
        Verb.FINISH,
    ]
    assert read.decisions["3"].comment == Comment(0, 3, "why?", ("eva",))
    assert read.spans["1"].note == "Lovelace"
    assert read.status["1"].annotator == "eva"


def test_an_assignment_file_of_a_store_fits() -> None:
    given, back = Assigned("a", "ada", "lead", "", 2), Returned("r", "ada", "look again", "lead", "")
    content = json.loads(assignment_data(Assignment("eva", (given,), (back,))))
    read = TypeAdapter(AssignmentFile).validate_python(content, extra="ignore")
    assert read.assignment["1"].annotator == "eva"
    assert (read.assigned["1"], read.returned["1"]) == (given, back)
    schema = json.loads(generate()["assignment.schema.json"])["$defs"]
    assert set(schema["Assigned"]["properties"]) <= set(content["assigned"]["1"])
    assert set(schema["Returned"]["properties"]) <= set(content["returned"]["1"])


def test_an_audit_file_of_a_store_fits() -> None:
    place = JudgedPlace("ada", 0, 3, "with")
    dismissal = Dismissal("a", FindingKind.EDGES, "Ada", None, (place,), "eva", "", EdgeKind.TITLE, "")
    content = json.loads(DISMISSED.data([dismissal]))
    read = TypeAdapter(AuditFile).validate_python(content, extra="ignore")
    assert read.dismissed["1"] == dismissal
    schema = json.loads(generate()["audit.schema.json"])["$defs"]
    assert set(schema["Dismissal"]["properties"]) <= set(content["dismissed"]["1"])
    assert set(schema["JudgedPlace"]["properties"]) == set(content["dismissed"]["1"]["places"][0])


def test_a_list_of_removed_documents_fits() -> None:
    removal = Removal("a", "ada", "0" * 64, "Ada", "eva", "")
    content = json.loads(REMOVED.data([removal]))
    read = TypeAdapter(RemovedFile).validate_python(content, extra="ignore")
    assert read.removed["1"] == removal
    schema = json.loads(generate()["removed.schema.json"])["$defs"]
    assert set(schema["Removal"]["properties"]) <= set(content["removed"]["1"])


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [("spans", "start", "first"), ("decisions", "verb", "ponder"), ("status", "status", "perhaps")],
)
def test_a_damaged_set_file_does_not_fit(
    set_content: dict[str, Any], table: str, field: str, value: str
) -> None:
    set_content[table]["1"][field] = value
    with pytest.raises(ValidationError, match=field):
        TypeAdapter(AnnotationsFile).validate_python(set_content, extra="ignore")


def test_fields_of_a_schema_are_those_that_a_store_writes(
    document: Document, set_content: dict[str, Any]
) -> None:
    """A renamed field with a default would pass the validation unseen."""
    schema = json.loads(generate()["annotations.schema.json"])["$defs"]
    written = {key for record in set_content["decisions"].values() for key in record}
    assert set(schema["Decision"]["properties"]) - written == {"before"}
    assert set(schema["StoredSpan"]["properties"]) <= set(set_content["spans"]["1"])
    assert set(schema["SetStatus"]["properties"]) <= set(set_content["status"]["1"])
    stored = json.loads(document_data(document, [], order=1))["document"]["1"]
    properties = json.loads(generate()["document.schema.json"])["$defs"]["StoredDocument"]["properties"]
    assert set(properties) <= set(stored)
