"""JSON Schemas of label sets and of a store's files, generated from the model: `python -m annotator.model.json_schema`."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import textwrap
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, create_model

from annotator.model.assignments import Assigned, Returned
from annotator.model.decisions import Decision, Status
from annotator.model.dismissals import Dismissal
from annotator.model.documents import Document
from annotator.model.labels import COLOURS, LABEL_KEYS, Label, label_set_adapter
from annotator.model.resources import schemas_path
from annotator.model.spans import Span, Suggestion

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

Number = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,8}$")]
"""What a record of a table is called: TinyDB's id."""


@dataclass(frozen=True, kw_only=True)
class TokensRecord:
    """Tokens that came with a document: start and end of each in turn, in code points."""

    tokenizer: str
    offsets: list[int]


@dataclass(frozen=True, kw_only=True)
class StatusRecord:
    """How far the annotator is with the document, what that cost in seconds and keys, and if it was done blind."""

    document: str
    text_sha256: str
    annotator: str
    status: Status
    seconds: float
    keys: int
    blind: bool = False


@dataclass(frozen=True, kw_only=True)
class SpanRecord(Span):
    """A span that is decided on, and the number of the last decision on it."""

    uid: str
    decision: int


@dataclass(frozen=True, kw_only=True)
class AnnotationsFile:
    """One annotator's work on one document. Spans and status follow from the decisions."""

    status: dict[Number, StatusRecord]
    spans: dict[Number, SpanRecord]
    decisions: dict[Number, Decision]


@dataclass(frozen=True, kw_only=True)
class AssignmentRecord:
    """Whose assignment it is."""

    annotator: str


@dataclass(frozen=True, kw_only=True)
class AssignmentFile:
    """What one annotator is asked to do, and what came back with a comment."""

    assignment: dict[Number, AssignmentRecord]
    assigned: dict[Number, Assigned]
    returned: dict[Number, Returned]


@dataclass(frozen=True, kw_only=True)
class AuditRecord:
    """The version of the file."""

    schema_version: int


@dataclass(frozen=True, kw_only=True)
class AuditFile:
    """The findings of audits that somebody judged to be fine."""

    audit: dict[Number, AuditRecord]
    dismissed: dict[Number, Dismissal]


def document_file() -> type[BaseModel]:
    """The type of a document's file: the document, and the suggestions that came with it.

    It is `Document` with tokens as plain numbers, since nothing else of it needs another form.
    """
    hints = {**get_type_hints(Document), "tokens": TokensRecord | None}
    fields: dict[str, Any] = {
        field.name: (hints[field.name], _default(field)) for field in dataclasses.fields(Document)
    }
    record = create_model("Document", __doc__=Document.__doc__, sha256=(str, ...), **fields)
    return create_model(
        "DocumentFile",
        __doc__="One document with the suggestions that its source brought; written once.",
        document=(dict[Number, record], ...),  # type: ignore[valid-type]  # a type that is made just above
        suggestions=(dict[Number, Suggestion], ...),
    )


def generate() -> dict[str, str]:
    """The text of each JSON Schema by its file's name.

    Records of a store may have more fields than their schema names, such as the checksum.
    """
    schemas = {
        "label-set.schema.json": _label_set_schema(),
        "document.schema.json": document_file().model_json_schema(),
        "annotations.schema.json": TypeAdapter(AnnotationsFile).json_schema(),
        "assignment.schema.json": TypeAdapter(AssignmentFile).json_schema(),
        "audit.schema.json": TypeAdapter(AuditFile).json_schema(),
    }
    return {
        name: json.dumps({"$schema": _DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def _label_set_schema() -> dict[str, Any]:
    """The schema that pydantic makes, and what the model checks beyond it; editors show the descriptions."""
    schema = label_set_adapter().json_schema()
    label = schema["$defs"]["Label"]["properties"]
    for name, description in _docstrings(Label).items():
        label[name]["description"] = description
    label["key"]["enum"] = ["", *LABEL_KEYS]
    label["colour"]["enum"] = ["", *COLOURS]
    return schema


def _docstrings(model: type) -> dict[str, str]:
    """The strings that stand below the fields of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(below.value.value, str)
    }


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return Field(default_factory=field.default_factory)
    return ... if field.default is dataclasses.MISSING else field.default


if __name__ == "__main__":
    for name, text in generate().items():
        (schemas_path() / name).write_text(text, encoding="utf-8")
