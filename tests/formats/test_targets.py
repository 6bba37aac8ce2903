"""A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from annotator.errors import OutputError
from annotator.formats.targets import replacing


def _fail_halfway(target: Path | None) -> None:
    with replacing(target) as file:
        file.write(b"half")
        raise OutputError("no")


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_file_is_there_only_when_the_block_has_ended(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with replacing(target) as file:
        file.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert _names(tmp_path) == ["out.jsonl"]


def test_a_failure_leaves_the_older_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old")
    with pytest.raises(OutputError, match="no"):
        _fail_halfway(target)
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["out.jsonl"]


def test_who_reads_the_older_file_is_not_disturbed(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old")
    with target.open("rb") as reader:
        with replacing(target) as file:
            file.write(b"new")
        assert reader.read() == b"old"
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("mode", [0o640, 0o600])
def test_the_mode_of_the_older_file_is_kept(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    target.chmod(mode)
    with replacing(target) as file:
        file.write(b"new")
    assert target.stat().st_mode & 0o777 == mode


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with replacing(tmp_path / "out") as file:
        file.write(b"new")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("é" * 127)
    with replacing(target) as file:
        file.write(b"new")
    assert target.read_bytes() == b"new"


def test_standard_output_gets_nothing_of_a_failed_export(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(OutputError, match="no"):
        _fail_halfway(None)
    with replacing(None) as file:
        file.write(b"whole\n")
    assert capfdbinary.readouterr().out == b"whole\n"


def test_a_missing_folder_is_told_with_a_hint(tmp_path: Path) -> None:
    target = tmp_path / "none" / "out"
    with pytest.raises(OutputError, match="No such file or directory") as caught, replacing(target):
        pass
    assert caught.value.hint == "make the folder first"


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Is a directory") as caught, replacing(tmp_path):
        pass
    assert caught.value.hint == "give a file name"


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(OutputError, match="No space left on device") as caught,
        replacing(tmp_path / "out") as file,
    ):
        file.write(b"new")
    assert "make room" in caught.value.hint
    assert _names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_is_written_to_and_its_errors_are_told() -> None:
    with replacing(Path("/dev/null")) as file:
        file.write(b"new")
    with (
        pytest.raises(OutputError, match="/dev/full cannot be written"),
        replacing(Path("/dev/full")) as file,
    ):
        file.write(b"new")
    assert Path("/dev/null").is_char_device()
