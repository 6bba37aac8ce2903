"""What the command line prints: one line a line, control characters drawn, whatever the streams are."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import annotator
from annotator.cli import output
from annotator.errors import AnnotatorError, OutputClosedError, OutputError

PACKAGE = Path(annotator.__file__).parent
PRINTS = {"print", "echo", "secho", "confirm", "prompt", "progressbar", "input", "Console", "Live"}
"""What other modules and libraries print or ask by."""
ALLOWED = {
    ("cli/training_view.py", "Console"),  # a live table, whose labels are drawn before
    ("cli/training_view.py", "Live"),
    ("tui/base_app.py", "write"),  # two constant sequences around the screen
    ("formats/targets.py", "write"),  # what is exported is data; drawn where it goes to a terminal
}
HOSTILE = "a\x1b]0;title\x07b\x9b31mc\nd\re\u202ef\u2066g\x7fh\ud800i"


def _calls(path: Path) -> Iterator[tuple[str, str]]:
    """Every call in a module by which text could reach a standard stream, with the module."""
    module = path.relative_to(PACKAGE).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        writes = name in ("write", "writelines") and "sys.std" in ast.unparse(node.func)
        if name in PRINTS or writes:
            yield module, name


def test_nothing_is_printed_but_by_one_module() -> None:
    calls = {
        (module, name)
        for path in PACKAGE.rglob("*.py")
        if path != Path(output.__file__)
        for module, name in _calls(path)
    }
    own_confirm = {
        (module, name) for module, name in calls if module.startswith("cli/") and name == "confirm"
    }
    for module, _ in own_confirm:
        assert "confirm" in _imported_from_output(PACKAGE / module)
    assert calls - own_confirm == ALLOWED


def _imported_from_output(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "annotator.cli.output"
        for alias in node.names
    }


def test_the_scan_finds_a_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    module = tmp_path / "module.py"
    module.write_text("import sys, typer\nprint('a')\ntyper.echo('b')\nsys.stderr.write('c')\n")
    assert {name for _, name in _calls(module)} == {"print", "echo", "write"}


def is_safe(text: str) -> bool:
    """True if nothing in `text` but line feeds acts on a terminal or changes the direction of what follows."""
    return all(
        char == "\n"
        or (char >= " " and not "\x7f" <= char <= "\x9f" and char not in "\u202e\u2066\u2028\u061c")
        for char in text
    ) and not any("\ud800" <= char <= "\udfff" for char in text)


@given(st.text(st.characters(codec=None, categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Ll")), max_size=20))
def test_a_line_is_one_line_without_control_characters(text: str) -> None:
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "stderr", stream)
        output.print_lines(text)
        output.print_message(text)
        output.print_pieces([output.Piece(text)])
        output.print_table(("heading",), [(text,)], last_is_long=False)
        output.show_passing(text)
    printed = stream.getvalue().replace("\r\x1b[K", "").replace("\r", "")
    assert is_safe(printed)
    assert printed.count("\n") == 5


@given(st.text(st.characters(codec=None), max_size=20))
def test_json_is_safe_and_says_the_same(text: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        output.print_json({"text": text})
    printed = stream.buffer.getvalue().decode()
    assert is_safe(printed)
    assert json.loads(printed) == {"text": text}


def test_json_for_another_encoding_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", stream)
    output.print_json(["Chávez", "\U0001f600"])
    assert json.loads(stream.buffer.getvalue().decode("ascii")) == ["Chávez", "\U0001f600"]


def test_colours_stand_around_drawn_text(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_pieces([output.Piece("\x1b[2J", 231), output.Piece("b")])
    assert capsys.readouterr().out == "\x1b[48;5;231;38;5;16m␛[2J\x1b[0m b\n"


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("y\n", False, True),
        ("YES\n", False, True),
        ("n\n", True, False),
        ("\n", False, False),
        ("\n", True, True),
        ("what\nno\n", True, False),
    ],
)
def test_questions(typed: str, default: bool, answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert output.confirm("Remove it?", default=default) is answer


@pytest.mark.parametrize("stdin", [None, io.StringIO("")])
def test_a_question_that_nobody_can_answer(stdin: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(AnnotatorError, match="standard input has ended"):
        output.confirm("Remove it?", default=True)


class _Broken(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def flush(self) -> None:
        raise self._error


def test_output_that_fails_ends_a_command_and_messages_that_fail_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, _Broken(BrokenPipeError(32, "Broken pipe")))
    with pytest.raises(OutputClosedError):
        output.print_lines("a")
    output.print_message("a")
    monkeypatch.setattr(sys, "stdout", _Broken(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match="No space left"):
        output.print_lines("a")
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="closed"):
        output.print_lines("a")


def _shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    program = f'annotator() {{ "{sys.executable}" -m annotator "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", program + command],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "ANNOTATOR_SETTINGS": str(folder / "none.toml"),
            **environment,
        },
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_command_whose_reader_ends_says_nothing_and_gives_141(tmp_path: Path) -> None:
    ended = _shell("annotator schema 2>messages | true; echo ${PIPESTATUS[0]}; cat messages", tmp_path)
    assert ended.stdout == b"141\n"


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("annotator --version >&-", 1, b"annotator: standard output is closed"),
        ("annotator --version >/dev/full", 1, b"No space left"),
        ("annotator --version <&-", 0, b""),
        ("annotator --version 2>&-", 0, b""),
        ("annotator nonsense 2>&-", 2, b""),
        ("annotator stats --store missing >&- 2>&-", 1, b""),
        ("annotator <&-", 1, b"the screen needs a terminal"),
        ("annotator >&-", 1, b"the screen needs a terminal"),
    ],
)
def test_closed_and_full_streams(command: str, code: int, message: bytes, tmp_path: Path) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    ended = _shell(command, tmp_path)
    assert ended.returncode == code, ended.stderr
    assert message in ended.stderr
    assert ended.stderr.count(b"\n") <= 2
    assert b"Traceback" not in ended.stderr
    assert b"Exception ignored" not in ended.stderr


def test_files_are_never_opened_in_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """A file that gets descriptor 1 would have what a library prints written into it."""
    (tmp_path / "in.jsonl").write_text('{"text": "Ada met Bob."}\n')
    ended = _shell(
        "annotator import in.jsonl --store new <&- >&- 2>&-; annotator check --store new", tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert b"nothing is damaged" in ended.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX"},
    ],
    ids=["ascii", "C", "POSIX"],
)
@pytest.mark.parametrize(
    "arguments", ["--help", "audit --help", "stats --store café", "schema --help", "näh"]
)
def test_what_the_encoding_does_not_have_is_replaced(
    arguments: str, environment: dict[str, str], tmp_path: Path
) -> None:
    ended = _shell(f"annotator {arguments}", tmp_path, **environment)
    assert b"Traceback" not in ended.stderr
    assert ended.stdout or ended.stderr.strip()
