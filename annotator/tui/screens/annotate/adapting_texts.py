"""What is said of a model that adapts; pure."""

from __future__ import annotations

from annotator.model.adaptations import Adaptation
from annotator.model.counting import counted


def outcome(attempt: Adaptation, *, is_broken: bool = False) -> str:
    """How an attempt ended, in one line for the status line."""
    if is_broken:
        return "the adapted model does not load: back to the model as it came"
    if attempt.failed:
        return f"the model did not adapt: {attempt.failed}"
    change = f"{figure(attempt.before_f1)} → {figure(attempt.after_f1)}"
    if attempt.is_taken:
        return f"the model adapted: {change} on {attempt.held_out} held out"
    return f"the model stays as it was: adapting made it {change} on {attempt.held_out} held out"


def figure(f1: float | None) -> str:
    """A score in two digits, without the zero before the point."""
    return "n/a" if f1 is None else f"{f1:.2f}".removeprefix("0")


def facts(attempt: Adaptation) -> list[tuple[str, str]]:
    """What there is to tell of an attempt: terms and what is said of them."""
    when = attempt.when[:16].replace("T", " ") + " UTC"
    if attempt.failed:
        return [("when", when), ("failed", attempt.failed)]
    result = "taken" if attempt.is_taken else "not taken: it would have been worse"
    scores = (
        f"{figure(attempt.before_f1)} before, {figure(attempt.after_f1)} after"
        f" (the model as it came: {figure(attempt.base_f1)}), strict F1 on {attempt.held_out} held-out documents"
    )
    found = [
        ("when", f"{when}, {attempt.seconds:.0f} s"),
        ("result", result),
        ("score", scores),
        (
            "learnt from",
            f"{counted(attempt.learnt_from, 'finished document')},"
            f" beside {attempt.rehearsed} others on which it was to stay as it is",
        ),
    ]
    if attempt.new_labels:
        found.append(("new labels", ", ".join(attempt.new_labels)))
    if attempt.unteachable:
        spans = counted(attempt.unteachable, "span")
        found.append(("not learnt", f"{spans}: the label set gives the name of their label another meaning"))
    return found
