"""Keys an entity: gold data made anew through the program's own keys, by the cheapest that a person would press.

python -m tests.benchmarks.effort GOLD [--format conll | --jsonl] [--labels conll] [--group 20] [--model NAME] [--learn]
                                  [--person plain] [--keys-out FILE] [--json]

The person reads everything on the screen and knows what is right there, and what keys do to what they have read, but not
what memory will make of a decision. The careful one uses every key; the plain one goes from suggestion to suggestion and
jumps. The store is empty at first, and no document is known before it is reached. The result is compared with the gold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotator.formats.exchange import AnnotatedDocument, ReadOptions
from annotator.formats.registry import read
from annotator.model.decisions import Status
from annotator.model.labels import LabelSet
from annotator.model.resources import load_label_set
from annotator.model.spans import Level, walking_order
from annotator.store.repository import Store
from tests.benchmarks.effort_planner import CAREFUL, PLAIN, Habits, Key
from tests.benchmarks.effort_screen import ANNOTATOR, Person, Work, make_store
from tests.benchmarks.figures import say_table
from tests.benchmarks.slate_keys import slate_keys

PERSONS = {"careful": CAREFUL, "plain": PLAIN}
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
LACKS = ("left_out", "given_up", "unfinished")
"""What of the gold no store can hold, what the keys did not make, and which documents they did not finish."""
READ = {"words": "words", "suggestions read": "suggestions_read", "screens": "screens"}
"""What was read for an entity, by the heads of the table."""
CASES = ("right", "label", "boundary", "spurious", "missed", "navigation", "finishing")


def measure(
    annotated: Sequence[AnnotatedDocument],
    label_set: LabelSet,
    *,
    model: str | None,
    learns: bool,
    store: Path,
    habits: Habits = CAREFUL,
) -> tuple[dict[str, Any], list[Work]]:
    """The figures of one run in a new store at `store`, and what each document took.

    Of the gold what no store can hold is left out, and counted.
    """
    gold, left_out = holdable_gold(annotated, label_set)
    make_store(store, annotated, label_set, model)
    works = asyncio.run(Person(store, gold, learns=learns, habits=habits).work())
    figures = {**_figures(works), "left_out": left_out, "slate": _slate(annotated, gold)}
    return {**figures, "exact": _is_exact(store, gold)}, works


def holdable_gold(
    annotated: Sequence[AnnotatedDocument], label_set: LabelSet
) -> tuple[dict[str, list[Key]], int]:
    """The gold by document, without what the program's keys never make, and how many spans that leaves out.

    That is what lies outside the text, has a label without a key, begins or ends with white space, crosses a blank
    line, stands there twice, or, in a flat label set, overlaps another: of those the first stays, the longest of several.
    """
    gold: dict[str, list[Key]] = {}
    left_out = 0
    for each in annotated:
        kept: list[Key] = []
        for span in sorted(each.spans, key=walking_order):
            key = (span.start, span.end, span.label)
            is_free = label_set.nested or not kept or kept[-1][1] <= span.start
            if is_free and key not in kept and is_holdable(each.document.text, key, label_set):
                kept.append(key)
        gold[each.document.id] = kept
        left_out += len(each.spans) - len(kept)
    return gold, left_out


def is_holdable(text: str, key: Key, label_set: LabelSet) -> bool:
    """True if the keys can make this span in a text."""
    start, end, label = key
    surface = text[start:end]
    is_inside = 0 <= start < end <= len(text) and surface == surface.strip()
    has_key = label in label_set.by_name and bool(label_set.by_name[label].key)
    return is_inside and has_key and not _BLANK_LINE.search(surface)


def labels_of(annotated: Sequence[AnnotatedDocument]) -> LabelSet:
    """A label set of the gold's own labels, the most frequent first; nested if any two spans overlap."""
    counts = Counter(span.label for each in annotated for span in each.spans)
    is_nested = any(
        one.end > other.start
        for each in annotated
        for one, other in pairwise(sorted(each.spans, key=walking_order))
    )
    labels = [{"name": name} for name, _ in counts.most_common()]
    return LabelSet.from_content({"name": "gold", "labels": labels, "nested": is_nested})


