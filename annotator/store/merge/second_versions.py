"""Second versions of a set that come from somewhere else, kept beside it for a person to choose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from annotator.model.annotations import AnnotationSet
from annotator.store.files import Files
from annotator.store.inspection import inspect_set
from annotator.store.layout import QUARANTINE, set_path, version_name
from annotator.store.merge.histories import Relation, relation
from annotator.store.sets import SetFile, SetSnapshot
from annotator.store.versions import Guard, create_version


def keep_version(
    files: Files, theirs: AnnotationSet, sha256: str, *, source: str, is_dry: bool = False
) -> str | None:
    """Put `theirs` beside the set's file, durably; the name of its file, in which `source` can be recognised.

    A version that it continues is replaced. None if all of it stands beside the file already, or was put aside in
    the quarantine when somebody chose. With `is_dry` nothing is written.
    """
    path = files.root / set_path(theirs.document_id, theirs.annotator)
    taken = Guard(files).names(path)
    continued = None
    for candidate, annotation_set in _known(files, path, taken):
        how = relation(annotation_set.decisions, theirs.decisions)
        if how is Relation.SAME:
            return None
        if how is Relation.LONGER and candidate.parent == path.parent:
            continued = candidate
    if is_dry:
        names = (version_name(path.name, source, number) for number in count(1))
        return continued.name if continued is not None else next(name for name in names if name not in taken)
    data = SetFile(theirs.document_id, theirs.annotator, sha256).data(SetSnapshot.of(theirs))
    if continued is None:
        return create_version(files, path, data, source=source).name
    files.write(continued, data)
    return continued.name


def standing_version(files: Files, theirs: AnnotationSet) -> str | None:
    """The name of the file beside the set's in which all of `theirs` stands, waiting to be chosen; None if none does."""
    path = files.root / set_path(theirs.document_id, theirs.annotator)
    for place, known in _known(files, path, Guard(files).names(path)):
        if place.parent == path.parent and relation(known.decisions, theirs.decisions) is Relation.SAME:
            return place.name
    return None


def _known(files: Files, path: Path, beside: list[str]) -> Iterator[tuple[Path, AnnotationSet]]:
    """The whole versions of a set beside it, and those that were put aside."""
    aside = files.root / QUARANTINE / path.parent.relative_to(files.root)
    stem = path.name.removesuffix(".json")
    places = [path.with_name(name) for name in beside]
    places += [aside / name for name in files.names(aside) if name.startswith(f"{stem}.")]
    for candidate in places:
        _, annotation_set, _ = inspect_set(files.read(candidate) or b"", origin=candidate.name)
        if annotation_set is not None:
            yield candidate, annotation_set
