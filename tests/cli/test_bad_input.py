"""Whatever is wrong with what the program is given: one message with a hint, and exit code 1, or 2 for wrong usage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.cli import annotate
from annotator.cli.main import run
from annotator.store.layout import STORE_FILE
from annotator.store.tables import encode_record, encode_tables
from annotator.tui.app import AnnotatorApp
from tests.table_files import decode_tables

ROW = {
    "text": "hi Bob",
    "spans": [{"start": 3, "end": 6, "label": "PERSON"}],
    "answer": "accept",
    "_annotator_id": "kim",
}


@dataclass(frozen=True)
class Ended:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, with nothing in the environment."""
    for name in [name for name in os.environ if name.startswith("ANNOTATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(place: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command line as at a terminal, but for the screen itself."""
    monkeypatch.setattr(annotate, "check_terminal", lambda: None)
    monkeypatch.setattr(AnnotatorApp, "run", lambda self: pytest.fail("the screen opened"))

    def run_one(*arguments: str) -> Ended:
        code = run(list(arguments))
        return Ended(code, *capfd.readouterr())

    return run_one


def check_told(ended: Ended, message: str, *, hint: str = "", code: int = 1) -> None:
    """One message that holds `message`, and one hint below it."""
    said, below = ended.err.rstrip("\n").split("\n")
    assert said.startswith("annotator: ")
    assert message in said
    assert below.startswith("  ")
    assert hint in below
    assert (ended.code, ended.out) == (code, "")


def write_row(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**ROW, **changes}) + "\n", encoding="utf-8")


def large(path: Path) -> None:
    """Fifty megabytes of words."""
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"a few words " * 83_333)


def a_folder(path: Path) -> None:
    path.mkdir()


