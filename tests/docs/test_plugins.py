"""The plug-ins in the documentation: each is Python, and does with stand-ins for its libraries what the page says."""

from __future__ import annotations

import sys
import tomllib
from types import ModuleType, SimpleNamespace

import pytest

from annotator.model.documents import text_hash
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.sources.plugin_calls import Plugins
from annotator.suggest.sources.plugins import GROUP
from annotator.suggest.worker.answers import Answer
from tests.suggest.plugin_packages import write_package

PHONE, GLINER, LLM = range(3)


@pytest.fixture
def examples(pages):
    """The plug-ins of the page."""
    return [content for kind, content in pages["docs/plugins.md"].blocks if kind == "python"]


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Install an example under a name, and let it suggest in texts: start, end, label and score of each span."""
    monkeypatch.syspath_prepend(tmp_path)

    def run(example, target, labels, *texts):
        write_package(tmp_path, example, toy=target)
        plugins = Plugins(["toy"], labels=labels, mapped=())
        asked = [Answer("a", text_hash(text), stand_in_tokens(text), (), "x-1") for text in texts]
        answers = plugins.added_to(asked, texts)
        assert plugins.new_problems() == []
        return [
            [(each.start, each.end, each.label, each.score) for each in answer.suggestions]
            for answer in answers
        ]

    return run


def test_every_example_is_python(pages, examples):
    assert len(examples) == 3
    for example in examples:
        compile(example, "docs/plugins.md", "exec")
    packaging = [content for kind, content in pages["docs/plugins.md"].blocks if kind == "ini"]
    named = [name for each in packaging for name in tomllib.loads(each)["project"]["entry-points"][GROUP]]
    assert named == ["phone", "gliner"]


def test_the_first_example_finds_telephone_numbers(examples, found):
    texts = ("Call +49 30 123456 now", "or 12 not")
    assert found(examples[PHONE], "suggest", ["PHONE"], *texts) == [[(5, 18, "PHONE", None)], []]


def test_the_second_gives_paragraphs_to_gliner_and_labels_back(examples, found, monkeypatch):
    """As GLiNER answers: dicts whose offsets count from the start of the text that it was given."""

    class Model:
        def predict_entities(self, text, labels, threshold):
            assert labels == ["person", "date"]
            return [{"start": 0, "end": 3, "text": text[:3], "label": "person", "score": 0.75}]

    gliner = ModuleType("gliner")
    gliner.GLiNER = SimpleNamespace(from_pretrained=lambda name: Model())
    monkeypatch.setitem(sys.modules, "gliner", gliner)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(set_num_threads=lambda count: None))
    text = "\n Ada met\nBob. \n\n \nEve left.\n"
    assert found(examples[GLINER], "GlinerSuggester", ["PER", "DATE"], text) == [
        [(2, 5, "PER", 0.75), (19, 22, "PER", 0.75)]
    ]


def test_the_third_asks_spacy_llm_for_the_labels(examples, found, monkeypatch):
    """As spacy-llm does: registries for tasks and models, and a component that gets what they make."""
    import catalogue
    import spacy
    from spacy.language import Language

    for kind, name, made in (
        ("llm_tasks", "spacy.NER.v3", lambda labels: {"task": labels}),
        ("llm_models", "spacy.GPT-4.v3", lambda: {"model": "GPT-4"}),
    ):
        monkeypatch.setattr(spacy.registry, kind, catalogue.create("test_plugins", kind), raising=False)
        getattr(spacy.registry, kind).register(name, func=made)

    @Language.factory("llm")
    class Llm:
        def __init__(self, nlp, name, task: dict[str, list[str]], model: dict[str, str]):
            assert model == {"model": "GPT-4"}
            (self.label,) = task["task"]

        def __call__(self, doc):
            doc.set_ents([doc.char_span(0, 3, label=self.label)])
            return doc

    assert found(examples[LLM], "LlmSuggester", ["PER"], "Ada left", "Bob left") == [
        [(0, 3, "PER", None)],
        [(0, 3, "PER", None)],
    ]
