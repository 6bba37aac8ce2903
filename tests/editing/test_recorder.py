"""Steps told in a few words."""

from __future__ import annotations

import pytest

from annotator.editing.recorder import describe
from annotator.model.decisions import By, Decision, Verb
from annotator.model.spans import Span

SPAN = Span(0, 3, "PERSON")


def decision(seq: int, verb: Verb, *, by: By = By.KEY, after: Span | None = SPAN) -> Decision:
    return Decision(seq, 1, verb, "anna", "2026-11-22T14:02:11Z", span=f"{seq:012x}", after=after, by=by)


@pytest.mark.parametrize(
    ("verbs", "by", "words"),
    [
        ([Verb.RELABEL], By.KEY, "relabel to PERSON"),
        ([Verb.ACCEPT], By.KEY, "accept"),
        ([Verb.RESIZE], By.KEY, "resize"),
        ([Verb.ACCEPT, Verb.ACCEPT, Verb.ACCEPT], By.BULK, "accept of 3"),
        ([Verb.FINISH], By.DOCUMENT, "finish"),
        ([Verb.ACCEPT, Verb.ACCEPT, Verb.FINISH], By.DOCUMENT, "finish with 2 accepted"),
        ([Verb.ADD, Verb.ADD, Verb.FINISH], By.IMPORT, "import of 2"),
        ([Verb.ADD, Verb.ADD, Verb.SKIP], By.IMPORT, "import of 2"),
    ],
)
def test_a_step_is_described_by_its_verb_and_how_many_it_took(verbs: list[Verb], by: By, words: str) -> None:
    assert describe([decision(seq, verb, by=by) for seq, verb in enumerate(verbs, 1)]) == words
