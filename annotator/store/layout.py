"""Where everything lies in a store and what it is called: the only place that makes a path or a name, or takes one apart.

Names are safe on every disk, for every id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from annotator.errors import InputError

STORE_FILE = "store.json"
"""The file that makes a folder a store."""

DOCUMENTS = "documents"
"""The folder of documents, in 256 folders by the id's hash."""

ANNOTATIONS = "annotations"
"""The folder of annotation sets, a folder in it for each annotator."""

MEMORY_FILE = "memory.json"
"""The file's name, at the store's root."""

CACHE = ".cache"
"""The folder of all that is disposable."""

LOCKS = "locks"
"""The folder, in the cache, of the files that are locked."""

TEMPORARY = ".tmp"
"""The folder, in the store, of files that have not reached their place yet."""

BACKUPS = "backups"
"""The folder of archives of all the rest."""

QUARANTINE = "quarantine"
"""The folder of files that nothing reads any more, kept for a person to look into."""

GOLD = "gold"
"""The annotator whose sets are what reviews produced; nobody else may be called so."""

ASSIGNMENTS = "assignments"
"""The folder of what annotators are asked to do."""

AUDIT_FILE = "audit.json"
"""The file of the audit's findings that somebody has dismissed, at the store's root."""

REMOVED_FILE = "removed.json"
"""The file of the documents that somebody has removed, at the store's root."""

STEPS = "steps"
"""The folder of the steps over many documents."""

PENDING = f"{STEPS}/pending"
"""The folder of those that have begun and not ended."""

MODELS = "models"
"""The folder of what models have learnt here, a folder in it for each annotator."""

CONFLICT = ".conflict-"
"""What stands in the name of a file between the name of a set's file and who wrote this version of it."""

_PLAIN = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,98}[a-z0-9_-])?")
_ANNOTATOR = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def shard(id: str) -> str:
    """The folder, of 256, in which the files of document `id` stand: two hex digits of the id's sha256."""
    return _hash(id)[:2]


def file_name(id: str) -> str:
    """The name of the files of document `id`.

    The id itself if it is short and made of small letters, digits and `._-` alone; else its beginning in such
    letters, a plus sign, which no plain id has, and 24 digits of its sha256. So no two ids share a name, on disks
    that do not tell capitals either, and none has the name of a version.
    """
    if _PLAIN.fullmatch(id) and not _DEVICES.fullmatch(id) and CONFLICT not in id:
        return f"{id}.json"
    readable = re.sub(r"[^a-z0-9]+", "-", id.lower())[:40].strip("-")
    return f"{readable}+{_hash(id)[:24]}.json"


def document_path(document_id: str) -> str:
    """The place of a document's file in the store."""
    return f"{DOCUMENTS}/{shard(document_id)}/{file_name(document_id)}"


def set_path(document_id: str, annotator: str) -> str:
    """The place of a set's file in the store; InputError for a name that no annotator can have.

    A name out of a file is checked here as one that was typed: it must not lead out of the store.
    """
    check_annotator(annotator, gold=True)
    return f"{ANNOTATIONS}/{annotator}/{shard(document_id)}/{file_name(document_id)}"


def assignment_path(annotator: str) -> str:
    """The place of an annotator's assignment in the store; InputError as `set_path`."""
    check_annotator(annotator)
    return f"{ASSIGNMENTS}/{annotator}.json"


def models_path(annotator: str) -> str:
    """The folder, in the store, of what models have learnt from an annotator; InputError as `set_path`."""
    check_annotator(annotator)
    return f"{MODELS}/{annotator}"


def adapting_path(annotator: str) -> str:
    """The place, in the store, of the record of an annotator's adapted copies; InputError as `set_path`."""
    return f"{models_path(annotator)}/adapting.json"


def text_index_path(mark: str) -> str:
    """The place in the store of the index of all texts; `mark` is what this machine alone calls its own by."""
    return f"{CACHE}/texts-{mark}.sqlite"


def catalogue_paths(mark: str) -> tuple[str, str]:
    """The places in the store of the catalogue and of the log that continues it; `mark` as for the index of texts."""
    return f"{CACHE}/catalogue-{mark}.json", f"{CACHE}/catalogue-{mark}.log"


def version_name(name: str, host: str, number: int) -> str:
    """The name of a version that a program on `host` puts beside the set's file called `name`."""
    readable = re.sub(r"[^a-z0-9]+", "-", host.lower())[:30].strip("-") or "unknown"
    return f"{name.removesuffix('.json')}{CONFLICT}{readable}-{number}.json"


def versions_beside(name: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that are versions of the set's file called `name`, and of no other."""
    stem = name.removesuffix(".json")
    return [other for other in names if is_version(other) and other.partition(CONFLICT)[0] == stem]


def main_path(version: str) -> str:
    """The path of the set's file that a version stands beside."""
    return f"{version.partition(CONFLICT)[0]}.json"


def is_version(name: str) -> bool:
    """True for the names that `version_name` gives."""
    return CONFLICT in name


def check_annotator(name: str, *, gold: bool = False) -> str:
    """`name` if an annotator may be called so, else InputError; `gold` allows the reserved name."""
    if name == GOLD and not gold:
        raise InputError(
            f'"{GOLD}" is the name of what reviews produce; no annotator can have it',
            hint="choose another name with --annotator",
        )
    if not _ANNOTATOR.fullmatch(name) or _DEVICES.fullmatch(name) or (name != GOLD and name.lower() == GOLD):
        raise InputError(
            f'"{name}" cannot be the name of an annotator',
            hint="it takes letters without accents, digits, dots, hyphens and underscores, and no dot at either end",
        )
    return name


def check_spelling(name: str, others: Iterable[str]) -> None:
    """InputError if one of `others` differs from `name` in capitals alone."""
    for other in others:
        if other != name and other.lower() == name.lower():
            raise InputError(
                f"there is an annotator {other} already, so nobody can be called {name}",
                hint="some disks do not tell capitals from small letters",
            )


def _hash(id: str) -> str:
    return hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
