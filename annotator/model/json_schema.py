"""JSON Schemas of label sets and of a store's files, generated from the model: `python -m annotator.model.json_schema`."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from typing import Annotated, Any

from pydantic import StringConstraints
from pydantic.dataclasses import dataclass

from annotator.model.assignments import Assigned, AssignmentHeader, Returned
from annotator.model.decisions import Decision
from annotator.model.dismissals import Dismissal
from annotator.model.labels import COLOURS, LABEL_KEYS, Label, LabelSet
from annotator.model.memory_edits import BlockedForm, ForgottenForm, MemoryHeader, PinnedForm
from annotator.model.records import ListHeader, SetStatus, StoredDocument, StoredSpan
from annotator.model.removals import Removal
from annotator.model.resources import schemas_path
from annotator.model.spans import Suggestion
from annotator.model.validation import STRICT, adapter

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

Number = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,8}$")]
"""What a record of a table is called: TinyDB's id."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DocumentFile:
    """One document with the suggestions that its source brought; written once."""

    document: dict[Number, StoredDocument]
    suggestions: dict[Number, Suggestion]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AnnotationsFile:
    """One annotator's work on one document. Spans and status follow from the decisions."""

    status: dict[Number, SetStatus]
    spans: dict[Number, StoredSpan]
    decisions: dict[Number, Decision]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AssignmentFile:
    """What one annotator is asked to do, and what came back with a comment."""

    assignment: dict[Number, AssignmentHeader]
    assigned: dict[Number, Assigned]
    returned: dict[Number, Returned]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AuditFile:
    """The findings of audits that somebody judged to be fine."""

    audit: dict[Number, ListHeader]
    dismissed: dict[Number, Dismissal]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RemovedFile:
    """The documents that somebody took out of the store."""

    removals: dict[Number, ListHeader]
    removed: dict[Number, Removal]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MemoryFile:
    """What people told memory by hand; what it learns is not in the file."""

    memory: dict[Number, MemoryHeader]
    pinned: dict[Number, PinnedForm]
    blocked: dict[Number, BlockedForm]
    forgotten: dict[Number, ForgottenForm]


def generate() -> dict[str, str]:
    """The text of each JSON Schema by its file's name.

    Records of a store may have more fields than their schema names, such as the checksum.
    """
    schemas = {
        "label-set.schema.json": _label_set_schema(),
        "document.schema.json": _file_schema(DocumentFile),
        "annotations.schema.json": _file_schema(AnnotationsFile),
        "assignment.schema.json": _file_schema(AssignmentFile),
        "audit.schema.json": _file_schema(AuditFile),
        "removed.schema.json": _file_schema(RemovedFile),
        "memory.schema.json": _file_schema(MemoryFile),
    }
    return {
        name: json.dumps({"$schema": _DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def _file_schema(kind: type) -> dict[str, Any]:
    """The schema of a store's file, whose records may have further fields."""
    schema: dict[str, Any] = adapter(kind).json_schema()
    for definition in schema["$defs"].values():
        definition.pop("additionalProperties", None)
    return schema


def _label_set_schema() -> dict[str, Any]:
    """The schema that pydantic makes, and what the model checks beyond it; editors show the descriptions."""
    schema = adapter(LabelSet).json_schema()
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


if __name__ == "__main__":
    for name, text in generate().items():
        (schemas_path() / name).write_text(text, encoding="utf-8")
