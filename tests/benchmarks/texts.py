"""Generated texts, dense with names that are suggested, and stores that hold them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

ANNOTATOR = "me"
MARKER = "Benchmarked"
"""The first word of each text and of nothing else on the screen."""

_FILLERS = (
    "the minister said on that a new road would soon be built near market square although nobody had yet asked "
    "whether farmers there want it while several reporters who came by train wrote about long delays and costs"
).split()
_NAMES = {
    "PERSON": "Ana Lima|Bram de Wit|Chidi Okafor|Dolores Quintana|Edda Nyström|Farid Haddad|Greta Falk|Hana Sato",
    "GPE": "Lisbon|Port Moresby|Windhoek|Bratislava|San José|Ghent|Tromsø|La Paz",
    "ORG": "Northern Rail Union|Atlas Foundation|Meridian Bank|River Authority|Daily Courier|Council of Ports",
    "DATE": "last Tuesday|March 2019|the following spring|1987",
}
_SENTENCE, _PARAGRAPH, _PLAIN = 14, 80, 5
"""Words in a sentence, in a paragraph, and those at the beginning of a paragraph among which is no name."""
_LABELS = "news"


@dataclass(frozen=True)
class Generated:
    """A document, and what is suggested in it."""

    document: Document
    suggestions: tuple[Suggestion, ...]


def generated(words: int, *, seed: int = 1, name: str | None = None) -> Generated:
    """About `words` words in sentences and paragraphs; a name in eight words or so, all of them suggested."""
    chance = random.Random(seed)
    names = [(label, each) for label, listed in _NAMES.items() for each in listed.split("|")]
    parts: list[str] = [f"{MARKER} text {seed} of {words} words\n\n"]
    suggestions: list[Suggestion] = []
    length, count = len(parts[0]), 0
    while count < words:
        if count % _PARAGRAPH >= _PLAIN and chance.random() < 0.15:
            label, word = chance.choice(names)
            score = round(chance.uniform(0.5, 1.0), 3)
            suggestions.append(Suggestion(length, length + len(word), label, score=score, source_label=label))
        else:
            word = chance.choice(_FILLERS)
        before, count = count, count + word.count(" ") + 1
        if before // _PARAGRAPH != count // _PARAGRAPH:
            space = ".\n\n"
        else:
            space = ". " if before // _SENTENCE != count // _SENTENCE else " "
        parts += [word, space]
        length += len(word) + len(space)
    return Generated(new_document("".join(parts), id=name), tuple(suggestions))


def without_suggestions(words: int, *, seed: int) -> Generated:
    """A text in which a pipeline has to find everything itself."""
    return Generated(generated(words, seed=seed).document, ())


def make_store(path: Path, contents: Sequence[Generated], *, half_done: bool = False) -> None:
    """A store of these documents; with `half_done`, the first half of the suggestions of the first are accepted."""
    label_set = load_label_set(_LABELS)
    store = Store.create(path, label_set=label_set)
    with store.batch() as batch:
        for each in contents:
            batch.add_document(each.document, suggestions=each.suggestions)
        if half_done:
            first = contents[0]
            editor = Editor(first.document, label_set, AnnotationSet(first.document.id, ANNOTATOR))
            editor.suggest(first.suggestions)
            editor.navigation.to_first()
            for _ in range(len(first.suggestions) // 2):
                editor.accept()
            batch.save(SetSnapshot.of(editor.annotation_set))
    store.close()
