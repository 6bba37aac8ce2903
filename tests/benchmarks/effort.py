"""Keys an entity: gold data made anew through the program's own keys, by the cheapest that a careful person would press.

python -m tests.benchmarks.effort GOLD [--format conll] [--labels conll] [--group 20] [--model NAME] [--learn]
                                  [--keys-out FILE] [--json]

The person reads everything on the screen, knows what is right, and knows what keys do, but not what memory will make of a
decision. The store is empty at first, and no document is known before it is reached. The result is compared with the gold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from annotator.formats.exchange import AnnotatedDocument, ReadOptions
from annotator.formats.registry import read
from annotator.model.decisions import Status
from annotator.model.labels import LabelSet
from annotator.model.resources import load_label_set
from annotator.store.repository import Store
from tests.benchmarks.effort_planner import Key
from tests.benchmarks.effort_screen import ANNOTATOR, CarefulPerson, Work, make_store
from tests.benchmarks.figures import say_table
from tests.benchmarks.slate_keys import slate_keys

CASES = ("right", "label", "boundary", "spurious", "missed", "navigation", "finishing")


def measure(
    annotated: Sequence[AnnotatedDocument],
    label_set: LabelSet,
    *,
    model: str | None,
    learns: bool,
    store: Path,
) -> tuple[dict[str, Any], list[Work]]:
    """The figures of one run in a new store at `store`, and what each document took."""
    gold: dict[str, list[Key]] = {
        each.document.id: [(span.start, span.end, span.label) for span in each.spans] for each in annotated
    }
    make_store(store, annotated, label_set, model)
    works = asyncio.run(CarefulPerson(store, gold, learns=learns).work())
    return {**_figures(works), "slate": _slate(annotated, gold), "exact": _is_exact(store, gold)}, works


def _figures(works: Sequence[Work]) -> dict[str, Any]:
    half = len(works) // 2
    cases = sum((work.keys for work in works), Counter())
    entities = sum(work.entities for work in works)
    return {
        "keys_per_entity": _per_entity(works),
        "first_half": _per_entity(works[:half]),
        "second_half": _per_entity(works[half:]),
        "cases": {case: cases[case] / max(entities, 1) for case in CASES},
        "documents": len(works),
        "entities": entities,
    }


def _per_entity(works: Sequence[Work]) -> float:
    return sum(work.keys.total() for work in works) / max(sum(work.entities for work in works), 1)


def _slate(annotated: Sequence[AnnotatedDocument], gold: Mapping[str, Sequence[Key]]) -> float:
    from annotator.model.tokens import stand_in_tokens

    keys = sum(
        slate_keys(each.document.tokens or stand_in_tokens(each.document.text), gold[each.document.id])
        for each in annotated
    )
    return keys / max(sum(map(len, gold.values())), 1)


def _is_exact(path: Path, gold: Mapping[str, Sequence[Key]]) -> bool:
    store = Store.open(path)
    for document_id, keys in gold.items():
        made = store.load_set(document_id, ANNOTATOR)
        spans = sorted((each.start, each.end, each.label) for each in made.spans)
        if made.status is not Status.DONE or spans != sorted(keys):
            return False
    return True


def main() -> None:
    """Run the benchmark and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--format")
    parser.add_argument("--labels", default="conll")
    parser.add_argument("--group", type=int, default=0, help="blocks of a CoNLL file that make a document")
    parser.add_argument("--model")
    parser.add_argument("--first", type=int, help="only so many documents")
    parser.add_argument("--learn", action="store_true", help="with learning on; the table has it off as well")
    parser.add_argument("--keys-out", type=Path, help="write the keys, a JSON object a document")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    label_set = load_label_set(options.labels)
    annotated = list(read([options.gold], format=options.format, options=ReadOptions(group=options.group)))
    annotated = annotated[: options.first]
    results = {}
    for learns in [True] if options.learn and options.json else [False, True][: 1 + options.learn]:
        with tempfile.TemporaryDirectory() as folder:
            name = "learning on" if learns else "learning off"
            results[name], works = measure(
                annotated, label_set, model=options.model, learns=learns, store=Path(folder) / "store"
            )
    if options.keys_out is not None:
        lines = [json.dumps({"document": work.document_id, "keys": work.pressed}) for work in works]
        options.keys_out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if options.json:
        print(json.dumps(results["learning on" if options.learn else "learning off"]))
        return
    heads = ["", "keys an entity", "first half", "second half", *CASES, "exact"]
    rows: list[list[Any]] = []
    for name, found in results.items():
        figures = [found[each] for each in ("keys_per_entity", "first_half", "second_half")]
        rows.append([name, *figures, *found["cases"].values(), "yes" if found["exact"] else "NO"])
        slate = found["slate"]
    rows.append(["SLATE's keys", slate, *[""] * (len(heads) - 2)])
    say_table(heads, rows)


if __name__ == "__main__":
    main()
