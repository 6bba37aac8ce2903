"""A pipeline whose entity recognizer learns; belongs to the process that adapts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.errors import ModelError
from annotator.model.labels import LabelSet
from annotator.suggest.adapting.selection import Finished, Key, Score, score
from annotator.suggest.sources.chunks import chunks
from annotator.suggest.sources.components import dispensable
from annotator.suggest.sources.pipeline import sound


class Learner:
    """A pipeline of which the entity recognizer can learn and all that suggestions do not need is left aside."""

    recognizer: Any

    def __init__(self, source: str) -> None:
        """Load `source`; ModelError if it does not load, or has no entity recognizer that learns."""
        import spacy

        try:
            self.nlp: Any = spacy.load(source)
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(f"{source} does not load: {str(error).strip().partition(chr(10))[0]}") from error
        kinds = {name: self.nlp.get_pipe_meta(name).factory for name in self.nlp.pipe_names}
        self.name = next((name for name, kind in kinds.items() if kind == "ner"), "")
        if not self.name:
            raise ModelError(
                "it has no entity recognizer that can learn",
                hint="annotator train makes a pipeline that has one",
            )
        for name, component in self.nlp.pipeline:
            if self.name in getattr(component, "listening_components", ()):
                # Others that listen there must not change with what this one learns.
                self.nlp.replace_listeners(name, self.name, ["model.tok2vec"])
        self._aside = [name for name in dispensable(self.nlp.config) if name in self.nlp.pipe_names]
        for name in self._aside:
            self.nlp.disable_pipe(name)
        self.recognizer = self.nlp.get_pipe(self.name)
        self.labels: frozenset[str] = frozenset(self.recognizer.labels)

    def doc(self, text: str) -> Any:
        """The tokens of a text without lone surrogates."""
        return self.nlp.make_doc(sound(text))

    def entities(self, text: str) -> list[Key]:
        """What it suggests on a text, in its own labels."""
        found = []
        for start, end in chunks(text, self.nlp.max_length):
            piece = self.nlp(sound(text[start:end]))
            found += [(ent.start_char + start, ent.end_char + start, ent.label_) for ent in piece.ents]
        return found

    def measured(self, finished: Iterable[Finished], label_set: LabelSet) -> Score:
        """The score of what it suggests, in the label set's terms."""
        total = Score()
        for document in finished:
            meant = (
                (start, end, label_set.mapped(label)) for start, end, label in self.entities(document.text)
            )
            total += score([(start, end, label) for start, end, label in meant if label], document.spans)
        return total

    def save(self, folder: Path, *, name: str) -> None:
        """Save it whole, as a pipeline that spaCy loads and whose meta calls it `name`; OSError if that fails."""
        for aside in self._aside:
            self.nlp.enable_pipe(aside)
        self.nlp.meta["name"] = name
        self.nlp.to_disk(folder)
