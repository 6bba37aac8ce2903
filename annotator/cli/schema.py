"""`annotator schema`: the JSON Schemas of the files that people and other programs write and read."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.errors import InputError

_SUFFIX = ".schema.json"


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="annotations, assignment, audit, document, label-set, memory or removed; by default all.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file, or of all kinds as one object by name.

    Example: annotator schema label-set
    """
    from annotator.model.resources import schemas_path

    schemas = {path.name.removesuffix(_SUFFIX): path for path in sorted(schemas_path().glob(f"*{_SUFFIX}"))}
    if name is not None and name not in schemas:
        raise InputError(f"there is no schema {name}", hint=f"there are {', '.join(schemas)}")
    contents = {
        schema_name: json.loads(path.read_text(encoding="utf-8"))
        for schema_name, path in schemas.items()
        if name in (None, schema_name)
    }
    print_json(contents if name is None else contents[name])
