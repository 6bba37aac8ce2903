"""Table files: stock TinyDB reads them, and no byte of a record changes unnoticed."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.table import Document

from annotator.errors import DamageError, InputError, SaveError
from annotator.store.files import Files
from annotator.store.storage import StoreFile
from annotator.store.tables import encode_record, encode_tables
from tests.table_files import decode_tables

texts = st.text(st.characters(exclude_categories=()), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(texts.filter(lambda key: key not in ("uid", "checksum")), values, max_size=4)


def _has_a_pair(value) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return any("\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff" for a, b in pairwise(text))


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), st.lists(records, max_size=3), max_size=3))
@example({"a": [{"x": "\ud800"}], "b": [], "c": [{"y": "\udc00\ud800"}, {"z": "\U0001f600 \u2028 \x00"}]})
def test_what_is_encoded_comes_back(content):
    assume(not _has_a_pair(content))
    tables = {
        name: [{"uid": str(number), **record} for number, record in enumerate(several, 1)]
        for name, several in content.items()
    }
    lines = {
        name: [encode_record(name, id, record) for id, record in enumerate(several, 1)]
        for name, several in tables.items()
    }
    data = encode_tables(lines)
    read = decode_tables(data, origin="here")
    assert {name: [row.record for row in rows] for name, rows in read.items()} == tables
    assert {name: [row.line for row in rows] for name, rows in read.items()} == lines
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    in_file = [line.removesuffix(b",") for line in data.split(b"\n")]
    assert [line for line in in_file if b"checksum" in line[-32:]] == [
        line for each in lines.values() for line in each
    ]


@given(st.text("\ud800\udbff\udc00\udfffa", max_size=6))
def test_halves_of_a_character_come_back_or_are_refused(text):
    if _has_a_pair(text):
        with pytest.raises(InputError, match="halves"):
            encode_record("t", 1, {"uid": "u", "text": text})
    else:
        data = encode_tables({"t": [encode_record("t", 1, {"uid": "u", "text": text})]})
        assert decode_tables(data, origin="here")["t"][0].record["text"] == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes"])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(InputError, match="JSON cannot hold"):
        encode_record("t", 1, {"uid": "u", "value": value})


def _file() -> bytes:
    return encode_tables(
        {
            "status": [encode_record("status", 1, {"uid": "ab12", "seconds": 1.5, "keys": 0})],
            "spans": [
                encode_record("spans", 3, {"uid": "cd34", "label": "Ort é😀", "doubt": True}),
                encode_record("spans", 7, {"uid": "ef56", "label": "PER", "of": [1, 2, None]}),
            ],
        }
    )


def test_a_flipped_bit_in_a_record_is_damage():
    data = _file()
    lines = [line for line in data.splitlines(keepends=True) if b"checksum" in line]
    for line in lines:
        start = data.index(line)
        for offset in range(start, start + len(line.rstrip(b",\n"))):
            for bit in range(8):
                flipped = bytearray(data)
                flipped[offset] ^= 1 << bit
                with pytest.raises(DamageError, match="here is damaged: "):
                    decode_tables(bytes(flipped), origin="here")


def test_a_file_cut_short_is_damage():
    data = _file()
    for length in range(len(data) - 1):  # the last byte is a line feed
        with pytest.raises(DamageError):
            decode_tables(data[:length], origin="here")


def test_line_ends_and_spaces_do_not_matter():
    read = decode_tables(_file(), origin="here")
    assert decode_tables(_file().replace(b"\n", b"\r\n"), origin="here") == read


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data.replace(b'"spans"', b'"other"'), "checksum"),
        (lambda data: data.replace(b'"3":', b'"4":'), "checksum"),
        (lambda data: data.replace(b'"3":', b'"7":'), "stands twice"),
        (lambda data: data.replace(b'"3":', b'"03":'), "no number"),
        (lambda data: data.replace(b'"doubt": true', b'"doubt": true, "doubt": true'), "stands twice"),
        (lambda data: data.replace(b"1.5", b"NaN"), "NaN is no JSON"),
        (lambda data: b"\xef\xbb\xbf" + data, "not JSON"),
        (lambda data: data.decode().encode("utf-16"), "not UTF-8"),
        (lambda data: data.replace(b"\xc3\xa9", b"e\xcc\x81"), "checksum"),
        (lambda data: b"<<<<<<< ours\n" + data, "not JSON"),
        (lambda data: b"", "not JSON"),
        (lambda data: b"\0" * len(data), "not JSON"),
        (lambda data: b"[]", "not made of tables"),
        (lambda data: b'{"t": []}', "not made of tables"),
        (lambda data: b'{"t": {"1": {"uid": "u"}}}', "no checksum"),
        (lambda data: b'{"t": {"1": []}}', "no checksum"),
        (lambda data: b'{"\\ud800": {}}', "not the name of a table"),
        (lambda data: b"[" * 100_000, "nested too deeply"),
        (lambda data: b'{"t": ' + b'{"1":' * 90_000, "nested too deeply"),
    ],
)
def test_damage_is_named(change, reason):
    with pytest.raises(DamageError, match=f"x.json is damaged: .*{reason}") as told:
        decode_tables(change(_file()), origin="x.json")
    assert "annotator check" in told.value.hint


def test_a_record_without_uid_is_damage():
    data = encode_tables({"t": [encode_record("t", 1, {"label": "PER"})]})
    with pytest.raises(DamageError, match="no uid"):
        decode_tables(data, origin="here")


def test_tinydb_works_on_a_checked_durable_file(tmp_path, disk):
    path = tmp_path / "x.json"
    path.write_bytes(_file())
    database = StoreFile.at(path, files=Files(tmp_path, disk=disk))
    database.table("spans").update({"label": "ORG"}, where("uid") == "ef56")
    database.table("spans").insert({"uid": "new", "label": "LOC"})
    rows = decode_tables(path.read_bytes(), origin="here")
    assert [(row.id, row.record["label"]) for row in rows["spans"]] == [
        (3, "Ort é😀"),
        (7, "ORG"),
        (8, "LOC"),
    ]
    assert rows["status"] == decode_tables(_file(), origin="here")["status"]
    with TinyDB(path, access_mode="r") as stock:
        assert [record["label"] for record in stock.table("spans")] == ["Ort é😀", "ORG", "LOC"]


def test_tinydb_never_takes_a_damaged_file_for_an_empty_one(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(_file()[:-20])
    with pytest.raises(DamageError):
        StoreFile.at(path, files=Files(tmp_path))
    assert path.read_bytes() == _file()[:-20]


def test_a_write_that_fails_leaves_the_file_and_what_was_read(tmp_path, disk):
    path = tmp_path / "x.json"
    path.write_bytes(_file())
    files = Files(tmp_path, disk=disk)
    database = StoreFile.at(path, files=files)
    disk.fail_from_now(3)
    with pytest.raises(SaveError):
        database.table("spans").update({"label": "ORG"})
    assert path.read_bytes() == _file()
    assert StoreFile.at(path, files=Files(tmp_path)).table("spans").get(doc_id=7)["label"] == "PER"


def test_what_a_block_changes_in_several_tables_is_one_write():
    written = []
    database = StoreFile(_file(), put=written.append)
    with database.one_write():
        database.table("spans").update({"label": "ORG"})
        database.table("status").update({"keys": 9})
        database.table("decisions").insert({"uid": "d"})
    assert len(written) == 1
    tables = decode_tables(written[0], origin="x")
    assert {row.record["label"] for row in tables["spans"]} == {"ORG"}
    assert tables["decisions"][0].record == {"uid": "d"}


def test_a_block_that_raises_writes_nothing():
    written = []
    database = StoreFile(_file(), put=written.append)
    with pytest.raises(ValueError, match="already exists"), database.one_write():  # noqa: PT012  # a block is the subject
        database.table("spans").update({"label": "ORG"})
        database.table("spans").insert(Document({"uid": "again"}, 7))
    assert written == []
