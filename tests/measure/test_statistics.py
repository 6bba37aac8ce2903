"""What an annotator's work is counted as: outcomes, costs and the quality of suggestions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.measure.statistics import Cost, Outcome, Quality, Statistics, facts_of
from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.decisions import By, Decision, Status, Verb
from annotator.model.spans import Span, Suggestion


def _set(
    *steps: tuple[Verb, Span | None, Suggestion | None, By],
    document: str = "one",
    effort: Effort | None = None,
    when: str = "2026-11-22T14:02:11Z",
) -> AnnotationSet:
    made = AnnotationSet(document, "ada", effort=effort)
    for number, (verb, after, suggestion, by) in enumerate(steps, 1):
        span = f"s{number}" if after else None
        made.apply(Decision(number, number, verb, "ada", when, span, None, after, suggestion, by))
    return made


def _finished(document: str, when: str, *, keys: int = 5, is_blind: bool = False) -> AnnotationSet:
    span = Span(0, 3, "PER")
    kept = (
        (Verb.ADD, span, None, By.KEY) if is_blind else (Verb.ACCEPT, span, Suggestion(0, 3, "PER"), By.KEY)
    )
    return _set(
        kept,
        (Verb.FINISH, None, None, By.DOCUMENT),
        document=document,
        effort=Effort(30.0, keys, is_blind),
        when=when,
    )


def test_each_outcome_is_told_with_how_it_was_decided():
    made = _set(
        (Verb.ACCEPT, Span(0, 3, "PER"), Suggestion(0, 3, "PER"), By.KEY),
        (Verb.ACCEPT, Span(4, 7, "PER"), Suggestion(4, 7, "PER"), By.DOCUMENT),
        (Verb.RELABEL, Span(8, 11, "ORG"), Suggestion(8, 11, "PER"), By.BULK),
        (Verb.RESIZE, Span(12, 16, "PER"), Suggestion(12, 15, "PER"), By.KEY),
        (Verb.RELABEL, Span(17, 21, "ORG"), Suggestion(18, 21, "PER"), By.KEY),
        (Verb.REJECT, None, Suggestion(22, 25, "PER"), By.KEY),
        (Verb.ADD, Span(26, 29, "LOC"), None, By.KEY),
        (Verb.ADD, Span(30, 33, "LOC"), None, By.IMPORT),
    )
    facts = facts_of(made)
    assert facts.outcomes == {
        (Outcome.ACCEPTED, By.KEY): 1,
        (Outcome.ACCEPTED, By.DOCUMENT): 1,
        (Outcome.RELABELLED, By.BULK): 1,
        (Outcome.RESIZED, By.KEY): 1,
        (Outcome.BOTH, By.KEY): 1,
        (Outcome.REJECTED, By.KEY): 1,
        (Outcome.ADDED, By.KEY): 1,
    }
    assert facts.labels == {"PER": 3, "ORG": 2, "LOC": 2}
    quality = Quality.of([facts])
    assert (quality.right, quality.offered, quality.wanted) == (2, 6, 6)
    assert (quality.precision, quality.recall, quality.f1) == (2 / 6, 2 / 6, 4 / 12)


def test_what_was_taken_back_does_not_count():
    made = _set((Verb.ACCEPT, Span(0, 3, "PER"), Suggestion(0, 3, "PER"), By.KEY))
    made.apply(Decision(2, 1, Verb.UNDO, "ada", "2026-11-22T14:02:12Z"))
    facts = facts_of(made)
    assert not facts.outcomes
    assert not facts.labels
    assert Quality.of([facts]).f1 is None


def test_a_set_is_finished_when_it_was_finished_last():
    made = _finished("one", "2026-11-20T10:00:00Z")
    made.apply(Decision(3, 3, Verb.REOPEN, "ada", "2026-11-21T10:00:00Z"))
    assert facts_of(made).finished == ""
    made.apply(Decision(4, 4, Verb.FINISH, "ada", "2026-11-22T10:00:00Z"))
    assert facts_of(made).finished == "2026-11-22T10:00:00Z"


def test_costs_are_of_those_that_cost_anything_and_blind_ones_stand_apart():
    sets = [
        _finished("a", "2026-11-20T10:00:00Z", keys=4),
        _finished("b", "2026-11-21T10:00:00Z", keys=8),
        _finished("c", "2026-11-19T10:00:00Z", keys=20, is_blind=True),
        _finished("imported", "2026-11-19T09:00:00Z", keys=0),
        _set((Verb.ADD, Span(0, 3, "PER"), None, By.KEY), document="d"),
    ]
    found = Statistics.of("ada", 7, map(facts_of, sets))
    assert found.statuses == {Status.DONE: 4, Status.STARTED: 1, Status.TODO: 2}
    assert [each.document_id for each in found.done] == ["imported", "c", "a", "b"]
    assert Cost.of(found.kind(is_blind=False)) == Cost(2, 2, 30.0, 6, 30.0, 6.0)
    assert Cost.of(found.kind(is_blind=True)) == Cost(1, 1, 30.0, 20, 30.0, 20.0)
    assert [part.f1 for part in found.quality_over_time(10)] == [1.0, 1.0, 1.0]


def test_nothing_done_leaves_every_figure_undefined():
    found = Statistics.of("ada", 3, [])
    assert Cost.of(found.done) == Cost(0, 0, None, None, None, None)
    assert found.quality_over_time(5) == []
    assert found.as_json()["all"]["suggestions"]["f1"] is None
    assert found.as_json()["status"] == {"todo": 3, "started": 0, "done": 0, "skipped": 0}


@given(st.integers(0, 40), st.integers(1, 12))
def test_parts_in_time_have_all_finished_sets_in_order(count, parts):
    sets = [_finished(f"d{n:02}", f"2026-11-22T{n % 24:02}:00:00Z") for n in range(count)]
    found = Statistics.of("ada", count, map(facts_of, sets))
    over_time = found.quality_over_time(parts)
    assert len(over_time) == min(parts, count)
    assert sum(part.right for part in over_time) == count
    assert not over_time or max(p.right for p in over_time) - min(p.right for p in over_time) <= 1


def test_reading_speed_is_the_median_of_what_was_worked_on() -> None:
    """Thirty seconds each; an import has read nothing."""
    sets = [
        (_finished("a", "2026-11-20T10:00:00Z"), 100),
        (_finished("b", "2026-11-20T11:00:00Z"), 120),
        (_finished("skimmed", "2026-11-20T12:00:00Z"), 301),
        (_finished("imported", "2026-11-20T09:00:00Z", keys=0), 9000),
    ]
    cost = Cost.of([facts_of(each, words=words) for each, words in sets])
    assert cost.words_per_minute == 240
    assert cost.too_fast == 1


def test_without_a_length_there_is_no_reading_speed() -> None:
    cost = Cost.of([facts_of(_finished("a", "2026-11-20T10:00:00Z"))])
    assert (cost.words_per_minute, cost.too_fast) == (None, 0)
