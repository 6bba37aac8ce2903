"""Statistics as lines of text with looks, for the screen and for the command line; pure."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.cells.fitting import filled
from annotator.measure.statistics import FASTEST_READING, Cost, Outcome, Quality, SetFacts, Statistics
from annotator.model.counting import counted
from annotator.model.decisions import By, Status
from annotator.model.labels import LabelSet
from annotator.tui.layout.plots import AXIS, bar, columns
from annotator.tui.widgets.looks import Run

Line = list[Run]
_BAR = 24
_PLOT = 8
_PARTS = 20
_OUTCOME_LOOKS = {Outcome.ACCEPTED: "green", Outcome.REJECTED: "red", Outcome.ADDED: "blue"}
_HOW = {
    By.KEY: "by key",
    By.BULK: "in bulk",
    By.DOCUMENT: "with the document",
    By.AGREEMENT: "as all agree",
}


def statistics_lines(statistics: Statistics, label_set: LabelSet, *, width: int) -> list[Line]:
    """All that there is to say, in `width` cells."""
    lines: list[Line] = []
    for section in (
        _progress(statistics),
        _labels(statistics, label_set),
        _suggestions(statistics, width),
        _over_time(statistics, width),
        _cost(statistics),
    ):
        found = list(section)
        if found and lines:
            lines.append([("", "plain")])
        lines += found
    return lines


def _heading(text: str, aside: str = "") -> Line:
    return [(text, "strong"), (f"  {aside}" if aside else "", "muted")]


def _row(name: str, count: int, total: int, look: str) -> Line:
    share = count / total if total else 0.0
    return [
        (filled(name, 24), look),
        (f"{count:>7,} ", "plain"),
        (bar(share, _BAR), look),
        (f" {share:4.0%}".replace("%", " %"), "muted"),
    ]


def _progress(statistics: Statistics) -> Iterator[Line]:
    yield _heading("Documents", counted(statistics.documents, "document"))
    looks = {Status.DONE: "green", Status.STARTED: "yellow", Status.SKIPPED: "muted", Status.TODO: "muted"}
    for status in (Status.DONE, Status.STARTED, Status.SKIPPED, Status.TODO):
        yield _row(
            {Status.TODO: "to do"}.get(status, status.value),
            statistics.statuses[status],
            statistics.documents,
            looks[status],
        )


def _labels(statistics: Statistics, label_set: LabelSet) -> Iterator[Line]:
    total = statistics.labels.total()
    yield _heading("Labels", counted(total, "span"))
    for name, count in statistics.labels.most_common():
        label = label_set.by_name.get(name)
        yield _row(name, count, total, label.colour if label else "warn")


def _suggestions(statistics: Statistics, width: int) -> Iterator[Line]:
    total = statistics.outcomes.total()
    if not total:
        return
    quality = Quality.of(statistics.kind(is_blind=False))
    f1 = "n/a" if quality.f1 is None else f"{quality.f1:.3f}"
    yield _heading("Suggestions", f"strict F1 {f1} in finished documents")
    for outcome in Outcome:
        by_how = {by: count for (each, by), count in statistics.outcomes.items() if each is outcome}
        if count := sum(by_how.values()):
            how = ", ".join(f"{number:,} {_HOW[by]}" for by, number in sorted(by_how.items()) if by in _HOW)
            look = _OUTCOME_LOOKS.get(outcome, "orange")
            row = _row(outcome.value, count, total, look)
            if outcome is Outcome.ADDED:
                yield row
            elif sum(len(text) for text, _ in row) + 2 + len(how) <= width:
                yield [*row, (f"  {how}", "muted")]
            else:
                yield row
                yield [(f"  {how}", "muted")]


def _over_time(statistics: Statistics, width: int) -> Iterator[Line]:
    parts = statistics.quality_over_time(min(_PARTS, (width - 8) // 2))
    if len(parts) < 2:
        return
    seen = len(statistics.kind(is_blind=False))
    a_column = "each a document" if len(parts) == seen else f"each about {seen / len(parts):.1f} documents"
    yield _heading("Strict F1 of suggestions over time", f"{len(parts)} columns, {a_column}")
    for row in columns([part.f1 for part in parts], height=_PLOT, width=width):
        yield [(row[:AXIS], "muted"), (row[AXIS:], "blue")]


def _cost(statistics: Statistics) -> Iterator[Line]:
    kinds = {"assisted": statistics.kind(is_blind=False), "blind": statistics.kind(is_blind=True)}
    if not Cost.of(statistics.done).documents:
        return
    yield _heading("Cost of finished documents", "median per document, mean per span")
    head = f"{'':10}{'documents':>9}{'minutes':>9}{'words/min':>11}{'keys':>7}{'spans':>7}{'s/span':>8}{'keys/span':>11}"
    yield [(head, "muted")]
    for name, sets in kinds.items():
        if sets or name == "assisted":
            yield [(_cost_row(name, sets), "plain")]
    if too_fast := Cost.of(statistics.done).too_fast:
        said = f"{counted(too_fast, 'document')} finished faster than {FASTEST_READING} words per minute"
        yield [(said, "warn")]


def _cost_row(name: str, sets: tuple[SetFacts, ...]) -> str:
    cost = Cost.of(sets)
    minutes = None if cost.seconds is None else cost.seconds / 60
    return (
        f"{name:10}{cost.documents:>9,}{_figure(minutes):>9}{_figure(cost.words_per_minute, 0):>11}"
        f"{_figure(cost.keys, 0):>7}{cost.spans:>7,}"
        f"{_figure(cost.seconds_a_span):>8}{_figure(cost.keys_a_span, 2):>11}"
    )


def _figure(value: float | None, digits: int = 1) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"
