"""`annotator suggest` over a whole store, beside `nlp.pipe` of the same components and processes in the same run.

python -m tests.benchmarks.suggest [--documents 2000] [--words 200] [--processes N] [--model NAME] [--batch-size B]
                                   [--rounds 1] [--gold FILE] [--json]

Both are whole programs, timed from their start to their end: interpreter, loading, all documents, and for `annotator
suggest` every answer in the store's cache too. `nlp.pipe` has the components loaded that suggestions need and no other, one
thread a process as the workers have, and only reads entities off; it runs with spaCy's own batch size and with smaller
batches, and the faster one counts. Texts are generated, or, with `--gold`, those of a file, over and over, each with a line
of its own before it. The entities of both must be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from annotator.child_processes.parent_side import ONE_THREAD
from annotator.formats.exchange import ReadOptions
from annotator.formats.registry import read
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.store.repository import Store
from annotator.suggest.sources.pipeline import dispensable_of
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve
from annotator.suggest.worker.answers import MODEL
from annotator.suggest.worker.pool import processors
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.benchmarks.figures import median, say_table
from tests.benchmarks.texts import without_suggestions

BUDGET = 0.9
"""Documents a second of `annotator suggest`, at least so many times those of `nlp.pipe`."""

PIPE = """
import json, sys
source, exclude, processes, batch_size = json.loads(sys.argv[1])
import spacy

def stripped(ent):
    start = ent.start_char + len(ent.text) - len(ent.text.lstrip())
    return start, start + len(ent.text.strip())

if __name__ == "__main__":
    nlp = spacy.load(source, exclude=exclude)
    with open(sys.argv[2], encoding="utf-8") as lines:
        texts = map(json.loads, lines)
        for doc in nlp.pipe(texts, n_process=processes, **({"batch_size": batch_size} if batch_size else {})):
            print(json.dumps([(*stripped(ent), ent.label_) for ent in doc.ents]))
"""

Entities = list[list[tuple[int, int, str]]]


def documents_of(options: argparse.Namespace) -> Iterator[Document]:
    """The documents of a run."""
    if options.gold is None:
        for number in range(options.documents):
            made = without_suggestions(options.words, seed=number).document
            yield new_document(made.text, id=f"d{number:06}")
        return
    texts = [each.document.text for each in read([options.gold], format=None, options=ReadOptions())]
    for number, text in enumerate(islice(cycle(texts), options.documents)):
        yield new_document(f"Text {number}\n\n{text}", id=f"d{number:06}")


def run_pipe(
    pipeline: ResolvedPipeline, texts: Path, *, processes: int, batch_size: int
) -> tuple[float, Entities]:
    """Seconds of a program with `nlp.pipe`, and the entities without white space at their edges."""
    exclude = sorted(dispensable_of(pipeline.source))
    given = json.dumps([pipeline.source, exclude, processes, batch_size])
    program = texts.with_name("pipe.py")  # a file, since its processes may have to import it
    program.write_text(PIPE, encoding="utf-8")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(program), given, str(texts)],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, **ONE_THREAD},
    )
    seconds = time.perf_counter() - started
    return seconds, [[tuple(each) for each in json.loads(line)] for line in done.stdout.splitlines()]


def run_suggest(
    store: Store, pipeline: ResolvedPipeline, *, processes: int
) -> tuple[float, Entities, dict[str, Any]]:
    """Seconds of `annotator suggest`, the entities in the store's cache, and what it said itself."""
    command = [sys.executable, "-m", "annotator", "suggest", "--again", "--json", "--store", str(store.path)]
    command += ["--model", pipeline.source, "--processes", str(processes)]
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - started
    found, answers = [], PipelineAnswers(store, pipeline)
    for document_id in store.catalogue.ids:
        answer = answers.get(store.document(document_id))
        assert answer is not None, document_id
        found.append([each.key for each in answer.suggestions if each.source == MODEL])
    return seconds, found, json.loads(done.stdout)


def differing(left: Entities, right: Entities) -> int:
    """How many documents have other entities."""
    assert len(left) == len(right)
    return sum(sorted(one) != sorted(other) for one, other in zip(left, right, strict=True))


def main() -> None:
    """Run the benchmark and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--words", type=int, default=200, help="the length of a generated text")
    parser.add_argument("--gold", type=Path, help="take the texts of this file")
    parser.add_argument("--processes", type=int, default=processors())
    parser.add_argument("--batch-size", type=int, default=32, help="the smaller batches for nlp.pipe")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--model")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pipeline = resolve(options.model)
    batch_sizes: Sequence[int] = (0, options.batch_size)
    seconds: dict[str, list[float]] = {}
    others = 0
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder, "store"), label_set=load_label_set("news"))
        store.add_documents(documents_of(options))
        texts = Path(folder, "texts.jsonl")
        with texts.open("w", encoding="utf-8") as lines:
            for document_id in store.catalogue.ids:
                lines.write(json.dumps(store.document(document_id).text) + "\n")
        for _ in range(options.rounds):
            took, ours, said = run_suggest(store, pipeline, processes=options.processes)
            seconds.setdefault("annotator suggest", []).append(took)
            for batch_size in batch_sizes:
                took, theirs = run_pipe(pipeline, texts, processes=options.processes, batch_size=batch_size)
                name = f"nlp.pipe, batches of {batch_size}" if batch_size else "nlp.pipe"
                seconds.setdefault(name, []).append(took)
                others = max(others, differing(ours, theirs))
    rates = {name: options.documents / median(each) for name, each in seconds.items()}
    ours_rate = rates["annotator suggest"]
    ratio = ours_rate / max(rate for name, rate in rates.items() if name != "annotator suggest")
    if options.json:
        figures = {
            "documents_per_second": rates,
            "ratio": ratio,
            "budget": BUDGET,
            "differing_documents": others,
        }
        print(json.dumps({**figures, "processes": options.processes, "said": said}))
        return
    print(f"{options.documents} documents, {options.processes} processes, {pipeline.title}")
    say_table(
        ["", "documents a second", "seconds"],
        [[name, rates[name], median(each)] for name, each in seconds.items()],
    )
    print(f"ratio {ratio:.2f}: {'within' if ratio >= BUDGET else 'UNDER'} {BUDGET}")
    print(f"documents with other entities: {others}")


if __name__ == "__main__":
    main()
