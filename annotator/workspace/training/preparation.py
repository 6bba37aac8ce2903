"""What a training is made of before it begins: what is asked for, what it can learn, and the configuration for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, LabelSetError
from annotator.formats.choices import OnMisaligned, SplitBy
from annotator.formats.exchange import AnnotatedDocument, TokensOf
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.training.recipe import Recipe, base_of, config_of
from annotator.workspace.transfer.splitting import CONFIG, SplitPlan

SPACY_STEPS = 20_000
"""How long `spacy train` goes on at most by an exported configuration: as spaCy has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRequest:
    """What to train on, from what, and for how long."""

    annotator: str | None = None
    ratios: Mapping[str, float]
    seed: int = 0
    by: SplitBy = SplitBy.LABELS
    group: str | None = None
    base: str | None = None
    max_steps: int = 1000
    gpu: int = -1
    on_misaligned: OnMisaligned = OnMisaligned.FAIL


class Preparation:
    """What goes with the writing of parts, so that a configuration fits them: see `write_parts`.

    ModelError if the base is missing.
    """

    def __init__(self, store: Store, plan: SplitPlan, request: TrainingRequest, tokens: TokensOf) -> None:
        self._label_set = store.info.label_set
        self._plan = plan
        self._request = request
        self._tokens = tokens
        self._base = base_of(resolve(request.base or store.info.model))
        self._spans: tuple[Span, ...] = ()
        self._longest = 1

    @property
    def recipe(self) -> Recipe:
        """What is to be trained; how long spans are is known once they are written."""
        return Recipe(
            base=self._base,
            labels=tuple(self._plan.totals[0].labels),
            known=tuple(self._label_set.by_name),
            nested=self._label_set.nested,
            longest=self._longest,
            max_steps=self._request.max_steps,
            seed=self._request.seed,
        )

    def see(self, annotated: AnnotatedDocument) -> None:
        """Note the document that is written next."""
        self._spans = annotated.spans

    def tokens(self, document: Document) -> Tokens:
        """The tokens to write a document by; its spans are counted in them."""
        given = self._tokens(document)
        lengths = (len(given.within(span.start, span.end)) for span in self._spans)
        self._longest = max(self._longest, *lengths, 1)
        return given

    def write_config(self, folder: Path, final: Path) -> None:
        """Write `config.cfg` into a folder of DocBins, with paths as they will be in `final`."""
        config = config_of(self.recipe, train=final / "train.spacy", dev=final / "dev.spacy")
        config.to_disk(folder / CONFIG, interpolate=False)


def check_learnable(plan: SplitPlan, label_set: LabelSet) -> None:
    """InputError or LabelSetError if nothing useful could come of training on these parts."""
    for total in plan.totals:
        if not total.spans:
            whole = (
                f"none of the {len(plan.items)} finished documents has"
                if not any(other.spans for other in plan.totals)
                else f"no document of the {total.part} part has"
            )
            raise InputError(
                f"there is nothing to learn: {whole} a span", hint="annotate more, or try another --seed"
            )
    labels = Counter[str]()
    for total in plan.totals:
        labels.update(total.labels)
    for label in labels:
        if label in label_set and (meant := label_set.mapped(label)) != label:
            raise LabelSetError(
                f"the label set reads a model's {label} as {meant or 'nothing'}, so what is learned would be misread",
                hint=f"take {label} out of the label set's map: a model of your own uses your own labels",
            )
