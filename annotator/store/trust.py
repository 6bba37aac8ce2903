"""What a person has allowed on this machine that a store alone must not bring about.

A store is data, and may be a stranger's. Links that lead out of it, and pipelines that are named by a path, are followed or
loaded only once the person has said so here. That is kept in the user's state folder, by the place of the store and by what
the thing is now: a link by where it leads, a pipeline by the content of its files.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError
from pydantic.dataclasses import dataclass

from annotator.errors import InputError, SettingsError
from annotator.model.validation import STRICT, adapter
from annotator.state_folder import replace_file, state_path
from annotator.store.layout import ANNOTATIONS, DOCUMENTS

LINKABLE = (DOCUMENTS, ANNOTATIONS)
"""The folders of a store that may lie elsewhere."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Trusted:
    """What was allowed: links as "store\0name\0target", models as "uid of the store\0model\0folder and hash", and
    pipelines, which learnt here, as "folder\0hash of content"."""

    links: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    pipelines: frozenset[str] = frozenset()


def trust_path() -> Path:
    """The file that holds what was allowed on this machine."""
    return state_path("trusted.json")


def read_trusted() -> Trusted:
    """What was allowed; nothing if there is no file, or if it cannot be read."""
    try:
        return adapter(Trusted).validate_json(trust_path().read_bytes())
    except (OSError, ValidationError):
        return Trusted()


def is_link_allowed(root: Path, name: str) -> bool:
    """True if `name` in the store at `root` was allowed to be the link that it is."""
    return name in LINKABLE and _link(root, name) in read_trusted().links


def allow_link(root: Path, name: str) -> Path:
    """Allow a link to be followed; where it leads. InputError if it is none, or not one that may be allowed."""
    if name not in LINKABLE:
        raise InputError(
            f"{name} cannot lie elsewhere", hint=f"only {' and '.join(LINKABLE)} can, as folders of the store"
        )
    path = root / name
    if not path.is_symlink():
        raise InputError(f"{path} is no link", hint="there is nothing to allow")
    trusted = read_trusted()
    _write(replace(trusted, links=trusted.links | {_link(root, name)}))
    return path.resolve()


def is_model_allowed(store: str, model: str) -> bool:
    """True if the store with this uid may name this model, whose content is as it was then."""
    return _model(store, model) in read_trusted().models


def allow_model(store: str, model: str) -> None:
    """Allow what the store with this uid names as its model, as long as it stays what it is now."""
    trusted = read_trusted()
    if (entry := _model(store, model)) not in trusted.models:
        _write(replace(trusted, models=trusted.models | {entry}))


def is_pipeline_allowed(path: Path) -> bool:
    """True if the pipeline in this folder was allowed, with the content that it has now."""
    return _pipeline(path) in read_trusted().pipelines


def allow_pipeline(path: Path) -> None:
    """Allow the pipeline in this folder to be loaded, as long as its files stay as they are."""
    trusted = read_trusted()
    if (entry := _pipeline(path)) not in trusted.pipelines:
        _write(replace(trusted, pipelines=trusted.pipelines | {entry}))


def _link(root: Path, name: str) -> str:
    return f"{root.resolve()}\0{name}\0{(root / name).resolve()}"


def _model(store: str, model: str) -> str:
    path = Path(model).expanduser()
    return f"{store}\0{model}\0{_pipeline(path) if path.is_dir() else ''}"


def _pipeline(path: Path) -> str:
    """The folder and a hash of all that is in it, names and contents."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        digest.update(f"{file.relative_to(path).as_posix()}\0".encode("utf-8", "surrogateescape"))
        if file.is_symlink():
            digest.update(os.fsencode(file.readlink()))
        elif file.is_file():
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return f"{path.resolve()}\0{digest.hexdigest()}"


def _write(trusted: Trusted) -> None:
    path = trust_path()
    content = {
        "links": sorted(trusted.links),
        "models": sorted(trusted.models),
        "pipelines": sorted(trusted.pipelines),
    }
    try:
        replace_file(path, json.dumps(content, indent=1).encode())
    except OSError as error:
        raise SettingsError(
            f"{path} could not be written: {error.strerror}", hint="is there room on the disk?"
        ) from error
