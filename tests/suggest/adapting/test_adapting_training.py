"""A copy learns: from what it may, what it shall, and nothing is taken that is worse."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import ModelError
from annotator.model.labels import Label, LabelSet
from annotator.suggest.adapting.examples import Examples, pieces_of
from annotator.suggest.adapting.learner import Learner
from annotator.suggest.adapting.selection import Finished, Lesson, Part, Score
from annotator.suggest.adapting.training import Outcome, adapt
from annotator.suggest.sources.pipeline import Pipeline

_spec = importlib.util.spec_from_file_location(
    "adapting_pipelines", Path(__file__).with_name("adapting_pipelines.py")
)
assert _spec is not None
assert _spec.loader is not None
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)

LABELS = LabelSet(
    name="mine",
    labels=(Label(name="PER"), Label(name="LOC"), Label(name="DISEASE")),
    map={"PERSON": "PER", "GPE": "LOC"},
)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    source = made.save_pipeline(tmp_path_factory.mktemp("pipeline"))
    others = [each.text for each in made.documents(30, seed=7)]
    return Lesson(source=source, current=source, label_set=LABELS, finished=made.documents(30), others=others)


@pytest.fixture(scope="module")
def outcome(lesson: Lesson) -> Outcome:
    return adapt(lesson)


def test_it_learns_a_new_label_and_what_it_knew_stays(outcome: Outcome) -> None:
    assert outcome.new_labels == ("DISEASE",)
    assert outcome.scores.is_no_worse
    assert outcome.scores.after.f1 is not None
    assert outcome.scores.base.f1 is not None
    assert outcome.scores.after.f1 > outcome.scores.base.f1
    found = {label for _, _, label in outcome.copy.entities("Grace went to Oslo with malaria.")}
    assert found == {"PERSON", "GPE", "DISEASE"}


def test_a_saved_copy_suggests_as_it_was_measured(outcome: Outcome, lesson: Lesson, tmp_path: Path) -> None:
    outcome.copy.save(tmp_path / "copy", name="adapted")
    text = lesson.finished[0].text
    (answer,) = Pipeline(str(tmp_path / "copy"), name="copy-1").answers([("a", text)])
    assert [(one.start, one.end, one.label) for one in answer.suggestions] == outcome.copy.entities(text)


def test_nothing_of_what_is_held_out_or_decides_is_learnt_from(lesson: Lesson) -> None:
    seen: list[str] = []

    def spy(
        learner: Learner, examples: Sequence[Any], measure: Callable[[], Score], seed: int, on_round: object
    ) -> int:
        seen.extend(example.reference.text for example in examples)
        return 0

    outcome = adapt(lesson, train=spy)
    for each in lesson.finished:
        is_seen = any(each.text.startswith(text) or text in each.text for text in seen)
        assert is_seen is (each.part is Part.LEARNING), each.document_id
    assert outcome.learnt_from + outcome.held_out == len(lesson.finished)
    assert outcome.rehearsed == len(lesson.part(Part.LEARNING))


def test_a_copy_that_learnt_nonsense_is_not_taken(lesson: Lesson) -> None:
    def spoil(
        learner: Learner, examples: Sequence[Any], measure: Callable[[], Score], seed: int, on_round: object
    ) -> int:
        for node in learner.recognizer.model.walk():
            for name in node.param_names:
                if node.has_param(name):
                    node.set_param(name, -node.get_param(name))
        return 1

    assert not adapt(lesson, train=spoil).scores.is_no_worse


def test_what_is_in_use_is_what_a_copy_is_measured_against(
    lesson: Lesson, outcome: Outcome, tmp_path: Path
) -> None:
    outcome.copy.save(tmp_path / "copy", name="adapted")
    again = adapt(
        replace(lesson, current=str(tmp_path / "copy")),
        train=lambda learner, examples, measure, seed, on_round: 0,
    )
    assert again.scores.before == outcome.scores.after
    assert again.scores.base == outcome.scores.base


def test_a_pipeline_without_a_recognizer_says_so() -> None:
    with pytest.raises(ModelError, match="no entity recognizer"):
        Learner("blank:en")


def tags_of(examples: Examples) -> list[list[str]]:
    return [
        [f"{token.ent_iob_}{token.ent_type_ and '-'}{token.ent_type_}" for token in example.reference]
        for example in examples.examples
    ]


def learnt(lesson: Lesson, text: str, *spans: tuple[int, int, str], labels: LabelSet = LABELS) -> Examples:
    found = Examples(Learner(lesson.source), Learner(lesson.source), labels)
    found.add_finished([Finished("a", text, spans)])
    return found


def test_a_span_off_the_tokens_teaches_nothing_there(lesson: Lesson) -> None:
    (tags,) = tags_of(learnt(lesson, "It was London-based", (7, 9, "LOC"), (0, 2, "PER")))
    assert tags[:3] == ["B-PERSON", "O", ""]


def test_of_nested_spans_the_outermost_is_learnt(lesson: Lesson) -> None:
    (tags,) = tags_of(learnt(lesson, "It was Oslo University", (7, 11, "LOC"), (7, 22, "DISEASE")))
    assert tags == ["O", "O", "B-DISEASE", "I-DISEASE"]


def test_a_label_that_cannot_be_taught_is_counted_and_not_taught_as_nothing(lesson: Lesson) -> None:
    labels = LabelSet(
        name="odd", labels=(Label(name="PER"), Label(name="X")), map={"X": "PER", "PERSON": "PER"}
    )
    found = learnt(lesson, "It was here", (0, 2, "X"), labels=labels)
    assert found.unteachable == 1
    assert found.new_labels == set()
    assert tags_of(found) == [["", "O", "O"]]


def test_what_the_pipeline_is_sure_of_is_rehearsed(lesson: Lesson) -> None:
    examples = Examples(Learner(lesson.source), Learner(lesson.source), LABELS)
    examples.add_rehearsal("Grace went to Oslo with malaria.")
    (tags,) = tags_of(examples)
    assert tags[0] == "B-PERSON"
    assert "O" in tags


def test_once_there_is_a_new_label_nothing_is_rehearsed_as_no_entity(lesson: Lesson) -> None:
    examples = learnt(lesson, "It was malaria", (7, 14, "DISEASE"))
    assert examples.new_labels == {"DISEASE"}
    examples.add_rehearsal("Grace went to Oslo with malaria.")
    _, tags = tags_of(examples)
    assert tags[0] == "B-PERSON"
    assert "O" not in tags


def test_pieces_make_up_the_text_and_cut_no_span() -> None:
    text = "word " * 3000
    spans = tuple((start, start + 900, "PER") for start in range(100, 14_000, 1000))
    pieces = list(pieces_of(Finished("a", text, spans)))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert len(pieces) > 1
    assert not any(start < end < stop for _, end in pieces for start, stop, _ in spans)
