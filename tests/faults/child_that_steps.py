"""A program that does a correction to all mentions in the store named on its command line, and is killed meanwhile.

It says "begins" when all is found, and "made" when the step is.
"""

from __future__ import annotations

import os
import sys

from annotator.editing.correction import Correction
from annotator.model.decisions import Verb
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.steps.mentions import MentionService, Sources

if __name__ == "__main__":
    store = Store.open(sys.argv[1])
    correction = Correction(None, Span(0, 6, "PER"), Verb.ADD, "Maduro")
    bench = MentionService(
        store,
        "anna",
        correction,
        store.catalogue.ids,
        sources=Sources(PipelineAnswers(store, resolve("blank:en"))),
        settings=Settings(),
    )
    plan = bench.plan(bench.look(), takes_done=False)
    os.write(1, b"begins\n")
    bench.make(plan)
    os.write(1, b"made\n")
