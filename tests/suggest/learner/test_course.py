"""What a course of lessons makes of a learner: it learns, forgets exactly, and speaks only once it has proved itself."""

from __future__ import annotations

import pytest

from annotator.model.labels import LabelSet
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.learner.course import Course, parts_of
from annotator.suggest.learner.learner import LearnedSpan, Learner, spans_by_place
from annotator.suggest.learner.texts import MOST_IN_SENTENCE, Guess, Lesson, Reading, SourceText, lesson_of
from tests.suggest.learner.lessons import LABELS, lesson, source_text


def taught(*numbers: int, labels: LabelSet = LABELS, seed: int = 0) -> Course:
    course = Course(labels, seed=seed)
    for number in numbers:
        course.learn(lesson(number))
    return course


def proposed(course: Course, number: int = 7) -> list[LearnedSpan]:
    return course.propose(lesson(number).reading)


def test_labels_that_no_source_knows_are_learnt_from_a_few_documents() -> None:
    spans = proposed(taught(*range(6)))
    assert list(spans_by_place(spans)) == list(lesson(7).spans)
    assert all(0.5 < span.probability <= 1 for span in spans)
    assert all(span.reasons for span in spans)


def test_nothing_is_proposed_before_the_first_lesson() -> None:
    assert proposed(taught()) == []


def test_the_same_lessons_make_the_same_learner_and_another_seed_another_one() -> None:
    one, other = proposed(taught(*range(15))), proposed(taught(*range(15)))
    assert one == other
    different = proposed(taught(*range(15), seed=1))
    assert [span.probability for span in different] != [span.probability for span in one]


@pytest.mark.parametrize("forgotten", [5, 4, 3, 0])
def test_forgetting_a_document_gives_what_the_others_make(forgotten: int) -> None:
    course = taught(*range(6))
    course.forget(f"d{forgotten}")
    rest = [number for number in range(6) if number != forgotten]
    assert course.lessons == 5
    assert proposed(course) == proposed(taught(*rest))
    course.learn(lesson(6))
    assert proposed(course) == proposed(taught(*rest, 6))


def test_a_document_that_is_finished_again_is_learnt_anew_as_the_last_one() -> None:
    course = taught(0, 1, 2)
    course.learn(lesson(1))
    assert proposed(course) == proposed(taught(0, 2, 1))


def test_forgetting_what_was_never_learnt_changes_nothing() -> None:
    course = taught(0, 1)
    course.forget("elsewhere")
    assert proposed(course) == proposed(taught(0, 1))


def test_it_is_trusted_once_it_would_have_cost_no_more_than_the_others() -> None:
    course = Course(LABELS)
    course.learn(lesson(0))
    assert not course.is_trusted
    for number in range(1, 5):
        course.learn(lesson(number))
    assert course.is_trusted  # there are no others


def test_it_is_not_trusted_where_the_others_are_better(monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(LABELS)
    monkeypatch.setattr(Learner, "propose", lambda learner, reading: [])
    for number in range(4):
        course.learn(lesson_of(source_text(number, guesses=source_text(number).spans).record)[0])
    assert not course.is_trusted
    monkeypatch.undo()
    for number in range(4, 16):
        course.learn(lesson_of(source_text(number, guesses=source_text(number).spans).record)[0])
    assert course.is_trusted  # only the last ones count


def test_a_nested_label_set_has_spans_inside_others() -> None:
    nested = LabelSet.from_content(
        {"name": "nested", "nested": True, "labels": [{"name": "DRUG"}, {"name": "PHRASE"}]}
    )
    course = Course(nested)

    def both(number: int) -> Lesson:
        drug = next(span for span in lesson(number).spans if span[2] == "DRUG")
        return Lesson(lesson(number).reading, (drug, (drug[0], drug[1] + 1, "PHRASE")))

    for number in range(6):
        course.learn(both(number))
    assert set(spans_by_place(course.propose(both(7).reading))) == set(both(7).spans)


def test_a_long_text_is_read_in_parts_at_the_ends_of_sentences() -> None:
    words = tuple(f"w{number}" for number in range(10_000))
    sentences = tuple((start, start + 100) for start in range(0, 10_000, 100))
    guesses = (Guess(3_950, 3_960, "A"), Guess(3_995, 4_005, "A"), Guess(9_990, 10_000, "A"))
    whole = Lesson(Reading("d", words, sentences, guesses), ((4_100, 4_102, "A"),))
    parts = list(parts_of(whole))
    assert [shift for shift, _ in parts] == [0, 4_000, 8_000]
    assert sum((part.reading.words for _, part in parts), ()) == words
    assert [len(part.reading.guesses) for _, part in parts] == [1, 0, 1]
    assert [part.spans for _, part in parts] == [(), ((100, 102, "A"),), ()]


def test_a_text_without_sentences_is_cut_and_one_without_words_is_no_trouble() -> None:
    course = taught(0, 1, 2)
    text = "word " * 1_000
    long = lesson_of(SourceText("long", text, stand_in_tokens(text)).record)[0]
    assert max(last - first for first, last in long.reading.sentences) == MOST_IN_SENTENCE
    assert course.propose(long.reading) == []
    empty = lesson_of(SourceText("empty", " \n", stand_in_tokens(" \n")).record)[0]
    assert course.propose(empty.reading) == []
    course.learn(empty)
    assert proposed(course) == proposed(taught(0, 1, 2))
