"""The examples for Python do what they say, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.store.repository import Store

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_examples_for_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store.create(tmp_path / "news", label_set=LabelSet.from_names("x", ["PER", "LOC"]))
    store.add_document(new_document("Ada met Bob.", id="greeting"), suggestions=[Suggestion(0, 3, "PER")])
    store.close()
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, object] = {}
    for block in (blocks[0], blocks[3], blocks[1], blocks[2]):  # what is written is then read
        exec(block, names)
    assert capsys.readouterr().out.splitlines() == [
        "greeting 12",
        "PER Ada",
        "PER Bob",
        "[('Ada', 'PER'), ('Bob', 'PER')]",
    ]
    saved = Store.open(tmp_path / "news").load_set("greeting", "ada")
    assert saved.status is Status.DONE
    assert [decision.verb.value for decision in saved.decisions] == ["add", "accept", "finish"]
