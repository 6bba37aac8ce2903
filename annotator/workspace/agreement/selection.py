"""Which annotation sets of a store are compared, with which tokens, and what had to be left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from annotator.errors import InputError, StoreError
from annotator.measure.agreement import Agreement, Progress, agreement_steps
from annotator.measure.bootstrap import SEED
from annotator.measure.corpus import FinishedDocument
from annotator.model.counting import counted
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.workspace.finished_sets import damaged_files, finished_by, finished_spans, leave_out, whose

if TYPE_CHECKING:
    from annotator.suggest.sources.blank import BlankTokenizer

_AT_ONCE = 100
"""So many documents are read, and their texts held, at a time."""


class FinishedSets:
    """The documents that at least two have finished, gold being one, as `measure` takes them.

    Only these are read, a hundred at a time, each time that somebody iterates; `problems` and `tokenizers` are then
    filled anew. Which they are is known from the catalogue: nothing is read before.
    """

    def __init__(
        self, store: Store, *, annotators: Sequence[str] = (), with_gold: bool = True, seed: int = SEED
    ) -> None:
        """`annotators` are those to compare, by default all; `with_gold` measures them by the gold as well.

        Intervals are resampled from `seed`.
        InputError if one of them has annotated nothing here, if nobody has finished anything, or if no two have
        finished the same document.
        """
        self.store = store
        self._seed = seed
        self.problems: list[str] = []
        """Files that are damaged, and sets that do not fit their text: left out, each named."""
        self.tokenizers: Counter[str] = Counter()
        """How many documents have the tokens of which tokenizer."""
        on_gold = InputError(
            f"{GOLD} is what annotators are measured by, not one of them",
            hint="leave it out of --annotators: each annotator is measured by it wherever it is finished",
        )
        people = whose(store, annotators, on_gold=on_gold)
        names = [*people, GOLD] if with_gold else people
        done: dict[str, list[str]] = {}
        for name in names:
            for document_id in finished_by(store, name):
                done.setdefault(document_id, []).append(name)
        self._sets = {id: who for id in store.catalogue.ids if len(who := done.get(id, [])) > 1}
        compared = {name for who in self._sets.values() for name in who}
        self.annotators = tuple(name for name in people if name in compared)
        self.gold = GOLD if GOLD in compared else None
        self.lone = sum(len(who) == 1 and GOLD not in who for who in done.values())
        """How many documents only one annotator has finished."""
        finished = {name for who in done.values() for name in who if name != GOLD}
        self.alone = tuple(name for name in people if name in finished and name not in compared)
        """Who has finished documents, but none that another has finished too."""
        if not self._sets:
            raise _nothing_to_compare(store, sorted(finished), is_asked=bool(annotators))

    def __len__(self) -> int:
        return len(self._sets)

    def __iter__(self) -> Iterator[FinishedDocument]:
        self.problems = damaged_files(self.store, [*self.annotators, *([self.gold] if self.gold else [])])
        self.tokenizers = Counter()
        tokenizer: BlankTokenizer | None = None
        waiting = iter(self._sets)
        while ids := list(islice(waiting, _AT_ONCE)):
            documents = [document for id in ids if (document := self._document(id)) is not None]
            untokenized = [document for document in documents if document.tokens is None]
            if untokenized and tokenizer is None:
                from annotator.suggest.sources.blank import BlankTokenizer, language_of

                tokenizer = BlankTokenizer(language_of(self.store.info.model))
            by_document = {}
            if untokenized and tokenizer is not None:
                self.tokenizers[tokenizer.name] += len(untokenized)
                offsets = tokenizer.offsets(document.text for document in untokenized)
                by_document = {
                    document.id: tokens for document, tokens in zip(untokenized, offsets, strict=True)
                }
            for document in documents:
                tokens: Iterable[tuple[int, int]] = by_document.get(document.id, ())
                if document.tokens is not None:
                    self.tokenizers[document.tokens.tokenizer] += 1
                    tokens = document.tokens
                yield FinishedDocument(
                    document.id,
                    len(document.text),
                    tokens,
                    dict(self._spans(document)),
                )

    def measure(self) -> Generator[Progress, None, Agreement]:
        """All figures, step by step: whoever stops asking cancels.

        InputError if nothing that can be compared could be read.
        """
        steps = agreement_steps(self, gold=self.gold, seed=self._seed)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                agreement: Agreement = end.value
                break
            yield Progress(step.what, step.done, step.total or len(self))
        shared = [
            *(pair.documents for pair in agreement.pairs),
            *(figures.documents for figures in agreement.against_gold),
        ]
        if not any(shared):
            raise InputError(
                f"no document is left that two have finished: {self.problems[0]}"
                if self.problems
                else "no document is left that two have finished",
                hint="annotator check tells of all damage",
            )
        return agreement

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.store.document(document_id)
        except (StoreError, InputError) as error:
            leave_out(self.problems, error.message)
            return None

    def _spans(self, document: Document) -> Iterator[tuple[str, Sequence[Span]]]:
        for name in self._sets[document.id]:
            spans = finished_spans(self.store, document, name, problems=self.problems)
            if spans is not None:
                yield name, spans


def _nothing_to_compare(store: Store, finished: Sequence[str], *, is_asked: bool) -> InputError:
    """Why there is nothing to compare; `finished` are those who have finished anything."""
    if not finished:
        who = "none of these annotators" if is_asked else "nobody"
        return InputError(
            f"{who} has finished a document in {store.path}", hint="only finished documents are compared"
        )
    if len(finished) == 1:
        return InputError(
            f"{'of these annotators ' if is_asked else ''}only {finished[0]} has finished documents: "
            "agreement takes two",
            hint="annotator merge brings a colleague's store, annotator review makes gold to measure by",
        )
    who = f"{', '.join(finished[:-1])} and {finished[-1]}"
    return InputError(
        f"{who} have finished no document in common",
        hint="annotator assign --overlap 0.2 gives a share of the documents to several",
    )


def remarks(sets: FinishedSets, agreement: Agreement) -> list[str]:
    """What a reader of the figures must know: what was left out, and which tokens were counted."""
    said = [f"left out: {problem}" for problem in sets.problems]
    if sets.alone:
        said.append(
            f"left out: {', '.join(sets.alone)}, with no finished document that another has finished too"
        )
    if sets.lone:
        said.append(f"left out: {counted(sets.lone, 'document')} that only one has finished")
    if not any(agreement.corpus.items):
        said.append("nobody marked anything in these documents, so that figures are undefined")
    many = len(sets.tokenizers) > 1
    tokens = ", ".join(
        f"{name} ({counted(count, 'document')})" if many else name
        for name, count in sets.tokenizers.most_common()
    )
    return [*said, f"tokens: {tokens}"] if tokens else said
