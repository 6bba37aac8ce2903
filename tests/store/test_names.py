"""Names of files are safe on every disk, and no two ids share one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.store.layout import check_annotator, file_name, shard

ids = st.text(st.characters(exclude_categories=()), min_size=1, max_size=300)


@given(ids)
@example("../../etc/passwd")
@example("CON")
@example("aux.txt")
@example("a." * 200)
@example(".hidden")
@example("ends.")
@example("\ud800")
def test_a_name_stands_in_its_folder_on_any_disk(id):
    name = file_name(id)
    assert len(name) <= 110
    assert name.endswith(".json")
    assert not name.startswith((".", " "))
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-+")
    assert name.split(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert not name.removesuffix(".json").endswith(".")


@given(st.lists(ids, unique=True, min_size=2, max_size=8))
@example(["Doc", "doc", "DOC", "doc ", "doc/", "doc+"])
def test_no_two_ids_share_a_file(several):
    assert len({(shard(id), file_name(id).lower()) for id in several}) == len(several)


def test_plain_ids_are_their_own_names():
    assert file_name("venezuela-protests.v2") == "venezuela-protests.v2.json"
    assert file_name("ab" * 32) == "ab" * 32 + ".json"


def test_an_id_that_looks_like_the_name_of_another_gets_one_of_its_own():
    looks_like_it = file_name("Doc/1").removesuffix(".json")
    assert file_name(looks_like_it) != file_name("Doc/1")


def test_two_hex_digits_make_a_shard():
    assert {len(shard(str(number))) for number in range(2000)} == {2}
    assert len({shard(str(number)) for number in range(5000)}) == 256


@pytest.mark.parametrize("name", ["anna", "Anna.B", "a_b-c", "0", "a" * 64])
def test_names_that_an_annotator_may_have(name):
    assert check_annotator(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".a", "a.", "a b", "a/b", "ä", "a" * 65, "con", "NUL.x", "a\n", "Gold", "GOLD"]
)
def test_names_that_no_annotator_may_have(name):
    with pytest.raises(InputError, match="cannot be the name") as told:
        check_annotator(name, gold=True)
    assert told.value.hint


def test_gold_is_reserved_for_reviews():
    with pytest.raises(InputError, match="reviews") as told:
        check_annotator("gold")
    assert "--annotator" in told.value.hint
    assert check_annotator("gold", gold=True) == "gold"
