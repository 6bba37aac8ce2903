"""A store opened for review: who takes part, what is shown next, what is saved, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from annotator.errors import DamageError, InputError, SaveError
from annotator.model.decisions import Decision, Status, Verb, new_uid
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Counts
from annotator.review.conflicts import Kind
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace.events import ConflictsCounted, Event, Weighed, Weighing
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.review.workspace import ReviewOptions, ReviewWorkspace
from tests.reviewed import FIRST, JONAS, MIRA, SECOND, THIRD, finish, make_store, span

Opener = Callable[..., ReviewWorkspace]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "store")


@pytest.fixture
def review(store: Store) -> Iterator[Opener]:
    """Opens the store, or another one, for a review with these options; all are closed with the test."""
    opened: list[ReviewWorkspace] = []

    def open_one(*, of: Store | None = None, reviewer: str = "lea", **options: Any) -> ReviewWorkspace:
        workspace = ReviewWorkspace(
            of or Store.open(store.path),
            reviewer=reviewer,
            settings=Settings(backups=0),
            options=ReviewOptions(**options),
        )
        opened.append(workspace)
        return workspace

    yield open_one
    for workspace in opened:
        workspace.close()


def texts(workspace: ReviewWorkspace, document_id: str) -> list[str]:
    """The words of a document's open conflicts."""
    session = workspace.open(document_id).session
    return [session.editor.text(each.start, each.end) for each in session.navigation.open]


# Who takes part, and what is next


def test_documents_that_enough_have_finished_are_reviewed_and_others_wait(review: Opener) -> None:
    workspace = review()
    assert workspace.annotators == ("jonas", "mira")
    assert workspace.route.queue.reviewable == ["first", "second"]
    assert workspace.route.waiting == 1
    with pytest.raises(InputError, match="waits for others: mira of 2"):
        workspace.open("third")
    assert workspace.route.neighbour("second", 1) is None


def gold_texts(path: Path) -> list[str]:
    """The words of the gold spans of the first document, as they are saved."""
    gold = Store.open(path).load_set("first", "gold", gold=True)
    return [FIRST[span.start : span.end] for span in gold.spans]


def test_looking_at_documents_writes_no_gold(review: Opener, store: Store) -> None:
    workspace = review()
    session = workspace.open("first").session
    session.next_open()
    workspace.open("second")
    assert workspace.save_state(session.editor).is_saved
    assert workspace.unsaved_decisions() == 0
    assert [row.status for row in workspace.rows()] == [Status.TODO, Status.TODO]
    workspace.close()
    assert not (store.path / "annotations" / "gold").exists()


def test_what_all_share_is_saved_with_the_first_decision_under_the_reviewers_name(
    review: Opener, store: Store
) -> None:
    workspace = review()
    opened = workspace.open("first")
    assert opened.message == "took 2 spans that all 2 share"
    opened.session.no_entity()
    workspace.save(opened.session.editor)
    assert workspace.flush() is None
    assert gold_texts(store.path) == ["Nicolás Maduro", "Valdora"]
    gold = Store.open(store.path).load_set("first", "gold", gold=True)
    assert {decision.who for decision in gold.decisions} == {"lea"}


def test_finishing_a_document_on_which_all_agree_saves_what_they_share(store: Store, review: Opener) -> None:
    for name in ("mira", "jonas"):
        finish(store, "third", name, [span(THIRD, "Valdora", "GPE")])
    workspace = review()
    session = workspace.open("third").session
    session.finish()
    workspace.save(session.editor)
    assert workspace.flush() is None
    gold = Store.open(store.path).load_set("third", "gold", gold=True)
    assert (gold.status, len(gold.spans)) == (Status.DONE, 1)


