"""What stands on a document that is attended to is what suggesting on all of it after each decision would leave there."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.lookup import Words
from annotator.model.spans import Suggestion
from annotator.suggest.combination.combine import proposals
from annotator.suggest.memory.facts import Fact
from annotator.suggest.memory.follower import Follower
from annotator.suggest.memory.memory import Memory
from annotator.workspace.learning import live_suggestions as attended
from annotator.workspace.learning.live_suggestions import LiveSuggestions

LABELS = LabelSet.from_names("flat", ["PER", "LOC", "ORG"])
WORDS = "Ana Lima|Lima|the Rail Union|Rail Union|The|Bank of Lima|met|of|,|in|Ana".split("|")
VERBS: list[Callable[[Editor], object]] = [
    Editor.accept,
    Editor.accept,
    Editor.reject,
    Editor.doubt,
    Editor.finish,
    Editor.reopen,
    Editor.undo,
    Editor.undo,
    Editor.redo,
    Editor.correct_others,
    lambda editor: editor.label("PER"),
    lambda editor: editor.label("ORG"),
    lambda editor: editor.resize("left", "in"),
    lambda editor: editor.resize("right", "out"),
    lambda editor: editor.navigation.next_undecided(),
    lambda editor: editor.navigation.tab(-1),
    lambda editor: editor.navigation.go(len(editor.document.text) // 2),
]


def new_editor(text: str) -> Editor:
    return Editor(new_document(text, id="one"), LABELS, AnnotationSet("one", "ada"))


def guesses(text: str, chance: random.Random) -> list[Suggestion]:
    editor = new_editor(text)
    found = []
    for _ in range(chance.randrange(1, 20)):
        start = chance.randrange(len(text))
        place = editor.tokens.snapped(start, min(len(text), start + chance.randrange(1, 14)))
        if place is not None:
            label = chance.choice(["PER", "LOC"])
            found.append(Suggestion(*place, label, score=round(chance.random(), 2), source_label=label))
    return found


def attended_editor(text: str, suggestions: Sequence[Suggestion]) -> tuple[Editor, LiveSuggestions]:
    editor = new_editor(text)
    follower = Follower(Memory(), text, editor.annotation_set, is_learnt=False)

    def learnt(facts: Collection[Fact]) -> None:
        document.learnt(facts)

    document = LiveSuggestions(editor, suggestions, follower, patterns=None, on_learnt=learnt)
    document.catch_up_whole()
    return editor, document


def plain_editor(text: str, suggestions: Sequence[Suggestion]) -> tuple[Editor, Callable[[Change], object]]:
    """An editor, and what suggests on all of its text once memory has learnt from a change."""
    editor = new_editor(text)
    suggestion_state, annotations = editor.suggestion_state, editor.annotation_set
    memory = Memory()
    follower = Follower(memory, text, annotations, is_learnt=False)
    learnt: set[Fact] = set()

    def follow(change: Change) -> None:
        learnt.update(follower.follow(change.decisions))
        if not learnt or editor.status is Status.DONE:
            return
        learnt.clear()
        words, spans = Words(text, editor.tokens), list(annotations.spans)
        whole = proposals(suggestions, LABELS, memory=memory, words=words, decided=spans)
        found = [one.suggestion for one in whole]
        known = {each.key for each in found}
        kept = Intervals(
            each
            for each in suggestion_state.open
            if each.end <= editor.navigation.origin
            and each.key not in known
            and suggestion_state.is_seen(each)
        )
        free = [each for each in found if next(kept.overlapping(each.start, each.end), None) is None]
        if suggestion_state.suggest([*free, *kept]):
            editor.navigation.choose_again()

    suggestion_state.suggest([one.suggestion for one in proposals(suggestions, LABELS)])
    return editor, follow


@pytest.mark.parametrize("is_long", [False, True])
@settings(max_examples=100, deadline=None)
@given(
    text=st.lists(st.sampled_from(WORDS), min_size=12, max_size=60).map(" ".join),
    steps=st.lists(st.sampled_from(range(len(VERBS))), min_size=10, max_size=40),
    seed=st.integers(0, 1 << 32),
)
def test_what_stands_there_is_what_the_whole_text_would_give(
    is_long: bool, text: str, steps: list[int], seed: int
) -> None:
    """A long text catches up when the cursor has moved on, so it is seen by nobody here: what was read would stay."""
    chance = random.Random(seed)
    suggestions = guesses(text, chance)
    with pytest.MonkeyPatch.context() as patch:
        if is_long:
            patch.setattr(attended, "AT_ONCE", 0)
            patch.setattr(attended, "_AHEAD", 30)
        editor, document = attended_editor(text, suggestions)
        plain, follow = plain_editor(text, suggestions)
        for step in steps:
            for each, learn in ((editor, document.follow), (plain, follow)):
                outcome = VERBS[step](each)
                if isinstance(outcome, Change) and outcome:
                    learn(outcome)
            place = chance.randrange(len(text))
            while document.is_behind:
                assert is_long
                document.catch_up(place)
            for each in (editor, plain):
                if is_long:
                    each.navigation.go(place)
                elif place % 2:
                    each.suggestion_state.mark_seen(place, place + 60)
            assert list(editor.suggestion_state.suggestions) == list(plain.suggestion_state.suggestions)
            assert list(editor.suggestion_state.open) == list(plain.suggestion_state.open)
            assert editor.cursor.offset == plain.cursor.offset
