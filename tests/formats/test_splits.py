"""Splits: what stays together, what is shared out, and what new documents do not move."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.choices import SplitBy
from annotator.formats.splits import (
    Separation,
    SplitItem,
    parse_ratios,
    split,
    totals,
)

RATIOS = parse_ratios("80/10/10")
LABELS = ("PER", "LOC", "ORG")


@st.composite
def corpora(draw, *, grouped=True):
    """Documents of which some share a text or a group."""
    groups = st.none() | st.sampled_from("abcdefgh") if grouped else st.none()
    rows = draw(st.lists(st.tuples(st.integers(0, 30), groups), min_size=1, max_size=40))
    counts = st.dictionaries(st.sampled_from(LABELS), st.integers(1, 5))
    return [
        SplitItem(f"d{number}", f"text{text}", draw(counts), group)
        for number, (text, group) in enumerate(rows)
    ]


def _parts(items, **options):
    """The split, or None where there cannot be one."""
    try:
        return split(items, RATIOS, **options)
    except InputError:
        return None


@given(corpora(), st.integers(0, 5), st.sampled_from(SplitBy))
def test_no_text_and_no_group_is_in_two_parts(items, seed, by):
    parts = _parts(items, seed=seed, by=by)
    if parts is None:
        return
    assert parts.keys() == {item.id for item in items}
    assert set(parts.values()) == set(RATIOS)
    for name in ("sha256", "group"):
        found: dict[str, set[str]] = {}
        for item in items:
            if (value := getattr(item, name)) is not None:
                found.setdefault(value, set()).add(parts[item.id])
        assert all(len(each) == 1 for each in found.values())


@given(corpora(), st.integers(0, 5), st.sampled_from(SplitBy), st.randoms())
def test_the_order_of_the_documents_does_not_matter(items, seed, by, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert _parts(items, seed=seed, by=by) == _parts(shuffled, seed=seed, by=by)


@given(corpora(grouped=False), corpora(grouped=False), st.integers(0, 5))
def test_by_hash_new_documents_move_none(items, more, seed):
    new = [SplitItem(f"new-{item.id}", item.sha256, item.labels) for item in more]
    before, after = (
        _parts(items, seed=seed, by=SplitBy.HASH),
        _parts([*items, *new], seed=seed, by=SplitBy.HASH),
    )
    if before is not None and after is not None:
        assert before == {id: part for id, part in after.items() if id in before}


@given(corpora(grouped=False), st.integers(0, 3))
def test_by_labels_as_many_texts_as_parts_are_enough(items, seed):
    is_enough = len({item.sha256 for item in items}) >= len(RATIOS)
    assert (_parts(items, seed=seed) is not None) is is_enough


@pytest.mark.parametrize("seed", range(5))
def test_every_label_is_shared_out_by_the_ratios(seed):
    """Also where one label is in most documents and another in few."""
    items = [
        SplitItem(
            str(number), str(number), {"PER": 1 + number % 4, **({"LAW": 2} if number % 7 == 0 else {})}
        )
        for number in range(140)
    ]
    whole = sum((Counter(item.labels) for item in items), Counter())
    for part in totals(items, split(items, RATIOS, seed=seed), RATIOS):
        share = RATIOS[part.part]
        assert part.documents == pytest.approx(share * len(items), abs=4)
        for label, count in whole.items():
            assert part.labels[label] == pytest.approx(share * count, abs=4)


def test_another_seed_makes_another_split():
    items = [SplitItem(str(number), str(number), {"PER": 1 + number % 3}) for number in range(30)]
    assert len({tuple(sorted(split(items, RATIOS, seed=seed).items())) for seed in range(5)}) == 5
    assert split(items, RATIOS, seed=3) == split(items, RATIOS, seed=3)


def test_by_hash_the_parts_have_about_their_shares():
    items = [SplitItem(str(number), str(number)) for number in range(2000)]
    counts = Counter(split(items, RATIOS, seed=1, by=SplitBy.HASH).values())
    assert counts["train"] == pytest.approx(1600, abs=80)
    assert counts["dev"] == pytest.approx(200, abs=60)


def test_too_few_documents_are_told():
    with pytest.raises(
        InputError, match="2 documents in 2 groups cannot be split into train and dev and test"
    ):
        split([SplitItem("a", "a"), SplitItem("b", "b")], RATIOS)
    with pytest.raises(InputError, match="by hash leave nothing for"):
        split([SplitItem("a", "a")], RATIOS, by=SplitBy.HASH)


def test_a_text_in_two_groups_that_the_hash_parts_is_told():
    items = [SplitItem(f"d{number}", "same", {}, f"g{number}") for number in range(40)]
    with pytest.raises(InputError, match="have the same text"):
        split(items, RATIOS, by=SplitBy.HASH)


def test_what_is_written_twice_is_refused():
    separation = Separation()
    separation.check("train", id="a", sha256="x")
    separation.check("train", id="b", sha256="x")
    with pytest.raises(OutputError, match="text x would be in both train and dev"):
        separation.check("dev", id="c", sha256="x")


@pytest.mark.parametrize(
    ("text", "ratios"),
    [
        ("80/10/10", {"train": 0.8, "dev": 0.1, "test": 0.1}),
        ("3/1", {"train": 0.75, "dev": 0.25}),
        ("50/50/0", {"train": 0.5, "dev": 0.5}),
    ],
)
def test_ratios(text, ratios):
    assert parse_ratios(text) == ratios


@pytest.mark.parametrize(
    "text", ["", "80", "80/x/10", "1/1/1/1", "0/50/50", "80/0/20", "-1/1/1", "inf/1/1", "nan/1"]
)
def test_what_is_no_split_is_refused(text):
    with pytest.raises(UsageError, match="is no split"):
        parse_ratios(text)