def test_what_could_not_be_saved_is_not_called_saved_after_the_document_is_opened_again(
    store: Store, review: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = review()
    session = workspace.open("first").session

    save = Store.save

    def fail(store: Store, snapshot: SetSnapshot) -> None:
        if snapshot.annotator == "gold":
            raise SaveError("the disk is full", hint="free some space")
        save(store, snapshot)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "save", fail)
        session.no_entity()
        workspace.save(session.editor)
        assert workspace.flush() is not None
        finish(store, "first", "jonas", [span(FIRST, "Nicolás Maduro", "PERSON")])
        again = workspace.open("first").session
        assert again is not session
        assert not workspace.save_state(again.editor).is_saved
    workspace.retry()
    assert workspace.flush() is None


def test_the_review_begins_with_the_first_open_conflict_and_goes_on_to_the_next(review: Opener) -> None:
    workspace = review()
    assert workspace.route.first() == "first"
    session = workspace.open("first").session
    assert workspace.route.following("first", is_open=True) == "second"
    while session.counts.open:
        session.take(1)
    session.finish()
    workspace.route.note(session)
    assert workspace.route.following("second", is_open=True) is None
    assert workspace.route.first() == "second"


def test_a_session_is_kept_with_its_cursor(review: Opener) -> None:
    workspace = review()
    session = workspace.open("first").session
    session.next_open()
    workspace.open("second")
    again = workspace.open("first")
    assert again.session is session
    assert again.message == ""


def test_a_filter_holds_for_every_document(review: Opener) -> None:
    workspace = review()
    workspace.route.filter = Filter(kind=Kind.LABEL)
    assert texts(workspace, "first") == ["San Félix"]
    assert workspace.route.following("first", is_open=True) is None
    workspace.route.filter = Filter(kind=Kind.BOUNDARY)
    assert workspace.route.following("first", is_open=True) == "second"
    assert workspace.route.preceding("second") == "first"


def test_names_that_take_part_can_be_chosen(store: Store, review: Opener) -> None:
    finish(store, "second", "kim", [])
    workspace = review(of=store, names=["kim", "mira"])
    assert workspace.route.queue.reviewable == ["second"]
    assert workspace.open("second").session.annotators == ("kim", "mira")


# Counting beside the screen


def collect(workspace: ReviewWorkspace, last: type) -> list[ConflictsCounted | Weighing | Weighed]:
    """What the survey tells, up to an event of this kind."""
    events: list[ConflictsCounted | Weighing | Weighed] = []
    is_there = Flag()

    def listen(event: Event) -> None:
        if isinstance(event, ConflictsCounted | Weighing | Weighed):
            events.append(event)
        if isinstance(event, last):
            is_there.set()

    workspace.listener = listen
    workspace.start_survey()
    assert is_there.wait(20)
    return events


def test_the_survey_counts_what_sessions_would_show(review: Opener) -> None:
    workspace = review()
    assert not workspace.route.is_counted
    for event in collect(workspace, ConflictsCounted):
        workspace.take(event)
    assert workspace.route.totals == Counts(open=5, settled=0)
    assert workspace.route.is_counted
    for document_id in ("first", "second"):
        workspace.open(document_id)
    assert workspace.route.totals == Counts(open=5, settled=0)


def test_what_a_session_knows_is_newer_than_the_survey(review: Opener) -> None:
    workspace = review()
    session = workspace.open("second").session
    session.take(1)
    workspace.route.note(session)
    for event in collect(workspace, ConflictsCounted):
        workspace.take(event)
    assert workspace.route.counted["second"] == Counts(open=0, settled=1)


def test_annotators_are_weighed_beside_the_screen(store: Store, review: Opener) -> None:
    """Kim agrees with mira; until that is known nothing is preselected, and why is said."""
    for document_id, marks in MIRA.items():
        text = store.document(document_id).text
        finish(store, document_id, "kim", [span(text, *each) for each in marks])  # type: ignore[arg-type]
    workspace = review(of=store, is_weighted=True)
    session = workspace.open("first").session
    proposal = session.proposal()
    assert proposal is not None
    assert (proposal.version, proposal.reason) == (None, "the annotators are being weighed")
    for event in collect(workspace, Weighed):
        workspace.take(event)
    proposal = session.proposal()
    assert proposal is not None
    assert proposal.version is not None
    assert proposal.version.annotators == ("kim", "mira")
    assert workspace.weighing is None