def _figures(works: Sequence[Work]) -> dict[str, Any]:
    half = len(works) // 2
    cases = sum((work.keys for work in works), Counter())
    entities = max(sum(work.entities for work in works), 1)
    levels = sum((work.levels for work in works[half:]), Counter())
    right, wrong = levels[Level.HIGH, True], levels[Level.HIGH, False]
    return {
        "keys_per_entity": _per_entity(works),
        "first_half": _per_entity(works[:half]),
        "second_half": _per_entity(works[half:]),
        "cases": {case: cases[case] / entities for case in CASES},
        "words": sum(work.words for work in works) / entities,
        "suggestions_read": sum(len(work.reading.suggestions) for work in works) / entities,
        "screens": sum(len(work.reading.screens) for work in works) / entities,
        "confident": right + wrong,
        "confident_right": right / (right + wrong) if right + wrong else None,
        "documents": len(works),
        "entities": sum(work.entities for work in works),
        "given_up": sum(len(work.given_up) for work in works),
        "unfinished": sum(not work.is_finished for work in works),
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
    parser.add_argument(
        "--jsonl", action="store_const", const="jsonl", dest="format", help="as --format jsonl"
    )
    parser.add_argument(
        "--labels", help="a label set; where none is named, conll or one of the gold's own labels"
    )
    parser.add_argument("--group", type=int, default=0, help="blocks of a CoNLL file that make a document")
    parser.add_argument("--model")
    parser.add_argument("--documents", "--first", type=int, help="only so many documents")
    parser.add_argument("--learn", action="store_true", help="with learning on; the table has it off as well")
    parser.add_argument("--person", choices=sorted(PERSONS), default="careful")
    parser.add_argument("--keys-out", type=Path, help="write the keys, a JSON object a document")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    annotated = list(read([options.gold], format=options.format, options=ReadOptions(group=options.group)))
    annotated = annotated[: options.documents]
    label_set = load_label_set(options.labels or "conll")
    if options.labels is None and any(
        span.label not in label_set.by_name for each in annotated for span in each.spans
    ):
        label_set = labels_of(annotated)
    results = {}
    for learns in [True] if options.learn and options.json else [False, True][: 1 + options.learn]:
        with tempfile.TemporaryDirectory() as folder:
            name = "learning on" if learns else "learning off"
            results[name], works = measure(
                annotated,
                label_set,
                model=options.model,
                learns=learns,
                store=Path(folder) / "store",
                habits=PERSONS[options.person],
            )
    if options.keys_out is not None:
        lines = [json.dumps({"document": work.document_id, "keys": work.pressed}) for work in works]
        options.keys_out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if options.json:
        print(json.dumps(results["learning on" if options.learn else "learning off"]))
        return
    heads = ["", "keys an entity", "first half", "second half", *CASES, *READ, "exact"]
    rows: list[list[Any]] = []
    for name, result in results.items():
        figures = [result[figure] for figure in ("keys_per_entity", "first_half", "second_half")]
        read_ones = [result[figure] for figure in READ.values()]
        rows.append([name, *figures, *result["cases"].values(), *read_ones, _exactness(result)])
        slate = result["slate"]
    rows.append(["SLATE's keys", slate, *[""] * (len(heads) - 2)])
    say_table(heads, rows)


def _exactness(result: Mapping[str, Any]) -> str:
    """Whether the result is as the gold, and what is not of it."""
    parts = [f"{result[name]} {name.replace('_', ' ')}" for name in LACKS if result[name]]
    return ", ".join(["yes" if result["exact"] else "NO", *parts])


if __name__ == "__main__":
    main()
