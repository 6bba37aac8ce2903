"""`annotator git-setup`: a store's files merged by annotator when git merges."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import StoreOption, store_path
from annotator.cli.output import print_message
from annotator.errors import InputError, StoreError
from annotator.store.layout import ANNOTATIONS, ASSIGNMENTS, AUDIT_FILE, DOCUMENTS, REMOVED_FILE, STORE_FILE

if TYPE_CHECKING:
    from annotator.store.files import Files

_ATTRIBUTES = ".gitattributes"
_PATTERNS = (
    f"{ANNOTATIONS}/**",
    f"{ASSIGNMENTS}/**",
    f"{DOCUMENTS}/**",
    *(f"/{name}" for name in (AUDIT_FILE, REMOVED_FILE, STORE_FILE)),
)


def git_setup(
    store: StoreOption = None,
    removes: Annotated[
        bool, typer.Option("--remove", help="Take the driver out of this clone's settings again.")
    ] = False,
) -> None:
    """Have git merge this store's files decision by decision, in this clone.

    Writes the merge driver into the clone's git settings, with the full path of this program, and the attributes that
    call it into .gitattributes in the store. Commit that file; each colleague runs this command once in their clone.

    Example: annotator git-setup --store news
    """
    from annotator.store import version_control
    from annotator.store.files import Files

    path = store_path(store)
    if not (path / STORE_FILE).exists():
        raise StoreError(f"there is no store in {path}", hint="--store names another")
    if not version_control.is_installed():
        raise InputError("git is not installed here", hint="install git, then call this command again")
    if version_control.repository_of(path.absolute()) is None:
        raise InputError(f"{path} lies in no git repository", hint="git init makes one")
    if removes:
        version_control.set_driver(path, None)
        print_message(f"{path}: git no longer merges by annotator in this clone")
        return
    driver = f"{_command()} merge-driver %O %A %B %P"
    version_control.set_driver(path, driver)
    added = _write_attributes(Files(path.absolute()))
    print_message(f"{path}: git merges this store by {driver}")
    if added:
        print_message(
            f"  commit {path / _ATTRIBUTES}, and let each colleague run annotator git-setup once in their clone"
        )


def _write_attributes(files: Files) -> bool:
    """Add the attributes that are missing to those of the store; False if all are there."""
    path = files.root / _ATTRIBUTES
    lines = (files.read(path) or b"").decode("utf-8", "surrogateescape").splitlines()
    missing = [line for line in (f"{pattern} merge=annotator" for pattern in _PATTERNS) if line not in lines]
    if missing:
        content = "".join(f"{line}\n" for line in [*lines, *missing])
        files.write(path, content.encode("utf-8", "surrogateescape"))
    return bool(missing)


def _command() -> str:
    """The command line that starts this program, wherever git starts it from."""
    return f"{shlex.quote(sys.executable)} -m annotator"