def test_two_annotators_cannot_be_weighed(review: Opener) -> None:
    with pytest.raises(InputError, match="at least 3"):
        review(is_weighted=True)


# The model, names, spot checks


def test_the_model_can_be_one_more_annotator(store: Store, review: Opener) -> None:
    pipeline = resolve()
    document = store.document("third")
    place = span(document.text, "Valdora", "PERSON")
    suggestion = Suggestion(place.start, place.end, "PERSON", score=0.9, source_label="PERSON")
    answer = Answer("third", document.sha256, stand_in_tokens(document.text), (suggestion,), pipeline.name)
    PipelineAnswers(store, pipeline).keep(answer)
    workspace = review(of=store, takes_model=True)
    assert workspace.route.queue.reviewable == ["first", "second", "third"]
    session = workspace.open("third").session
    assert session.annotators == ("mira", f"model:{pipeline.title}")
    assert [each.kind for each in session.navigation.open] == [Kind.LABEL]


def test_the_letters_that_hide_names_are_shuffled_for_each_document(review: Opener) -> None:
    letters = set()
    for seed in range(8):
        workspace = review(hides_names=True, seed=seed)
        first, second = (workspace.open(document).session for document in ("first", "second"))
        names = [first.name(annotator) for annotator in workspace.annotators]
        assert sorted(names) == ["A", "B"]
        letters.add(names == [second.name(annotator) for annotator in workspace.annotators])
        workspace.close()
    assert letters == {True, False}


def test_spot_checks_are_open_conflicts(review: Opener) -> None:
    assert texts(review(check_share=1.0), "second") == ["Anh Nguyễn", "Hue", "The Red River"]


# Reviewing again


def settle(workspace: ReviewWorkspace, document_id: str) -> None:
    """Take the first version everywhere, and finish."""
    session = workspace.open(document_id).session
    while session.counts.open:
        session.take(1)
    session.finish()
    workspace.save(session.editor)
    workspace.route.note(session)


def test_settled_decisions_stay_when_an_annotator_goes_on(store: Store, review: Opener) -> None:
    """Only what is new is open, also in a document that was done; its review comes up again by itself."""
    workspace = review()
    settle(workspace, "first")
    settle(workspace, "second")
    workspace.close()

    spans = [span(SECOND, *each) for each in JONAS["second"]]  # type: ignore[arg-type]
    finish(store, "second", "jonas", [*spans, span(SECOND, "Hue", "LOC", 2)], when="2099-01-01T00:00:00Z")
    later = review()
    assert later.route.first() == "second"
    opened = later.open("second")
    assert opened.session.gold.status is Status.DONE
    assert "this is new" in opened.message
    assert [(each.start, each.label) for each in opened.session.navigation.open] == [
        (SECOND.rindex("Hue"), "LOC")
    ]


def test_a_set_that_changes_while_the_review_is_open_is_read_again(store: Store, review: Opener) -> None:
    workspace = review(of=store)
    session = workspace.open("second").session
    session.take(1)
    workspace.open("first")
    finish(store, "second", "jonas", [span(SECOND, *each) for each in MIRA["second"]])  # type: ignore[arg-type]
    again = workspace.open("second").session
    assert again is not session
    assert again.gold is session.gold
    assert [each.kind for each in again.navigation.open] == [Kind.CHECK]  # what was rejected all have now


# What cannot be read, and who may write


