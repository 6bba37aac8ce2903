"""What git could not merge in a store, read from git's index; nothing is written, and no program of the repository runs."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import StoreError
from annotator.model.counting import counted
from annotator.store.layout import ANNOTATIONS

_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
"""A repository may be a stranger's: without these its settings could name programs that git would start."""

_DRIVER = "merge.annotator"
"""The section of git's settings in which the driver stands; `.gitattributes` names it as merge=annotator."""

_TIMEOUT = 30.0
"""Seconds that git gets for an answer."""

_TIMEOUT_ON_OPENING = 2.0
"""Seconds that it gets while somebody waits for the first document."""


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A file that git could not merge. `path` is its place in the store, with slashes.

    `base`, `ours` and `theirs` are the contents that git keeps; None on a side that does not have the file.
    """

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


def repository_of(folder: Path) -> Path | None:
    """The top of the git work tree that a folder lies in, told by its `.git` alone; None if there is none."""
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return parent
    return None


def is_installed() -> bool:
    """True if there is a git to ask."""
    return shutil.which("git") is not None


def unmerged_paths(store: Path, *, timeout: float = _TIMEOUT) -> dict[str, dict[int, str]]:
    """The files of a store that are unmerged in git's index, each with git's names of its stages: 1 base, 2 ours, 3 theirs.

    Empty if the store lies in no work tree, or git cannot be asked.
    """
    if repository_of(store.absolute()) is None:
        return {}
    listed = git(store, "ls-files", "--unmerged", "-z", "--", ".", timeout=timeout)
    stages: dict[str, dict[int, str]] = {}
    for entry in (listed or b"").split(b"\0"):
        head, tab, name = entry.partition(b"\t")
        if not tab:
            continue
        _, blob, stage = head.split()
        stages.setdefault(os.fsdecode(name), {})[int(stage)] = blob.decode("ascii")
    return stages


def unmerged(store: Path) -> list[Unmerged]:
    """The files of a store that git could not merge, with what each side has, in the order of their paths."""
    return [
        Unmerged(path, *(_blob(store, stages.get(stage)) for stage in (1, 2, 3)))
        for path, stages in sorted(unmerged_paths(store).items())
    ]


def unmerged_notice(store: Path) -> str | None:
    """What a person who opens a store is told of files that git could not merge; None if there are none."""
    count = len(unmerged_paths(store, timeout=_TIMEOUT_ON_OPENING))
    if not count:
        return None
    return f"git could not merge {counted(count, 'file')} of this store, so a colleague's work may not be in it yet"


def set_driver(store: Path, command: str | None) -> None:
    """Name the merge driver in the settings of the clone that a store lies in; None takes it out.

    StoreError if git cannot write its settings.
    """
    if command is None:
        git(store, "config", "--local", "--remove-section", _DRIVER)
        return
    values = {"name": "annotator", "driver": command, "recursive": "binary"}
    for name, value in values.items():
        if git(store, "config", "--local", f"{_DRIVER}.{name}", value) is None:
            raise StoreError(
                f"git cannot write the settings of the repository that {store} lies in",
                hint="does git status work there? another user's repository has to be named in safe.directory",
            )


def has_driver(store: Path) -> bool | None:
    """Whether git can call the driver that a store's attributes ask for; None if they ask for none."""
    answer = git(store, "check-attr", "-z", "merge", "--", f"{ANNOTATIONS}/any.json")
    if answer is None or answer.split(b"\0")[2:3] != [b"annotator"]:
        return None
    command = git(store, "config", "--get", f"{_DRIVER}.driver") or b""
    try:
        words = shlex.split(os.fsdecode(command))
    except ValueError:
        return False
    return bool(words) and shutil.which(words[0]) is not None


def _blob(store: Path, name: str | None) -> bytes | None:
    return None if name is None else git(store, "cat-file", "blob", name)


def git(folder: Path, *arguments: str, timeout: float = _TIMEOUT) -> bytes | None:
    """What git prints when it is called in a folder; None if it fails, is not installed, or takes too long."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        if name in os.environ:
            environment[name] = os.environ[name]
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():  # never one that lies in the store itself
        return None
    try:
        ended = subprocess.run(  # noqa: S603 - git, found on the path, with arguments of our own
            [program, *_OPTIONS, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.stdout if ended.returncode == 0 else None
