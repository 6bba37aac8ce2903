"""The cache forgets rather than tells anything wrong."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.store.cache import Cache, seal, unseal
from annotator.store.files import Files


@pytest.fixture
def cache(tmp_path, disk):
    return Cache(Files(tmp_path, disk=disk))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1), st.text(min_size=1), st.dictionaries(st.text(), st.integers() | st.text()))
def test_what_is_put_comes_back(cache, kind, document_id, value):
    cache.put(kind, document_id, value)
    assert cache.get(kind, document_id) == value


def test_kinds_and_documents_are_kept_apart(cache):
    cache.put("tokens/en 3.8.0", "Doc", {"n": 1})
    cache.put("tokens/en 3.8.0", "doc", {"n": 2})
    cache.put("suggestions/en 3.8.0", "doc", {"n": 3})
    assert cache.get("tokens/en 3.8.0", "Doc") == {"n": 1}
    assert cache.get("tokens/en 3.8.0", "doc") == {"n": 2}
    assert cache.get("suggestions/en 3.8.0", "doc") == {"n": 3}
    assert cache.get("tokens/en 3.8.1", "doc") is None


def test_damage_is_a_miss(cache, tmp_path):
    cache.put("tokens", "one", {"ends": [1, 2, 3]})
    path = next(tmp_path.rglob("one.json"))
    data = path.read_bytes()
    for offset in range(len(data)):
        path.write_bytes(data[:offset] + bytes([data[offset] ^ 4]) + data[offset + 1 :])
        assert cache.get("tokens", "one") is None
        path.write_bytes(data[:offset])
        assert cache.get("tokens", "one") is None


def test_the_file_of_another_document_is_a_miss(cache, tmp_path):
    cache.put("tokens", "one", {"n": 1})
    path = next(tmp_path.rglob("one.json"))
    cache.put("tokens", "two", {"n": 2})
    next(tmp_path.rglob("two.json")).write_bytes(path.read_bytes())
    assert cache.get("tokens", "two") is None


def test_failures_are_misses_too(cache, disk):
    cache.put("tokens", "one", {"n": 1})
    disk.fail_from_now(*range(100))
    cache.put("tokens", "one", {"n": 2})
    assert cache.get("tokens", "one") is None
    disk.fail_from_now()
    assert cache.get("tokens", "one") == {"n": 1}


@given(st.binary())
def test_sealing(data):
    assert unseal(seal(data)) == data
    with pytest.raises(ValueError, match="checksum"):
        unseal(seal(data)[:-1] + b"?" if seal(data)[-1:] != b"?" else seal(data) + b"?")


def test_whether_something_is_kept_is_told_without_reading_it(cache):
    cache.put("kind", "one", {"a": 1})

    assert cache.has("kind", "one")
    assert not cache.has("kind", "two")
