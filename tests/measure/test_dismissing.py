"""What was dismissed stays so until something new joins it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.measure.audit import AuditedText, audit
from annotator.measure.consistency import Finding
from annotator.measure.dismissals import dismissal, parted
from annotator.model.dismissals import Dismissal, withdrawing
from tests.measure.test_consistency import marked

WHEN, LATER = "2026-11-22T14:02:11Z", "2026-11-23T09:00:00Z"
ROME = ["[Rome:LOC]", "[Rome:LOC]", "[Rome:LOC]", "[Rome:ORG]"]


def audited(*texts: str, annotator: str = "ada") -> list[Finding]:
    sets = [marked(text, document=str(number), annotator=annotator) for number, text in enumerate(texts)]
    return audit(sets, {each.document: AuditedText(each.text) for each in sets}.get)


def dismissed(*texts: str, when: str = WHEN) -> list[Dismissal]:
    """A judgement of each finding in these texts."""
    return [dismissal(each, who="kim", when=when) for each in audited(*texts)]


@pytest.mark.parametrize(
    ("why", "then", "now", "comes_back"),
    [
        ("nothing changed", ROME, ROME, False),
        ("one more of the majority", ROME, [*ROME, "[Rome:LOC]"], False),
        ("one more of the minority", ROME, [*ROME, "[Rome:ORG]"], True),
        ("a new label", ROME, [*ROME, "[Rome:PER]"], True),
        ("one of the minority is gone, another came", ROME, [*ROME[:3], "[Rome:LOC]", "[Rome:ORG]"], True),
        ("some of the majority are gone", [*ROME, "[Rome:ORG]"], ["", "", *ROME[2:], "[Rome:ORG]"], False),
        ("the minority became the majority", ROME, [*ROME, *["[Rome:ORG]"] * 5], True),
        ("a tie as before", ROME[2:], ROME[2:], False),
        ("a tie has one more", ROME[2:], [*ROME[2:], "[Rome:LOC]"], True),
        ("missed as before", [*ROME[:3], "Rome"], [*ROME[:3], "Rome", "[Rome:LOC]"], False),
        ("missed, now mostly of another label", [*ROME[:3], "Rome"], ["", "", "", "Rome", "[Rome:ORG] [Rome:ORG]"], False),
        ("missed once more", [*ROME[:3], "Rome"], [*ROME[:3], "Rome", "Rome"], True),
        ("an edge as before", ["the [Hague:LOC]", "[the Hague:LOC]"], ["the [Hague:LOC]", "[the Hague:LOC]"], False),
        (
            "an edge elsewhere",
            ["the [Hague:LOC]", "[the Hague:LOC]"],
            ["the [Hague:LOC]", "[the Hague:LOC]", "[the Hague:LOC]", "the [Hague:LOC]"],
            True,
        ),
        ("another edge", ["the [Hague:LOC]", "[the Hague:LOC]"], ["[Hague:LOC]'s", "[Hague's:LOC]"], True),
    ],
)  # fmt: skip
def test_a_finding_comes_back_when_something_joins_it(
    why: str, then: list[str], now: list[str], comes_back: bool
) -> None:
    told, silent = parted(audited(*now), dismissed(*then))
    assert (len(told), len(silent)) == ((1, 0) if comes_back else (0, 1)), why


def test_what_was_taken_back_is_told_again() -> None:
    findings = audited(*ROME)
    judged = withdrawing(dismissed(*ROME), {each.key for each in findings}, when=LATER)
    assert parted(findings, judged) == (findings, [])
    assert parted(findings, [*judged, *dismissed(*ROME)]) == ([], findings)


def test_two_peoples_judgements_add_up() -> None:
    ours, theirs = dismissed(*ROME), dismissed(*ROME[:3], "", "[Rome:ORG]", when=LATER)
    told, silent = parted(audited(*ROME, "[Rome:ORG]"), [*theirs, *ours])
    assert (len(told), len(silent)) == (0, 1)


def test_anothers_sets_are_judged_by_what_stands_there() -> None:
    assert parted(audited(*ROME, annotator="ben"), dismissed(*ROME))[0] == []


def test_kinds_of_one_text_are_judged_apart() -> None:
    texts = [*ROME, "Rome"]
    labels, missed = sorted(audited(*texts), key=lambda each: each.kind)
    told, silent = parted([labels, missed], [dismissal(missed, who="kim", when=WHEN)])
    assert (told, silent) == ([labels], [missed])
    assert parted([replace(missed, surface="Oslo")], [dismissal(missed, who="kim", when=WHEN)])[1] == []
