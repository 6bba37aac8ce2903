"""Tokens: created, shown once, compared, revoked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from annotator.errors import InputError, SettingsError
from annotator.web.tokens import TokenFile, new_token, owner


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "state" / "tokens.json")


def test_a_token_belongs_to_its_annotator(file: TokenFile) -> None:
    ada, ben = file.create("ada"), file.create("ben")
    kept = owner(file.tokens(), ben)
    assert kept is not None
    assert kept.annotator == "ben"
    assert owner(file.tokens(), ada + "x") is None
    assert owner(file.tokens(), "") is None
    assert owner(file.tokens(), "\udc80") is None


def test_the_file_does_not_hold_the_token_and_is_private(file: TokenFile) -> None:
    token = file.create("ada")
    assert token not in file.path.read_text()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_revoked_token_is_nobodys(file: TokenFile) -> None:
    first, second, other = file.create("ada"), file.create("ada"), file.create("ben")
    assert file.revoke("ada") == 2
    assert owner(file.tokens(), first) is owner(file.tokens(), second) is None
    assert owner(file.tokens(), other) is not None
    with pytest.raises(InputError, match="ada has no token"):
        file.revoke("ada")


@pytest.mark.parametrize("content", ["", "[", "{}", '[{"annotator": "../x", "sha256": "00", "created": ""}]'])
def test_a_broken_file_admits_nobody(file: TokenFile, content: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(content)
    with pytest.raises(SettingsError, match="cannot be read as tokens"):
        file.tokens()


def test_every_comparison_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, token = new_token("ada")
    others = [new_token("ben")[0] for _ in range(3)]
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert owner([kept, *others], token) == kept
    assert len(compared) == 4
