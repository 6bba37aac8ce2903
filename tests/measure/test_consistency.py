"""The consistency audit: what is planted is found, nothing else is, and mending leaves nothing to find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.measure.audit import EXAMPLES, AuditedSet, AuditedText, audit
from annotator.measure.consistency import UNMARKED, WITH, WITHOUT, Finding, Mend
from annotator.model.dismissals import FindingKind
from annotator.model.edges import Edge, EdgeKind
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from tests.planted import FOUND, GOOD, PLANTED


def marked(text: str, *, document: str = "", annotator: str = "ada", is_done: bool = True) -> AuditedSet:
    """A set from a text where [Rome:LOC] is a span, and [Rome:] a rejection."""
    plain, spans, rejected = "", [], []
    rest = text
    while "[" in rest:
        before, _, rest = rest.partition("[")
        inside, _, rest = rest.partition("]")
        surface, _, label = inside.rpartition(":")
        plain += before
        (spans if label else rejected).append(Span(len(plain), len(plain) + len(surface), label))
        plain += surface
    return AuditedSet(document or text, annotator, plain + rest, spans, rejected, is_done=is_done)


def found(sets: Iterable[AuditedSet]) -> list[Finding]:
    sets = list(sets)
    texts = {each.document: AuditedText(each.text, each.tokens) for each in sets}
    return audit(sets, texts.get)


def audited(*texts: str) -> list[Finding]:
    return found(marked(text, document=str(number)) for number, text in enumerate(texts))


def seen(findings: Iterable[Finding]) -> list[tuple[str, str, dict[str, int], str | None]]:
    return [(one.kind.value, one.surface, dict(one.counts), one.majority) for one in findings]


@pytest.mark.parametrize(
    ("why", "texts", "expected"),
    [
        ("nothing", [""], []),
        ("all alike", ["[Rome:LOC] and [Rome:LOC]", "[Rome:LOC]"], []),
        (
            "two labels",
            ["[Rome:LOC]", "[Rome:LOC]", "[Rome:ORG]"],
            [("labels", "Rome", {"LOC": 2, "ORG": 1}, "LOC")],
        ),
        ("a tie", ["[Rome:LOC]", "[Rome:ORG]"], [("labels", "Rome", {"LOC": 1, "ORG": 1}, None)]),
        (
            "white space is one",
            ["[New\nYork:LOC]", "[New York:ORG]"],
            [("labels", "New York", {"LOC": 1, "ORG": 1}, None)],
        ),
        (
            "missed",
            ["[Rome:LOC] [Rome:LOC]", "in Rome"],
            [("missed", "Rome", {"LOC": 2, UNMARKED: 1}, "LOC")],
        ),
        ("not more often marked", ["[Rome:LOC]", "in Rome"], []),
        ("a part of a word", ["[Rome:LOC] [Rome:LOC]", "Romeo"], []),
        ("in other letters", ["[Rome:LOC] [Rome:LOC]", "ROME rome"], []),
        ("inside another span", ["[Rome:LOC] [Rome:LOC]", "[Rome Post:ORG]"], []),
        (
            "inside a longer name that is not marked",
            ["[Rome:LOC] [Rome:LOC] [Rome Post:ORG] [Rome Post:ORG]", "Rome Post"],
            [("missed", "Rome Post", {"ORG": 2, UNMARKED: 1}, "ORG")],
        ),
        ("rejected there", ["[Rome:LOC] [Rome:LOC]", "[Rome:]"], []),
        ("rejected and missed as often as marked", ["[Rome:LOC] [Rome:LOC]", "[Rome:] Rome"], []),
        (
            "an article",
            ["the [State Department:ORG]", "The [State Department:ORG]", "[the State Department:ORG]"],
            [("edges", "State Department", {WITHOUT: 2, WITH: 1}, WITHOUT)],
        ),
        ("no article there", ["[State Department:ORG]", "[the State Department:ORG]"], []),
        (
            "a possessive",
            ["[Obama:PER]'s", "[Obama's:PER]"],
            [("edges", "Obama", {WITH: 1, WITHOUT: 1}, None)],
        ),
    ],
)
def test_findings(
    why: str, texts: list[str], expected: list[tuple[str, str, dict[str, int], str | None]]
) -> None:
    assert seen(audited(*texts)) == expected, why


def test_several_labels_at_one_place_are_meant() -> None:
    stacked = AuditedSet("one", "ada", "Rome", [Span(0, 4, "LOC"), Span(0, 4, "ORG")])
    assert found([stacked]) == []


def test_what_is_not_marked_in_an_open_document_says_nothing() -> None:
    sets = [marked("[Rome:LOC] [Rome:LOC]"), marked("in Rome", is_done=False)]
    assert found(sets) == []
    sets[1] = replace(sets[1], is_done=True)
    assert [one.kind for one in found(sets)] == [FindingKind.MISSED]


def test_mentions_and_mends_stay_on_the_documents_tokens() -> None:
    sets = [
        marked("[Rome:LOC] [Rome:LOC], [Delhi:LOC]'s"),
        replace(marked("Rome-based"), tokens=Tokens([(0, 10)], tokenizer="coarse")),
        replace(marked("[Delhi's:LOC]"), tokens=Tokens([(0, 7)], tokenizer="coarse")),
    ]
    assert found(sets) == []
    assert len(found([replace(each, tokens=None) for each in sets])) == 2


def test_places_say_who_and_where_and_what_the_other_way_would_be() -> None:
    sets = [
        marked("in the [Hague:LOC]", document="b"),
        marked("in the [Hague:LOC]", document="a", annotator="bob"),
        marked("in [the Hague:LOC]", document="c"),
    ]
    (finding,) = found(sets)
    assert finding.edge == Edge(EdgeKind.ARTICLE, "the")
    assert [(one.document, one.annotator, one.start, one.end, one.treatment) for one in finding.places] == [
        ("a", "bob", 7, 12, WITHOUT),
        ("b", "ada", 7, 12, WITHOUT),
        ("c", "ada", 3, 12, WITH),
    ]
    assert finding.odd == finding.places[2:]
    assert list(finding.mends()) == [Mend(finding.places[2], 7, 12, "LOC")]
    assert list(finding.mends(WITH)) == [Mend(place, 3, 12, "LOC") for place in finding.places[:2]]


def test_a_tie_is_mended_only_as_told() -> None:
    (finding,) = audited("[Rome:LOC]", "[Rome:ORG]")
    assert list(finding.mends()) == []
    assert finding.odd == finding.places
    assert [(mend.place.document, mend.label) for mend in finding.mends("ORG")] == [("0", "ORG")]
    with pytest.raises(ValueError, match="no treatment"):
        list(finding.mends("PER"))


def test_a_missed_text_has_all_its_places_and_some_examples() -> None:
    (finding,) = audited(*["[Rome:LOC]"] * 20, *["Rome"] * 9)
    assert len(finding.odd) == 9
    assert len(finding.places) == 9 + EXAMPLES
    assert EXAMPLES == 5
    assert [mend.label for mend in finding.mends()] == ["LOC"] * 9
    with pytest.raises(ValueError, match="no treatment"):
        list(finding.mends(UNMARKED))


def test_of_a_missed_text_only_the_unmarked_places_are_odd() -> None:
    findings = audited("[Rome:LOC] [Rome:LOC]", "[Rome:ORG]", "Rome")
    missed = next(one for one in findings if one.kind is FindingKind.MISSED)
    assert [one.document for one in missed.odd] == ["2"]
    assert [mend.place.document for mend in missed.mends()] == ["2"]
    assert missed.mend(missed.places[0], "ORG") is None


def test_what_promises_most_comes_first() -> None:
    findings = audited(
        *["[Rome:LOC]"] * 9,
        "[Rome:ORG]",
        *["[Oslo:LOC]", "[Oslo:ORG]"],
        *["[Lima:LOC]"] * 9,
        *["Lima"] * 4,
    )
    assert [one.surface for one in findings] == ["Lima", "Rome", "Oslo"]
    rome = findings[1]
    assert rome.gain == pytest.approx(1 * 10 / 12)


WORDS = [
    "Rome",
    "[Rome:LOC]",
    "[Rome:ORG]",
    "[Rome:]",
    "[the Rome:LOC]",
    "the",
    "[Rome Post:ORG]",
    "Post",
    "\n",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@given(st.lists(TEXTS, max_size=6), st.randoms())
def test_the_order_of_the_sets_does_not_matter(texts: list[str], random: st.Random) -> None:
    sets = [marked(text, document=str(number)) for number, text in enumerate(texts)]
    shuffled = random.sample(sets, len(sets))
    assert found(sets) == found(shuffled)


@given(st.lists(TEXTS, max_size=6))
def test_every_place_is_as_it_is_told(texts: list[str]) -> None:
    sets = {str(number): marked(text, document=str(number)) for number, text in enumerate(texts)}
    for finding in found(sets.values()):
        assert sum(count for _, count in finding.counts) > 1
        if finding.kind is not FindingKind.MISSED:
            assert sum(count for _, count in finding.counts) == len(finding.places)
        for place in finding.places:
            there = sets[place.document]
            at = [each for each in there.spans if (each.start, each.end) == (place.start, place.end)]
            assert [each.label for each in at] == ([place.label] if place.label else [])
            surface = " ".join(there.text[place.start : place.end].split())
            assert surface == finding.surface or finding.kind is FindingKind.EDGES


def mended(sets: list[AuditedSet], findings: Iterable[Finding]) -> list[AuditedSet]:
    spans = {each.document: {(one.start, one.end): one.label for one in each.spans} for each in sets}
    for finding in findings:
        for mend in finding.mends():
            there = spans[mend.place.document]
            there.pop((mend.place.start, mend.place.end), None)
            there[mend.start, mend.end] = mend.label
    return [
        replace(each, spans=[Span(*place, label) for place, label in sorted(spans[each.document].items())])
        for each in sets
    ]


def test_ten_planted_inconsistencies_are_all_that_is_found_and_mending_leaves_none() -> None:
    sets = [marked(text, document=f"{number:05}") for number, text in enumerate([*GOOD, *PLANTED])]
    findings = found(sets)
    assert sorted((one.kind.value, one.surface) for one in findings) == FOUND
    assert sorted(place.document for one in findings for place in one.odd) == [
        f"{number:05}" for number in range(len(GOOD), len(sets))
    ]
    assert found(mended(sets, findings)) == []


def test_one_place_is_mended_as_it_is_told() -> None:
    (labels,) = audited("[Rome:LOC]", "[Rome:ORG]")
    place = labels.places[0]
    assert labels.mend(place, "LOC") is None
    assert labels.mend(place, "MISC") == Mend(place, 0, 4, "MISC")
    (edges,) = audited("in the [Hague:LOC]", "in [the Hague:LOC]")
    place = edges.places[0]
    assert edges.mend(place, WITH) == Mend(place, 3, 12, "LOC")
    for finding, treatment in ((labels, UNMARKED), (edges, "LOC")):
        with pytest.raises(ValueError, match="no treatment"):
            finding.mend(finding.places[0], treatment)
