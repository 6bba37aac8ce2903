"""What documents cost: a key is one key, and a long pause is not work."""

from __future__ import annotations

import pytest

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.workspace.effort import LONGEST_PAUSE, EffortCounter


def new_editor() -> Editor:
    labels = LabelSet.from_names("flat", ["PER"])
    return Editor(new_document("Ana met Bo.", id="one"), labels, AnnotationSet("one", "ada"))


@pytest.mark.parametrize(
    ("moments", "seconds"),
    [
        ([], 0.0),
        ([2.0], 2.0),
        ([2.0, 3.5], 3.5),
        ([2.0, 602.0], 32.0),
        ([LONGEST_PAUSE], LONGEST_PAUSE),
        ([LONGEST_PAUSE + 1], LONGEST_PAUSE),
    ],
)
def test_each_key_counts_once_and_with_the_time_before_it(moments: list[float], seconds: float) -> None:
    editor = new_editor()
    times = iter([0.0, *moments])
    counter = EffortCounter(lambda: next(times))
    for _ in moments:
        counter.count_key(editor)
    assert editor.annotation_set.effort.keys == len(moments)
    assert editor.annotation_set.effort.seconds == seconds


def test_a_pause_longer_than_half_a_minute_is_no_work() -> None:
    assert LONGEST_PAUSE == 30.0


def test_time_is_counted_for_the_document_whose_key_ends_it() -> None:
    one, other = new_editor(), new_editor()
    times = iter([0.0, 2.0, 5.0])
    counter = EffortCounter(lambda: next(times))
    counter.count_key(one)
    counter.count_key(other)
    efforts = [each.annotation_set.effort for each in (one, other)]
    assert [(effort.keys, effort.seconds) for effort in efforts] == [(1, 2.0), (1, 3.0)]