def test_a_damaged_set_is_left_out_and_named(store: Store, review: Opener) -> None:
    finish(store, "second", "kim", [])
    (path,) = (store.path / "annotations" / "kim").rglob("second.json")
    store.close()
    workspace = review(of=Store.open(store.path))
    path.write_bytes(path.read_bytes()[:-20])
    assert workspace.open("second").session.annotators == ("jonas", "mira")
    assert workspace.damage is not None
    assert "second.json" in workspace.damage.message


def test_a_document_that_cannot_be_read_is_passed_by(store: Store, review: Opener) -> None:
    workspace = review(of=Store.open(store.path))
    (path,) = (store.path / "documents").rglob("first.json")
    path.write_bytes(path.read_bytes()[:-20])
    assert workspace.route.first() == "second"
    assert workspace.damage is not None
    assert "first.json" in workspace.damage.message
    with pytest.raises(DamageError):
        workspace.open("first")
    assert workspace.route.neighbour("second", -1) is None


def test_a_set_that_was_reopened_does_not_take_part(store: Store, review: Opener) -> None:
    workspace = review(of=store)
    found = store.load_set("second", "jonas")
    seq = found.revision + 1
    found.apply(
        Decision(seq, found.last_step + 1, Verb.REOPEN, "jonas", "2026-11-21T10:00:00Z", uid=new_uid())
    )
    store.save(SetSnapshot.of(found))
    with pytest.raises(InputError, match="waits for others"):
        workspace.open("second")


def test_a_second_reviewer_opens_read_only(review: Opener) -> None:
    one, other = review(), review(reviewer="kai")
    assert one.read_only is None
    assert other.read_only is not None
    assert "open by" in other.read_only
    session = other.open("first").session
    session.take(1)
    other.save(session.editor)
    assert other.flush() is None
    assert Store.open(other.store.path).load_set("first", "gold", gold=True).revision == 0
    one.close()
    assert other.try_writing()


def test_two_reviewers_without_a_lock_do_not_overwrite_each_other(
    review: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk without locks the second to save gets a version of its own, to choose from."""
    from annotator.store.locks import Locks

    def none(self: Locks, path: Path) -> int:
        raise OSError("no locks here")

    monkeypatch.setattr(Locks, "_lock", none)
    one, other = review(), review(reviewer="kai")
    opened = []
    for workspace in (one, other):
        opened.append((workspace, workspace.open("first").session))
        workspace.flush()  # what all share is taken on opening, so the second is beside the first from here on
    for workspace, session in opened:
        session.take(1)
        workspace.save(session.editor)
        workspace.flush()
    assert other.has_versions("first")
    main, beside = other.versions("first")
    other.choose("first", beside.name)
    chosen = other.open("first").session.gold
    assert chosen.decisions[-1].who == "kai"
    assert main.annotation_set is not None
    assert main.annotation_set.decisions[-1].who == "lea"


@pytest.mark.parametrize(
    ("work", "options", "message"),
    [
        ({}, {}, "nobody has finished"),
        ({"mira": MIRA}, {}, "only mira has finished"),
        ({"mira": {"first": []}, "jonas": {"second": []}}, {}, "no document was finished by 2"),
        ({"mira": MIRA, "jonas": JONAS}, {"names": ["gold"]}, "gold is what a review makes"),
        ({"mira": MIRA, "jonas": JONAS}, {"names": ["eve"]}, "eve has annotated nothing"),
        ({"mira": MIRA, "jonas": JONAS}, {"minimum": 3}, "no document was finished by 3"),
        ({"mira": MIRA, "jonas": JONAS}, {"reviewer": "gold"}, '"gold" is the name'),
    ],
)
def test_what_cannot_be_reviewed_is_told(
    tmp_path: Path, review: Opener, work: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        review(of=make_store(tmp_path / "other", work), **options)
    assert caught.value.hint


def test_one_annotator_can_be_reviewed_when_asked_to(tmp_path: Path, review: Opener) -> None:
    workspace = review(of=make_store(tmp_path / "other", {"mira": MIRA}), minimum=1)
    assert workspace.open("third").session.counts == Counts()
