"""Small pipelines that learn within a second, and documents for them."""

from __future__ import annotations

import random
from pathlib import Path

import spacy
from spacy.training import Example

from annotator.suggest.adapting.selection import Finished

PEOPLE = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald")
PLACES = ("London", "Paris", "Zurich", "Oslo", "Vienna", "Rome")
ILLNESSES = ("malaria", "measles", "cholera", "rabies")


def save_pipeline(folder: Path) -> str:
    """A pipeline that knows PERSON and GPE and is wrong now and then; the path of its folder."""
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": {"hidden_width": 32, "tok2vec": _small()}})
    random.seed(1)
    spacy.util.fix_random_seed(1)
    order = random.Random(1)
    examples = []
    for _ in range(40):
        text, spans = sentence(order, label=False)
        called = {"PER": "PERSON", "LOC": "GPE"}
        entities = [(start, end, called[label]) for start, end, label in spans]
        examples.append(Example.from_dict(nlp.make_doc(text), {"entities": entities}))
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(6):
        for start in range(0, len(examples), 4):
            nlp.update(examples[start : start + 4], sgd=optimizer)
    nlp.to_disk(folder)
    return str(folder)


def _small() -> dict[str, object]:
    return {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 32,
        "depth": 1,
        "embed_size": 200,
        "window_size": 1,
        "maxout_pieces": 2,
        "subword_features": True,
    }


def sentence(order: random.Random, *, label: bool = True) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence and its spans; with `label`, illnesses are spans too."""
    words = [
        (order.choice(PEOPLE), "PER"),
        ("went to", ""),
        (order.choice(PLACES), "LOC"),
        ("with", ""),
        (order.choice(ILLNESSES), "DISEASE" if label else ""),
    ]
    text, spans = "", []
    for word, name in words:
        if name:
            spans.append((len(text), len(text) + len(word), name))
        text += f"{word} "
    return f"{text[:-1]}.", spans


def documents(count: int, *, seed: int = 0) -> list[Finished]:
    """Finished documents of five sentences each, whose first word tells them apart."""
    order = random.Random(seed)
    found = []
    for number in range(count):
        text, spans = f"Report{number}:\n", []
        for _ in range(5):
            line, here = sentence(order)
            spans += [(start + len(text), end + len(text), name) for start, end, name in here]
            text += f"{line}\n"
        found.append(Finished(f"d{number}", text, tuple(spans)))
    return found
