"""What git could not merge in a store: it is found in git's index, told, and brought back, with and without a driver."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.cli.main import run as annotator
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.layout import set_path
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.version_control import has_driver, unmerged_notice
from annotator.workspace.saving import SavingWorkspace

WHEN = "2026-11-22T14:02:11Z"
ONE = set_path("one", "ada")
TEXT = "Ada wrote to Charles. " * 9
LABELS = LabelSet.from_names("news", ["PER", "ORG"])

Git = Callable[..., str]


def history(*starts: int) -> AnnotationSet:
    """A span of three characters at each of `starts`; decisions with the same start are the same one."""
    annotation_set = AnnotationSet("one", "ada")
    for seq, start in enumerate(starts, 1):
        span = Span(start, start + 3, "PER")
        decision = Decision(seq, seq, Verb.ADD, "ada", WHEN, f"sd{start}", None, span, uid=f"d{start}")
        annotation_set.apply(decision)
    return annotation_set


@pytest.fixture
def news(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A committed store with one span, in a folder of the repository."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    store = Store.create(tmp_path / "my news", label_set=LABELS)
    store.add_document(new_document(TEXT, id="one"))
    store.save(SetSnapshot.of(history(0)))
    return store


def begin(git: Git) -> None:
    git("add", ".")
    git("commit", "-qm", "Begin")
    git("branch", "laptop")


def save(store: Store, *starts: int) -> None:
    opened = Store.open(store.path)
    opened.load_set("one", "ada")
    opened.save(SetSnapshot.of(history(*starts)))


def diverge(git: Git, store: Store, *, ours: tuple[int, ...], theirs: tuple[int, ...]) -> None:
    """Save `theirs` on the branch `laptop` and `ours` on `main`, both committed."""
    for branch, starts in (("laptop", theirs), ("main", ours)):
        git("checkout", "-q", branch)
        save(store, *starts)
        git("commit", "-qam", branch)


def starts(store: Store) -> list[int]:
    return [span.start for span in Store.open(store.path).load_set("one", "ada").spans]


def damage(store: Store) -> list[tuple[str, Damage]]:
    return [(finding.path, finding.damage) for finding in check(Files(store.path))]


@pytest.fixture(params=["no driver", "a driver that git cannot find", "no driver and a merge by hand"])
def merge_without_driver(request: pytest.FixtureRequest, git: Git, news: Store) -> Callable[[], None]:
    """Merges `laptop` into `main` in a clone whose git cannot call annotator."""
    if request.param == "a driver that git cannot find":
        (news.path / ".gitattributes").write_text("annotations/** merge=annotator\n")
        git("config", "merge.annotator.driver", "annotator-is-not-here merge-driver %O %A %B %P")

    def merge() -> None:
        git("merge", "--no-edit", "laptop", code=1)
        if (
            request.param == "no driver and a merge by hand"
        ):  # somebody took the markers out, and theirs with them
            git("checkout", "--ours", ".")

    return merge


def test_theirs_is_told_and_brought_back_without_a_driver(
    git: Git, news: Store, merge_without_driver: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    begin(git)
    diverge(git, news, ours=(0, 10), theirs=(0, 20, 30))
    merge_without_driver()
    assert (ONE, Damage.UNMERGED) in damage(news)
    assert annotator(["check", "--store", str(news.path), "--repair", "--annotator", "ada"]) == 0
    assert "git add" in capsys.readouterr().out
    assert starts(news) == [0, 10, 20, 30]
    assert damage(news) == []
    git("add", ".")
    assert unmerged_notice(news.path) is None


def test_theirs_stands_beside_ours_to_be_chosen_where_they_clash(
    git: Git, news: Store, merge_without_driver: Callable[[], None]
) -> None:
    begin(git)
    diverge(git, news, ours=(0, 10), theirs=(0, 11))
    merge_without_driver()
    for _ in range(2):  # a second repair changes nothing
        assert annotator(["check", "--store", str(news.path), "--repair", "--annotator", "ada"]) == 1
        [(_, kind)] = damage(news)
        assert (kind, starts(news)) == (Damage.TWO_VERSIONS, [0, 10])
    store = Store.open(news.path)
    [_, version] = store.versions("one", "ada")
    assert [span.start for span in version.annotation_set.spans] == [0, 11]
    store.choose("one", "ada", version.name)
    assert (starts(news), damage(news)) == ([0, 11], [])


def test_what_a_stash_brings_back_is_told_as_well(git: Git, news: Store) -> None:
    begin(git)
    save(news, 0, 20)
    git("stash")
    save(news, 0, 10)
    git("commit", "-qam", "Ours")
    git("stash", "pop", code=1)
    assert damage(news)[0] == (ONE, Damage.UNMERGED)


def test_opening_the_store_tells_of_it(git: Git, news: Store) -> None:
    begin(git)
    diverge(git, news, ours=(0, 10), theirs=(0, 20))
    git("merge", "--no-edit", "laptop", code=1)
    git("checkout", "--ours", ".")
    assert unmerged_notice(news.path) == (
        "git could not merge 1 file of this store, so a colleague's work may not be in it yet"
    )
    workspace = SavingWorkspace(Store.open(news.path), owner="ada", settings=Settings())
    told = workspace._damage([])
    workspace.close()
    assert told is not None
    assert "git could not merge 1 file" in told.message


def test_a_document_that_one_side_removed_is_told_and_left_to_a_person(git: Git, news: Store) -> None:
    begin(git)
    git("checkout", "-q", "laptop")
    git("rm", "-q", f"my news/{ONE}")
    git("commit", "-qm", "Removed")
    git("checkout", "-q", "main")
    save(news, 0, 10)
    git("commit", "-qam", "Ours")
    git("merge", "--no-edit", "laptop", code=1)
    [finding] = check(Files(news.path))
    assert (finding.path, finding.reason) == (ONE, "they removed it, and the other side changed it")
    assert annotator(["check", "--store", str(news.path), "--repair", "--annotator", "ada"]) == 1
    assert starts(news) == [0, 10]


def set_up(store: Store) -> None:
    assert annotator(["git-setup", "--store", str(store.path)]) == 0


def test_git_setup_has_git_merge_by_this_program_wherever_it_is_installed(
    git: Git, news: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(news)
    set_up(news)
    lines = (news.path / ".gitattributes").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 6
    begin(git)
    diverge(git, news, ours=(0, 10), theirs=(0, 20))
    monkeypatch.setenv("PATH", _path_without_annotator())
    git("merge", "-q", "--no-edit", "laptop")
    assert (starts(news), damage(news)) == ([0, 10, 20], [])


def _path_without_annotator() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not (Path(folder) / "annotator").exists())


def test_git_setup_keeps_the_attributes_that_are_there(news: Store) -> None:
    path = news.path / ".gitattributes"
    path.write_bytes(b"*.txt text\nannotations/** merge=annotator")
    set_up(news)
    lines = path.read_text().splitlines()
    assert lines[:2] == ["*.txt text", "annotations/** merge=annotator"]
    assert len(lines) == 7


def test_git_setup_can_be_taken_back(git: Git, news: Store) -> None:
    set_up(news)
    assert has_driver(news.path)
    assert annotator(["git-setup", "--store", str(news.path), "--remove"]) == 0
    assert has_driver(news.path) is False
    assert annotator(["git-setup", "--store", str(news.path), "--remove"]) == 0


def test_git_setup_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store.create(tmp_path / "alone", label_set=LABELS)
    assert annotator(["git-setup", "--store", str(store.path)]) == 1
    assert "lies in no git repository" in capsys.readouterr().err
    assert annotator(["git-setup", "--store", str(tmp_path / "none")]) == 1
    assert "there is no store" in capsys.readouterr().err


def test_check_says_that_a_clone_has_no_driver(
    git: Git, news: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(news)
    assert annotator(["check", "--store", str(news.path)]) == 0
    assert "merge driver" not in capsys.readouterr().err
    git("config", "merge.annotator.driver", "annotator-is-not-here %O %A %B %P")
    assert annotator(["check", "--store", str(news.path)]) == 0
    assert "annotator git-setup" in capsys.readouterr().err


def change_labels(git: Git, store: Store, branch: str, label_set: LabelSet) -> None:
    git("checkout", "-q", branch)
    Store.open(store.path).change_info(label_set=label_set)
    git("commit", "-qam", branch)


def test_labels_added_in_two_clones_are_all_there_after_a_merge(git: Git, news: Store) -> None:
    set_up(news)
    begin(git)
    for branch, name in (("laptop", "LAW"), ("main", "WORK")):
        change_labels(git, news, branch, replace(LABELS, labels=(*LABELS.labels, Label(name=name, key="L"))))
    git("merge", "-q", "--no-edit", "laptop")
    merged = Store.open(news.path).info.label_set
    assert [(label.name, label.key) for label in merged.labels][2:] == [("WORK", "L"), ("LAW", "")]
    assert damage(news) == []


def test_a_store_from_a_stranger_has_git_start_no_program(git: Git, news: Store, tmp_path: Path) -> None:
    begin(git)
    diverge(git, news, ours=(0, 10), theirs=(0, 20))
    git("merge", "--no-edit", "laptop", code=1)
    trap = tmp_path / "trap"
    program = f"touch {trap}; false"
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external"):
        git("config", name, program)
    hook = tmp_path / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{program}\n")
    hook.chmod(0o755)
    assert damage(news)[0] == (ONE, Damage.UNMERGED)
    assert not trap.exists()
    subprocess.run(["git", "status"], cwd=tmp_path, capture_output=True, check=False)
    assert trap.exists(), "the trap works where git is called without care"
