"""The audit of a store and its mending: what is planted is found, made alike in one step, and taken back by one undo."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.measure.consistency import Finding, Mend, Place
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.workspace.audit.harmonise import Mending, plan_mends
from annotator.workspace.audit.search import audit_store, audited_annotator
from tests.planted import FOUND, LABELS, WHEN, add, made, planted_store, state


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted_store(tmp_path_factory.mktemp("planted")).path


@pytest.fixture
def planted(origin: Path, tmp_path: Path) -> Store:
    """Forty documents that are alike, ten that are not, all anna's; and one of ben's."""
    shutil.copytree(origin, tmp_path / "store")
    return Store.open(tmp_path / "store")


def spans(store: Store, document_id: str, annotator: str = "anna") -> list[tuple[str, str]]:
    text = store.document(document_id).text
    found = store.load_set(document_id, annotator, gold=True).spans
    return [(text[each.start : each.end], each.label) for each in found]


def mends(findings: Iterable[Finding], treatment: str | None = None) -> Iterator[Mend]:
    for finding in findings:
        yield from finding.mends(treatment)


def plan(store: Store, wanted: Iterable[Mend], **options: object) -> Mending:
    return plan_mends(store, wanted, title="mend", who="kim", **options)  # type: ignore[arg-type]


def test_what_is_planted_is_found_mended_in_one_step_and_taken_back_by_one_undo(planted: Store) -> None:
    before = state(planted)
    found = audit_store(planted, "anna")
    assert (found.sets, found.unreadable) == (50, {})
    assert sorted((one.kind.value, one.surface) for one in found.findings) == FOUND
    mending = plan(planted, mends(found.findings))
    assert (mending.spans, mending.sets, mending.skipped) == (10, 10, ())
    assert state(planted) == before
    steps = Steps(planted)
    assert steps.make(mending.plan).left_out == ()
    assert spans(planted, "d040") == [("Barton", "LOC")]
    assert spans(planted, "d044") == [("Felton", "LOC")]
    assert spans(planted, "d047") == [("Barton Society", "ORG")]
    assert audit_store(Store.open(planted.path), "anna").findings == []
    last = steps.last(changes_labels=False)
    assert last is not None
    assert steps.undo(last, who="kim").left_out == ()
    assert state(Store.open(planted.path)) == before
    assert list(check(Files(planted.path))) == []


def test_progress_is_told_and_may_end_the_audit(planted: Store) -> None:
    told: list[tuple[int, int]] = []
    audit_store(planted, "anna", on_progress=lambda *numbers: told.append(numbers))
    assert told == [(number, 100) for number in range(1, 101)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        audit_store(planted, "anna", on_progress=stop)


def test_status_notes_and_doubts_stay(tmp_path: Path) -> None:
    store = made(tmp_path, "[Rome:LOC] [Rome:LOC] [Rome:LOC] [Rome:LOC]", "[Rome:ORG]")
    annotation_set = store.load_set("d001", "anna")
    (decided,) = annotation_set.spans
    span = Span(0, 4, "ORG", "really?", True, "Q220")
    annotation_set.apply(Decision(3, 3, Verb.NOTE, "anna", WHEN, decided.uid, decided.span, span, uid="n"))
    store.save(SetSnapshot.of(annotation_set))
    add(store, "open", "[Rome:ORG]", "anna", None)
    add(store, "aside", "[Rome:ORG]", "anna", Verb.SKIP)
    found = audit_store(store, "anna", takes_all=True)
    Steps(store).make(plan(store, mends(found.findings)).plan)
    assert [each.span for each in store.load_set("d001", "anna").spans] == [
        Span(0, 4, "LOC", "really?", True, "Q220")
    ]
    statuses = [store.load_set(each, "anna").status for each in ("d001", "open", "aside")]
    assert statuses == [Status.DONE, Status.STARTED, Status.SKIPPED]


def test_only_finished_sets_count_unless_all_are_asked_for(tmp_path: Path) -> None:
    store = made(tmp_path, "[Rome:LOC] [Rome:LOC]")
    add(store, "open", "[Rome:ORG] Rome", "anna", None)
    assert audit_store(store, "anna").findings == []
    (finding,) = audit_store(store, "anna", takes_all=True).findings
    assert finding.counts == (("LOC", 2), ("ORG", 1))


@pytest.mark.parametrize(
    ("why", "texts", "treatment", "expected"),
    [
        (
            "an edge would run into another span",
            ["in [the Hague:LOC]", "in [the Hague:LOC]", "[in the:ORG] [Hague:LOC]"],
            "with",
            "it would overlap in the ORG",
        ),
        ("the label is none", ["[Rome:LOC] [Rome:GPE]"], "GPE", "GPE is not in the label set"),
    ],
)
def test_what_cannot_be_mended_is_skipped_and_named(
    tmp_path: Path, why: str, texts: Sequence[str], treatment: str, expected: str
) -> None:
    store = made(tmp_path, *texts)
    mending = plan(store, mends(audit_store(store, "anna").findings, treatment))
    assert [each.reason for each in mending.skipped] == [expected], why
    assert mending.plan.planned == ()


def test_a_place_that_was_rejected_with_the_label_is_skipped(tmp_path: Path) -> None:
    store = made(tmp_path, "[Rome:LOC] [Rome:LOC]", "[Rome:ORG]")
    annotation_set = store.load_set("d001", "anna")
    annotation_set.apply(
        Decision(3, 3, Verb.REJECT, "anna", WHEN, suggestion=Suggestion(0, 4, "LOC"), uid="r")
    )
    store.save(SetSnapshot.of(annotation_set))
    mending = plan(store, mends(audit_store(store, "anna").findings))
    assert [each.reason for each in mending.skipped] == ["rejected as LOC before"]
    assert mending.plan.planned == ()


def test_two_mends_never_overlap_each_other(tmp_path: Path) -> None:
    store = made(tmp_path, "New York Times")
    places = [Place("d000", "anna", start, end, "", "", start, end) for start, end in ((0, 8), (4, 14))]
    mending = plan(store, [Mend(each, each.start, each.end, "ORG") for each in places])
    assert [(each.place, each.reason) for each in mending.skipped] == [
        (places[1], "it would overlap New York ORG")
    ]
    nested = Store.create(
        tmp_path / "nested", label_set=LabelSet(name="n", labels=LABELS.labels, nested=True)
    )
    add(nested, "d000", "New York Times", "anna")
    assert plan(nested, [Mend(each, each.start, each.end, "ORG") for each in places]).skipped == ()


def test_a_label_and_an_edge_of_one_span_are_mended_together(tmp_path: Path) -> None:
    store = made(tmp_path, *["the [Hague:LOC]"] * 3, "[the Hague:LOC]", "[the Hague:LOC]", "[the Hague:ORG]")
    found = audit_store(store, "anna").findings
    assert {each.kind.value for each in found} == {"labels", "edges"}
    mending = plan(store, mends(found, None))
    edges = next(each for each in found if each.kind.value == "edges")
    assert edges.majority is None
    mending = plan(store, [*mends(found), *edges.mends("without")])
    assert mending.skipped == ()
    Steps(store).make(mending.plan)
    assert spans(store, "d005") == [("Hague", "LOC")]
    assert audit_store(store, "anna").findings == []


def test_spans_keep_to_the_tokens_that_are_known(tmp_path: Path) -> None:
    store = made(tmp_path, "[Rome:LOC] [Rome:LOC]", "Rome-based")
    found = audit_store(store, "anna").findings
    mending = plan(
        store, mends(found), tokens_of=lambda document: Tokens([(0, len(document.text))], tokenizer="coarse")
    )
    assert [each.reason for each in mending.skipped] == ["its edges would be off the document's tokens"]
    assert plan(store, mends(found)).skipped == ()


def test_undo_names_the_documents_decided_on_since(planted: Store) -> None:
    steps = Steps(planted)
    steps.make(plan(planted, mends(audit_store(planted, "anna").findings)).plan)
    annotation_set = planted.load_set("d044", "anna")
    (decided,) = annotation_set.spans
    seq = annotation_set.revision + 1
    annotation_set.apply(
        Decision(
            seq, annotation_set.last_step + 1, Verb.REMOVE, "anna", WHEN, decided.uid, decided.span, uid="x"
        )
    )
    planted.save(SetSnapshot.of(annotation_set))
    last = steps.last(changes_labels=False)
    assert last is not None
    undone = steps.undo(last, who="kim")
    assert [(each.document, each.reason) for each in undone.left_out] == [("d044", "decided on since")]
    assert spans(planted, "d040") == [("Barton", "ORG")]
    assert spans(planted, "d044") == []


def test_places_decided_on_since_the_audit_are_skipped(planted: Store) -> None:
    found = audit_store(planted, "anna").findings
    annotation_set = planted.load_set("d040", "anna")
    (decided,) = annotation_set.spans
    annotation_set.apply(Decision(3, 3, Verb.REMOVE, "anna", WHEN, decided.uid, decided.span, uid="x"))
    planted.save(SetSnapshot.of(annotation_set))
    mending = plan(planted, mends(found))
    assert [(each.place.document, each.reason) for each in mending.skipped] == [
        ("d040", "decided on since it was found")
    ]
    assert mending.spans == 9


def test_sets_that_another_program_holds_are_named(planted: Store) -> None:
    mending = plan(planted, mends(audit_store(planted, "anna").findings))
    with Store.open(planted.path).hold("anna"):  # type: ignore[union-attr]
        made_step = Steps(planted).make(mending.plan)
    assert [each.document for each in made_step.left_out] == [f"d{number:03}" for number in range(40, 50)]
    assert all(each.reason.startswith("held by another program") for each in made_step.left_out)


class PowerCutError(BaseException):
    """Ends the work as a crash would."""


def test_a_mend_that_is_broken_off_is_gone_on_with_on_opening(
    planted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mending = plan(planted, mends(audit_store(planted, "anna").findings))
    saved: list[str] = []
    change = Steps._change_set

    def die(self: Steps, document: str, *rest: object) -> str:
        if len(saved) == 4:
            raise PowerCutError
        saved.append(document)
        return change(self, document, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Steps, "_change_set", die)
    with pytest.raises(PowerCutError):
        Steps(planted).make(mending.plan)
    monkeypatch.undo()
    assert spans(planted, "d049") == [("the Dunley Society", "ORG")]
    again = Store.open(planted.path)
    assert spans(again, "d049") == [("Dunley Society", "ORG")]
    assert audit_store(again, "anna").findings == []
    assert list(check(Files(planted.path))) == []


def test_gold_is_audited_before_the_callers_own(planted: Store) -> None:
    assert audited_annotator(planted, None, caller="anna") == "anna"
    assert audited_annotator(planted, "ben", caller="anna") == "ben"
    with pytest.raises(InputError, match="kim has no annotations") as caught:
        audited_annotator(planted, None, caller="kim")
    assert "anna, ben" in caught.value.hint
    gold = AnnotationSet("d000", GOLD)
    gold.apply(Decision(1, 1, Verb.FINISH, "kim", WHEN, uid="f"))
    planted.save(SetSnapshot.of(gold))
    assert audited_annotator(planted, None, caller="anna") == GOLD
    assert audited_annotator(planted, "anna", caller="kim") == "anna"


def test_a_set_that_cannot_be_read_is_left_out_and_named(planted: Store) -> None:
    path, _ = planted.encoded(SetSnapshot.of(planted.load_set("d040", "anna")))
    (planted.path / path).write_bytes(b"{}")
    found = audit_store(planted, "anna")
    assert list(found.unreadable) == ["d040"]
    assert (found.sets, len(found.findings)) == (49, 9)
