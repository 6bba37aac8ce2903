"""Whatever becomes of a file's bytes, a store gives what was saved or says that it is damaged; never something else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from annotator.errors import StoreError
from annotator.model.annotations import AnnotationSet
from annotator.store.files import Disk
from annotator.store.repository import Store
from annotator.store.sets import SetKey

FLIPS = 4000
ANNA = SetKey("one", "anna")


class RottenDisk(Disk):
    """A disk that reads `data` where `path` is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()

    def read(self, path: Path) -> bytes:
        return self.data if path == self.path else super().read(path)


@pytest.fixture
def damage(bench):
    """Reads a store with each of some contents in the place of one of its files; what comes of it."""
    root, _ = bench.store()
    store = Store.open(root)
    store.save(bench.decided(store.load_set(*ANNA), 9))
    whole = _content(Store.open(root))
    files = {
        "set": next((root / "annotations").rglob("*.json")),
        "document": next((root / "documents").rglob("one.json")),
        "store": root / "store.json",
    }

    def damage(name: str, kind: str, contents) -> None:
        disk = RottenDisk(files[name])
        noticed = 0
        for data in contents(disk.data):
            disk.data = data
            try:
                content = _content(Store.open(root, disk=disk))
            except StoreError:
                noticed += 1
                bench.tally(kind)
                continue
            bench.tally(kind, content != whole)
            assert content == whole
        assert noticed

    return damage


def _content(store: Store):
    annotation_set: AnnotationSet = store.load_set(*ANNA)
    document = store.document("one")
    return (
        annotation_set.decisions,
        list(annotation_set.spans),
        annotation_set.status,
        annotation_set.effort,
        document,
        store.imported_suggestions("one"),
        store.info,
    )


FILES = ("set", "document", "store")


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_never_another_set(damage, name):
    damage(name, "truncation", lambda data: [data[:length] for length in range(len(data))])


@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_are_never_another_set(damage, name):
    chance = random.Random(20261122)

    def flipped(data: bytes):
        for _ in range(FLIPS // len(FILES)):
            rotten = bytearray(data)
            for _ in range(chance.choice((1, 1, 1, 2, 8))):
                rotten[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            yield bytes(rotten)

    damage(name, "flipped bits", flipped)


@pytest.mark.parametrize("name", FILES)
def test_pages_of_zeros_lines_lost_and_lines_twice_are_never_another_set(damage, name):
    def mangled(data: bytes):
        for start in range(0, len(data), 512):
            yield data[:start] + bytes(len(data[start : start + 512])) + data[start + 512 :]
        lines = data.splitlines(keepends=True)
        for number in range(len(lines)):
            yield b"".join(lines[:number] + lines[number + 1 :])
            yield b"".join(lines[: number + 1] + lines[number:])
            yield b"".join(
                lines[:number] + lines[number + 1 : number + 2] + [lines[number]] + lines[number + 2 :]
            )
        yield data + data
        yield b"\xef\xbb\xbf" + data
        yield data.decode().encode("utf-16")

    damage(name, "pages and lines", mangled)
