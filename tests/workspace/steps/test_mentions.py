"""A correction taken to the whole store: what it finds, what it leaves alone, one step of the store, and one undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.editing.correction import Correction, correction_to_repeat
from annotator.editing.editor import Editor
from annotator.errors import ConflictError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.settings import Settings
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.suggest.memory.facts import facts_of
from annotator.suggest.memory.memory import Memory
from annotator.suggest.sources.patterns import read_patterns
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.suggest.worker.answers import Answer
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.steps.mentions import BLIND, VERSIONS, MentionService, MentionSurvey, Sources

LABELS = LabelSet.from_names("news", ["PER", "ORG", "LOC"])
PER = Correction(None, Span(0, 6, "PER"), Verb.ADD, "Maduro")
PIPELINE = ResolvedPipeline(source="x", name="x", title="x")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", label_set=LABELS)


def add(store: Store, document_id: str, text: str, *suggested: tuple[str, str]) -> None:
    """A document with the answer of a pipeline in the cache; each suggestion at the next place of its words."""
    document = new_document(text, id=document_id)
    store.add_document(document)
    found, place = [], 0
    for words, label in suggested:
        place = text.index(words, place)
        found.append(Suggestion(place, place + len(words), label, score=0.9, source_label=label))
        place += len(words)
    answer = Answer(document_id, document.sha256, stand_in_tokens(text), tuple(found), "x")
    PipelineAnswers(store, PIPELINE).keep(answer)


def edited(
    store: Store, document_id: str, *deeds: Callable[[Editor], object], annotator: str = "me"
) -> Editor:
    """A document opened without suggestions, edited, and saved."""
    editor = Editor(
        store.document(document_id), LABELS, store.load_set(document_id, annotator), annotator=annotator
    )
    for deed in deeds:
        deed(editor)
    store.save(SetSnapshot.of(editor.annotation_set))
    return editor


def mark(start: int, end: int, label: str) -> Callable[[Editor], object]:
    def deed(editor: Editor) -> object:
        editor.select(start, end)
        return editor.label(label)

    return deed


def bench(store: Store, correction: Correction = PER, **options: object) -> MentionService:
    made = {"sources": Sources(PipelineAnswers(store, PIPELINE)), "settings": Settings(), **options}
    return MentionService(store, "me", correction, store.catalogue.ids, **made)  # type: ignore[arg-type]


def told(store: Store, survey: MentionSurvey) -> list[tuple[str, int, str]]:
    return [
        (each.document, each.start, getattr(each.outcome, "verb", each.outcome)) for each in survey.mentions
    ]


def spans(store: Store, document_id: str) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.label) for each in store.load_set(document_id, "me").spans]


def state(store: Store) -> dict[str, object]:
    """What an undo gives back, for every document."""
    found = {}
    for document_id in store.catalogue.ids:
        annotations = store.load_set(document_id, "me")
        held = [(each.uid, each.span, each.suggestion) for each in annotations.spans]
        found[document_id] = (held, list(annotations.rejections), annotations.status)
    return found


def test_a_correction_reaches_every_document_in_one_step_and_one_undo_takes_it_back(store: Store) -> None:
    add(store, "a", "Maduro fell. Maduro!", ("Maduro", "ORG"))
    add(store, "b", "Maduro, Nicolás Maduro.", ("Nicolás Maduro", "PER"))
    add(store, "c", "Nothing here.")
    before = state(store)
    desk = bench(store)
    survey = desk.look()
    assert told(store, survey) == [
        ("a", 0, Verb.RELABEL),
        ("a", 13, Verb.ADD),
        ("b", 0, Verb.ADD),
        ("b", 16, "in another suggestion"),
    ]
    made = desk.make(desk.plan(survey, takes_done=False))
    assert (made.title, made.left_out) == ("all mentions of Maduro: PER", ())
    assert spans(store, "a") == [(0, 6, "PER"), (13, 19, "PER")]
    assert spans(store, "b") == [(0, 6, "PER")]
    assert [store.load_set(each, "me").status for each in "abc"] == [
        Status.STARTED,
        Status.STARTED,
        Status.TODO,
    ]
    assert [each.step for each in store.load_set("a", "me").decisions] == [1, 1]
    assert list(check(Files(store.path))) == []
    assert Steps(store).behind(store.load_set("b", "me")) == made
    assert desk.plan(desk.look(), takes_done=True).planned == ()
    Steps(store).undo(made, who="me")
    assert state(store) == before


def test_others_work_and_what_was_decided_stay_as_they_are(store: Store) -> None:
    add(store, "a", "Maduro. Maduro. Maduro Square.")
    edited(store, "a", mark(8, 14, "ORG"), mark(16, 29, "LOC"))
    edited(store, "a", mark(0, 6, "LOC"), annotator="ben")
    survey = bench(store).look()
    assert survey.reasons == {"decided otherwise": 1, "inside another span": 1}
    desk = bench(store)
    desk.make(desk.plan(survey, takes_done=True))
    assert spans(store, "a") == [(0, 6, "PER"), (8, 14, "ORG"), (16, 29, "LOC")]
    assert [each.label for each in store.load_set("a", "ben").spans] == ["LOC"]


def test_finished_documents_are_told_apart_and_stay_finished(store: Store) -> None:
    add(store, "done", "Maduro. Maduro.", ("Maduro", "ORG"))
    add(store, "open", "Maduro.")
    edited(store, "done", mark(0, 6, "PER"), Editor.finish)
    desk = bench(store)
    survey = desk.look()
    assert [each.document for each in survey.finished] == ["done"]
    assert [each.document for each in survey.changing(takes_done=False)] == ["open"]
    desk.make(desk.plan(survey, takes_done=False))
    assert spans(store, "done") == [(0, 6, "PER")]
    desk.make(desk.plan(desk.look(), takes_done=True))
    assert spans(store, "done") == [(0, 6, "PER"), (8, 14, "PER")]
    assert store.load_set("done", "me").status is Status.DONE


def test_skipped_documents_stay_skipped(store: Store) -> None:
    add(store, "a", "Maduro. Maduro.")
    edited(store, "a", Editor.skip)
    desk = bench(store)
    made = desk.make(desk.plan(desk.look(), takes_done=False))
    assert len(spans(store, "a")) == 2
    editor = edited(store, "a")
    assert editor.status is Status.SKIPPED
    found = correction_to_repeat(editor.suggestion_state, editor.document.text)
    assert found is not None
    assert (found.surface, found.place.label) == ("Maduro", "PER")
    Steps(store).undo(made, who="me")
    assert (spans(store, "a"), store.load_set("a", "me").status) == ([], Status.SKIPPED)


def test_a_rejection_rejects_what_is_suggested_though_memory_no_longer_proposes_it(store: Store) -> None:
    add(store, "a", "Maduro. Maduro.", ("Maduro", "ORG"), ("Maduro", "PER"))
    add(store, "b", "Maduro.")
    was = Suggestion(0, 6, "ORG")
    rejection = Correction(was, None, Verb.REJECT, "Maduro", "Maduro")
    memory = Memory()
    edit = edited(store, "b")
    edit.suggest([was])
    edit.navigation.to_first()
    edit.reject()
    memory.learn(facts_of("Maduro.", edit.annotation_set))
    desk = bench(store, rejection, sources=Sources(PipelineAnswers(store, PIPELINE), memory=lambda: memory))
    survey = desk.look()
    assert told(store, survey) == [("a", 0, Verb.REJECT)]
    desk.make(desk.plan(survey, takes_done=False))
    annotations = store.load_set("a", "me")
    assert [(each.start, each.label) for each in annotations.rejections] == [(0, "ORG")]
    assert annotations.status is Status.STARTED


def test_what_memory_and_patterns_suggest_counts(store: Store) -> None:
    add(store, "a", "Nicolás Maduro. Maduro Square. Maduro.")
    add(store, "b", "Nicolás Maduro.")
    memory = Memory()
    learnt = edited(store, "b", mark(0, 14, "PER"))
    memory.learn(facts_of("Nicolás Maduro.", learnt.annotation_set))
    (store.path / "patterns.jsonl").write_text('{"label": "LOC", "pattern": "Maduro Square"}\n')
    patterns = read_patterns(store.path / "patterns.jsonl")
    survey = bench(store, sources=Sources(PipelineAnswers(store, PIPELINE), patterns, lambda: memory)).look()
    assert survey.reasons == {"in another suggestion": 2, "inside another span": 1}
    assert [each.start for each in survey.changing(takes_done=False)] == [31]


def test_blind_documents_and_those_with_two_versions_are_left_alone(store: Store) -> None:
    for document_id in ("blind", "two"):
        add(store, document_id, "Maduro.")
    editor = edited(store, "blind", mark(0, 6, "ORG"), Editor.undo)
    editor.annotation_set.effort.is_blind = True
    store.save(SetSnapshot.of(editor.annotation_set))
    other = Store.open(store.path)
    mine, theirs = (
        Editor(each.document("two"), LABELS, each.load_set("two", "me"), annotator="me")
        for each in (store, other)
    )
    mine.skip()
    mark(0, 6, "ORG")(theirs)
    other.save(SetSnapshot.of(theirs.annotation_set))
    theirs.undo()
    with pytest.raises(ConflictError):
        store.save(SetSnapshot.of(mine.annotation_set))
    other.save(SetSnapshot.of(theirs.annotation_set))
    assert bench(store).look().reasons == {BLIND: 1, VERSIONS: 1}
    new = bench(store, settings=Settings(blind_share=1.0))
    add(store, "new", "Maduro.")
    assert new.look().reasons[BLIND] == 1


def test_a_document_that_cannot_be_read_is_named_and_the_rest_is_found(store: Store) -> None:
    for document_id in "ab":
        add(store, document_id, "Maduro.")
    edited(store, "a", Editor.skip)
    (path,) = (store.path / "annotations" / "me").rglob("a*.json")
    path.write_text("{")
    survey = bench(store).look()
    assert list(survey.unreadable) == ["a"]
    assert [each.document for each in survey.mentions] == ["b"]


def test_looking_tells_how_far_it_is_and_can_be_ended(store: Store) -> None:
    for document_id in "abc":
        add(store, document_id, "Maduro.")
    said: list[tuple[int, int]] = []
    bench(store).look(lambda done, total: said.append((done, total)))
    assert said == [(1, 3), (2, 3), (3, 3)]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench(store).look(stop)


# Any correction, any documents

words = st.lists(st.sampled_from(["Maduro", "Nicolás Maduro", "Bo", "Maduro Bo", ",", "the"]), max_size=7)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "label", "finish", "skip", "doubt", "resize"]),
        st.integers(0, 60),
        st.sampled_from(["PER", "ORG"]),
    ),
    max_size=5,
)
proposals = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 14), st.sampled_from(["PER", "ORG"])), max_size=4
)
documents = st.lists(st.tuples(words.map(" ".join), proposals, deeds), min_size=1, max_size=4)


def _opened(store: Store, document_id: str, proposed: list[tuple[int, int, str]]) -> Editor:
    document = store.document(document_id)
    editor = Editor(document, LABELS, AnnotationSet(document_id, "me"), annotator="me")
    editor.suggest(Suggestion(start, start + length, label) for start, length, label in proposed)
    return editor


def _do(editor: Editor, deed: str, offset: int, label: str) -> None:
    editor.navigation.go(min(offset, max(0, len(editor.document.text) - 1)))
    if deed == "label":
        editor.label(label)
    elif deed == "resize":
        editor.resize("right", "out")
    else:
        getattr(editor, deed)()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents, st.booleans())
def test_applied_and_undone_every_set_is_as_it_was(
    given_documents: list[tuple[str, list, list]], takes_done: bool
) -> None:  # type: ignore[type-arg]
    """Spans, rejections and status; and what a person decided is in place while the step holds."""
    with TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store", label_set=LABELS)
        corrections: list[Correction] = []
        for number, (text, proposed, done) in enumerate(given_documents):
            store.add_document(new_document(text, id=f"d{number}"))
            editor = _opened(store, f"d{number}", proposed)
            for deed in done:
                _do(editor, *deed)
                if (found := correction_to_repeat(editor.suggestion_state, text)) is not None:
                    corrections.append(found)
            if editor.revision:
                store.save(SetSnapshot.of(editor.annotation_set))
        for correction in [*corrections[-1:], PER]:
            _apply_and_undo(store, correction, takes_done=takes_done)


def _apply_and_undo(store: Store, correction: Correction, *, takes_done: bool) -> None:
    before, decided = state(store), {each: spans(store, each) for each in store.catalogue.ids}
    desk = bench(store, correction)
    survey = desk.look()
    made = desk.make(desk.plan(survey, takes_done=takes_done))
    assert made.left_out == ()
    for document_id, old in decided.items():
        new = spans(store, document_id)
        assert set(old) <= set(new)
        text = store.document(document_id).text
        assert {text[start:end] for start, end, _ in set(new) - set(old)} <= {correction.surface}
        was, now = before[document_id][2], state(store)[document_id][2]  # type: ignore[index]
        assert now == (
            Status.STARTED if was is Status.TODO and made.planned and _is_in(made, document_id) else was
        )
    undone = Steps(store).undo(made, who="me")
    assert undone.left_out == ()
    assert state(store) == before


def _is_in(plan: object, document_id: str) -> bool:
    return any(each.document == document_id for each in plan.planned)  # type: ignore[attr-defined]
