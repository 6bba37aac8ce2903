"""Who may read what the program writes, and what is said where others can."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator

import pytest

from annotator.store.files import Files
from annotator.store.repository import Store
from tests.security.conftest import Home

Command = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions are other ones there")


@pytest.fixture
def strict_umask() -> Iterator[None]:
    old = os.umask(0o077)
    yield
    os.umask(old)


def test_nothing_is_readable_for_others_under_a_strict_umask(
    home: Home, command: Command, strict_umask: None
) -> None:
    before = set(home.folder.rglob("*"))
    row = {"text": "New in Rome.", "id": "new", "spans": [], "answer": "accept"}
    (home.folder / "new.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    for words in (
        ("import", "new.jsonl", "--annotator", "ada"),
        ("memory", "--annotator", "ada", "--pin", "Rome=LOC"),
        ("assign", "--annotators", "ada,ben"),
        ("labels", "rename", "PER", "PERSON", "--yes"),
        ("export", "out.jsonl", "--annotator", "ada"),
        ("agreement", "--csv", "out.csv"),
        ("backup",),
        ("backup", "saved.zip"),
        ("remove", "two", "--yes"),
        ("check", "--repair"),
    ):
        assert command(*words)[0] == 0, words
    written = set(home.folder.rglob("*")) - before
    assert len(written) > 20
    open_to_others = [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []


def test_check_says_when_everybody_can_read_a_store(home: Home, command: Command) -> None:
    for folder in (home.store, *home.store.parents):
        if folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o001:
            pytest.skip("the folder of temporary files is closed to others")
    home.store.chmod(0o755)
    assert "every user of this machine can read" in command("check")[2]
    home.store.chmod(0o750)
    assert "every user" not in command("check")[2]


def test_a_reader_of_links_is_asked_whether_one_is_allowed(home: Home) -> None:
    """What this machine allows is handed to the files of a store; they know nothing of the user's folders."""
    elsewhere = home.folder / "elsewhere"
    (home.store / "documents").rename(elsewhere)
    (home.store / "documents").symlink_to(elsewhere)
    asked: list[str] = []

    def allows(root: object, name: str) -> bool:
        asked.append(name)
        return True

    files = Files(home.store, is_link_allowed=allows)
    assert files.is_folder(home.store / "documents")
    assert asked == ["documents"]


def test_a_table_of_figures_holds_no_formulas(home: Home, command: Command) -> None:
    from dataclasses import replace

    from annotator.model.labels import Label
    from annotator.model.spans import Span
    from annotator.store.sets import SetSnapshot

    store = Store.open(home.store)
    labels = store.info.label_set
    store.change_info(label_set=replace(labels, labels=(*labels.labels, Label(name="=1+1"))))
    from annotator.model.decisions import Decision, Verb

    for name in ("ada", "ben"):
        annotation_set = store.load_set("two", name)
        annotation_set.apply(
            Decision(1, 1, Verb.ADD, name, "2026-11-22T14:02:11Z", "x", after=Span(0, 3, "=1+1"), uid="a")
        )
        annotation_set.apply(Decision(2, 2, Verb.FINISH, name, "2026-11-22T14:03:11Z", uid="b"))
        store.save(SetSnapshot.of(annotation_set))
    store.close()
    assert command("agreement", "--csv", "out.csv")[0] == 0
    cells = (home.folder / "out.csv").read_text(encoding="utf-8").replace("\n", ",").split(",")
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