BAD_FILES: dict[str, tuple[str, Callable[[Path], object], str, str]] = {
    "missing": ("none.txt", lambda path: None, "none.txt does not exist", "spelling"),
    "dangling link": ("a.txt", lambda path: path.symlink_to("nowhere"), "a.txt does not exist", ""),
    "no folder": ("a/b.txt", lambda path: None, "a/b.txt does not exist", ""),
    "below a file": ("a.txt/b.txt", lambda path: path.parent.write_text("x"), "a.txt/b.txt cannot be read", ""),
    "folder named like a file": ("a.txt", a_folder, "a.txt holds no files", "--format"),
    "folder without texts": ("texts", a_folder, "texts holds no files", "--format"),
    "empty": ("a.txt", lambda path: path.touch(), "a.txt: holds no text", "give files"),
    "blank": ("a.txt", lambda path: path.write_text(" \n\t\n"), "a.txt: holds no text", "give files"),
    "empty JSONL": ("a.jsonl", lambda path: path.touch(), "there are no documents in a.jsonl", "give files"),
    "empty CoNLL": ("a.conll", lambda path: path.touch(), "without tokens", "give files"),
    "empty DocBin": ("a.spacy", lambda path: path.touch(), "a.spacy is not a DocBin", ".spacy"),
    "binary": ("a.txt", lambda path: path.write_bytes(b"MZ\x90\0\3"), "binary file", "--encoding"),
    "binary as JSONL": ("a.jsonl", lambda path: path.write_bytes(b"{\0"), "binary file", "--encoding"),
    "PDF": ("a.txt", lambda path: path.write_bytes(b"%PDF-1.7\n"), "no PDF that pypdf can read", ""),
    "50 MB": ("a.txt", large, "a.txt holds more than 10,000,000 characters", "--size-limit"),
    "Latin-1": ("a.txt", lambda path: path.write_bytes(b"one\ncaf\xe9"), "byte 0xe9 at offset 7, line 2", "--encoding"),
    "Latin-1 CoNLL": ("a.conll", lambda path: path.write_bytes(b"caf\xe9 O\n"), "a.conll is not utf-8", "--encoding"),
    "UTF-16": ("a.txt", lambda path: path.write_text("café", "utf-16"), "begins as UTF-16", "--encoding utf-16"),
    "no JSON": ("a.jsonl", lambda path: path.write_text("nope"), "a.jsonl:1: not JSON", "--on-error skip"),
    "text is no text": ("a.jsonl", lambda path: write_row(path, text=5), 'a.jsonl:1: "text"', "--on-error"),
    "span outside": (
        "a.jsonl",
        lambda path: write_row(path, spans=[{"start": 3, "end": 99, "label": "PERSON"}]),
        "[3, 99) is outside the text",
        "--on-error",
    ),
    "unknown label": (
        "a.jsonl",
        lambda path: write_row(path, spans=[{"start": 3, "end": 6, "label": "HERO"}]),
        "unknown label HERO",
        "--on-error",
    ),
    "no format": ("a.pptx", lambda path: path.write_text('{"x": 1}'), "a.pptx is in no known format", "--format"),
    "no DOCX": ("a.docx", lambda path: path.write_text('{"x": 1}'), "a.docx is no DOCX document", ""),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "message", "hint"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_come_in_is_told_and_leaves_no_store(
    command: Command, place: Path, name: str, make: Callable[[Path], object], message: str, hint: str
) -> None:
    """A first import that fails must not fix the label set of the next one."""
    make(place / name)
    check_told(command("import", name), message, hint=hint)
    assert not (place / "annotations").exists()


@pytest.mark.parametrize("case", ["missing", "empty", "binary", "50 MB", "Latin-1", "folder without texts"])
def test_annotating_such_a_file_says_the_same(command: Command, place: Path, case: str) -> None:
    name, make, message, hint = BAD_FILES[case]
    make(place / name)
    check_told(command("annotate", name), message, hint=hint)
    assert not (place / "annotations").exists()


@pytest.mark.parametrize(
    ("content", "encoding"), [("café".encode("latin-1"), "latin-1"), ("café".encode("utf-16"), "utf-16")]
)
def test_the_encoding_that_the_hint_asks_for_helps(
    command: Command, place: Path, content: bytes, encoding: str
) -> None:
    (place / "a.txt").write_bytes(content)
    assert command("import", "a.txt", "--encoding", encoding).err.endswith("annotations: 1 document\n")
    assert '"text": "café"' in next((place / "annotations" / "documents").glob("*/*")).read_text("utf-8")


def test_what_is_empty_among_others_is_told_and_the_rest_comes_in(command: Command, place: Path) -> None:
    (place / "a.txt").write_text("Text.")
    (place / "b.txt").touch()
    ended = command("import", "a.txt", "b.txt")
    assert ended.err.splitlines() == [
        "annotator: b.txt: holds no text, and is left out",
        f"{place}/annotations: 1 document",
    ]
    assert ended.code == 0


@pytest.fixture
def store(command: Command, place: Path) -> Path:
    """A store with one document, which kim has finished."""
    write_row(place / "ok.jsonl")
    assert command("import", "ok.jsonl").code == 0
    return place / "annotations"


BAD_WORDS: dict[str, tuple[list[str], str, str]] = {
    "label set": (["import", "ok.jsonl", "-s", "new", "-l", "nope"], "there is no label set nope", "conll, news, wnut"),
    "file of no label set": (["import", "ok.jsonl", "-s", "new", "-l", "ok.jsonl"], "is not a label set", '"name"'),
    "folder for a label set": (["import", "ok.jsonl", "-s", "new", "-l", "."], "cannot be read: Is a directory", ""),
    "another label set": (["import", "ok.jsonl", "-l", "conll"], "has the label set news, not conll", "--labels"),
    "model": (["annotate", "--model", "nonsense"], "there is no spaCy pipeline nonsense", "spacy download"),
    "model for an export": (["export", "a.conll", "--model", "nonsense"], "no spaCy pipeline nonsense", "install"),
    "folder of no model": (["annotate", "--model", "."], "is no saved spaCy pipeline", "meta.json"),
    "language": (["annotate", "--model", "blank:klingon"], "spaCy knows no language klingon", ""),
    "annotator": (["annotate", "-n", "a b"], "'a b' cannot name an annotator", "letters"),
    "annotator with a path": (["import", "ok.jsonl", "-n", "../x"], "cannot name an annotator", "letters"),
    "annotator called as a device": (["annotate", "-n", "con"], '"con" cannot be the name', "letters"),
    "gold as an annotator": (["annotate", "-n", "gold"], "the name of what reviews produce", "--annotator"),
    "gold as an importer": (["import", "ok.jsonl", "-n", "gold"], "what reviews produce", "--annotator"),
    "nobody": (["export", "a.jsonl", "-n", "nobody"], "nobody has annotated nothing", "the annotators here are kim"),
    "format": (["import", "ok.jsonl", "-f", "nope"], "unknown format nope", "the formats are bioc-json, bioc-xml, brat, conll"),
    "format of a target": (["export", "a.nope"], "a.nope names no format", "--format"),
    "format of a pipe": (["export", "-"], "a pipe has no name", "--format"),
    "target without a folder": (["export", "none/a.jsonl"], "cannot be written", "make the folder"),
    "folder as a target": (["export", ".", "-f", "jsonl"], "cannot be written: Is a directory", "file name"),
    "store that is not there": (["export", "a.jsonl", "-s", "none"], "there is no store in none", "--store"),
    "folder that is no store": (["import", "ok.jsonl", "-s", "."], "is not empty and not a store", "empty"),
    "file that is no store": (["import", "ok.jsonl", "-s", "ok.jsonl"], "no store can be there", "folder"),
    "store to annotate": (["annotate", "-s", "none"], "there is no store in none", "annotator annotate"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message", "hint"), BAD_WORDS.values(), ids=BAD_WORDS)
def test_a_name_that_means_nothing_is_told(
    command: Command, store: Path, arguments: list[str], message: str, hint: str
) -> None:
    before = sorted(store.rglob("*.json"))
    check_told(command(*arguments), message, hint=hint)
    assert not Path("new").exists()
    assert sorted(store.rglob("*.json")) == before


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_an_unknown_encoding_is_wrong_usage(command: Command, store: Path, encoding: str) -> None:
    check_told(
        command("import", "ok.jsonl", "--encoding", encoding), "unknown encoding", hint="utf-8", code=2
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["import"],
        ["export"],
        ["import", "ok.jsonl", "--group", "x"],
        ["import", "ok.jsonl", "--size-limit", "0"],
        ["export", "a.conll", "--on-misaligned", "guess"],
        ["export", "--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_with_the_way_to_the_help(command: Command, arguments: list[str]) -> None:
    ended = command(*arguments)
    assert ended.code == 2
    assert "-h' for help" in ended.err
    assert "Error: " in ended.err
    assert "Traceback" not in ended.err


BAD_SETTINGS = {
    "unknown field": ("colour = 1", "colour: Unexpected", "the settings are annotator"),
    "wrong value": ("ahead = 51", "ahead: ", "the settings are annotator"),
    "no TOML": ("mode = =", "cannot read the settings in", "defaults"),
    "no UTF-8": ("annotator = '\udce9'", "cannot read the settings in", "defaults"),
    "theme": ('theme = "puce"', "there is no theme puce", "annotator-dark, annotator-light"),
    "key for two": (
        'keys.reject = "f5"\nkeys.accept = "f5"',
        "the key f5 is for both reject and accept",
        "another key",
    ),
    "key for two documents": ('keys.open = "f5"\nkeys.sort = "f5"', "the key f5 is for both", "another key"),
    "key of a label": ('keys.reject = "7"', "7 to reject, but digits and capitals are labels", "another key"),
    "unknown action": ('keys.fly = "f"', "unknown action: fly", "the actions are accept"),
    "model": ('model = "nonsense"', "there is no spaCy pipeline nonsense", "spacy download"),
    "annotator": ('annotator = "a b"', "cannot name an annotator", "letters"),
}


@pytest.mark.parametrize(("content", "message", "hint"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_broken_settings_are_told(
    command: Command, store: Path, place: Path, content: str, message: str, hint: str
) -> None:
    (place / "settings.toml").write_bytes(content.encode("utf-8", "surrogateescape"))
    check_told(command("annotate"), message, hint=hint)


def test_settings_that_cannot_be_read_are_told(command: Command, store: Path, place: Path) -> None:
    (place / "settings.toml").mkdir()
    check_told(command("annotate"), "settings.toml: Is a directory", hint="defaults")


def file_of(store: Path, name: str) -> Path:
    """One of the store's three files."""
    return store / name if name == STORE_FILE else next((store / name).rglob("*.json"))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "no JSON": lambda path: path.write_bytes(b"nope"),
    "noise": lambda path: path.write_bytes(bytes(range(256))),
    "edited": lambda path: path.write_bytes(path.read_bytes().replace(b"PERSON", b"PERSOM").replace(b"Bob", b"Bab")),
    "merged": lambda path: path.write_bytes(b"<<<<<<< ours\n" + path.read_bytes()),
    "a list": lambda path: path.write_bytes(b"[]"),
}  # fmt: skip


def replaced(path: Path) -> None:
    """Have the file look as if another program had replaced it, which the catalogue notices."""
    copy = path.with_suffix(".new")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.parametrize("is_replaced", [False, True], ids=["in place", "replaced"])
@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("name", [STORE_FILE, "documents", "annotations"])
def test_a_damaged_file_is_told_by_every_command_that_needs_it(
    command: Command, store: Path, name: str, kind: str, is_replaced: bool
) -> None:
    """An export never leaves out in silence what cannot be read."""
    path = file_of(store, name)
    DAMAGE[kind](path)
    if is_replaced:
        replaced(path)
    for arguments in (["export", "a.jsonl"], ["import", "ok.jsonl"]):
        check_told(command(*arguments), f"{path} is damaged", hint="annotator check")
    assert not Path("a.jsonl").exists()


@pytest.mark.parametrize("name", [STORE_FILE, "documents", "annotations"])
def test_a_file_that_cannot_be_read_is_told(command: Command, store: Path, name: str) -> None:
    path = file_of(store, name)
    path.unlink()
    path.mkdir()
    ended = command("export", "a.jsonl")
    assert f"{path} cannot be read: Is a directory" in ended.err
    assert ended.code == 1


def test_a_store_of_which_nothing_can_be_read_does_not_open(command: Command, store: Path) -> None:
    """Neither hangs nor shows an empty screen."""
    file_of(store, "documents").write_bytes(b"nope")
    check_told(command("annotate"), "is damaged", hint="annotator check")


def test_a_store_without_documents_does_not_open(command: Command, store: Path) -> None:
    file_of(store, "documents").unlink()
    check_told(command("annotate"), "has no documents", hint="annotator annotate FILE_OR_FOLDER")


def test_nothing_comes_into_a_store_of_a_newer_program(command: Command, store: Path) -> None:
    path = store / STORE_FILE
    record = decode_tables(path.read_bytes(), origin="")["store"][0].record
    record["schema_version"] = 99
    newer = encode_tables({"store": [encode_record("store", 1, record)]})
    path.write_bytes(newer)
    for arguments in (["import", "ok.jsonl"], ["annotate", "ok.jsonl"]):
        check_told(command(*arguments), "version 99")
    assert path.read_bytes() == newer


@pytest.mark.parametrize("arguments", [["import", "ok.jsonl"], ["annotate", "ok.jsonl"]], ids=" ".join)
def test_nothing_comes_into_a_read_only_store(
    command: Command, store: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(
        "annotator.store.repository.Store.is_read_only", property(lambda self: "it lies on a read-only disk")
    )
    check_told(command(*arguments), "nothing can be saved here: it lies on a read-only disk", hint="--store")


def test_without_a_terminal_the_screen_is_refused(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (place / "a.txt").write_text("Text.")
    for arguments in ([], ["annotate", "a.txt"]):
        code = run(list(arguments))
        check_told(Ended(code, *capfd.readouterr()), "needs a terminal", hint="annotator import")
    assert not (place / "annotations").exists()


def test_what_the_system_refuses_is_told(
    command: Command, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files", "ok.jsonl")

    monkeypatch.setattr("annotator.workspace.transfer.importing.ImportRequest.prepared", refuse)
    check_told(command("import", "ok.jsonl"), "ok.jsonl: Too many open files", hint="disk")


def test_a_full_disk_behind_a_pipe_is_told(place: Path) -> None:
    """Even of the help."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "annotator", "--help"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 1


def test_actions_without_keys_are_led_to_by_the_palette() -> None:
    """Settings may take every key of an action; what names its key then names the palette's."""
    from annotator.tui.keys.keymap import Keymap
    from annotator.tui.screens.annotate.actions import ANNOTATE

    keymap = Keymap(ANNOTATE, {"finish": ""})
    assert keymap.keys("finish") == ()
    assert keymap.key("finish") == "ctrl+p"
    assert keymap.key("reject") == "x"
