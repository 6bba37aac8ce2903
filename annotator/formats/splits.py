"""Which documents train a model, which choose the best of its states, and which measure it.

A document goes into one part as a whole, and so do all documents of a group and all copies of a text. The parts
either share out the labels or follow from a hash of the text, so that new documents move none of the old ones.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.choices import SplitBy
from annotator.model.counting import counted

PARTS = ("train", "dev", "test")
"""The parts by name: to learn from, to choose by, to measure with."""

_DOCUMENTS = ""
"""Counts documents where labels are counted; no label is empty."""
_ROUNDS = 8
"""How often at most each group may think again; samples settle after three."""


@dataclass(frozen=True, slots=True)
class SplitItem:
    """What a split needs to know of a document: its id, the hash of its text, its spans by label, its group if any."""

    id: str
    sha256: str
    labels: Mapping[str, int] = field(default_factory=dict)
    group: str | None = None


@dataclass(frozen=True, slots=True)
class PartTotals:
    """What a part holds."""

    part: str
    documents: int
    labels: Mapping[str, int]

    @property
    def spans(self) -> int:
        """How many spans the part has, of all labels."""
        return sum(self.labels.values())


@dataclass(slots=True)
class _Unit:
    """Documents that stay together. `labels` counts their spans, and under _DOCUMENTS themselves."""

    key: str
    items: list[SplitItem]
    labels: Counter[str]

    @property
    def spans(self) -> int:
        return self.labels.total() - self.labels[_DOCUMENTS]


def parse_ratios(text: str) -> dict[str, float]:
    """The share of each part from "80/10/10", or "80/20" for no test part; they sum to one.

    Parts with no share are left out. UsageError if these are not two or three numbers with a share for both `train`
    and `dev`.
    """
    wrong = UsageError(
        f"{text!r} is no split",
        hint="give the shares of train, dev and test, such as 80/10/10; 80/20 has no test",
    )
    try:
        numbers = [float(number) for number in text.split("/")]
    except ValueError as error:
        raise wrong from error
    if not 2 <= len(numbers) <= len(PARTS) or not all(0 <= number < math.inf for number in numbers):
        raise wrong
    if not numbers[0] or not numbers[1]:
        raise wrong
    total = sum(numbers)
    return {part: number / total for part, number in zip(PARTS, numbers, strict=False) if number}


def split(
    items: Iterable[SplitItem], ratios: Mapping[str, float], *, seed: int = 0, by: SplitBy = SplitBy.LABELS
) -> dict[str, str]:
    """The part of each document, by its id; the same for the same documents, in whatever order they come.

    LABELS shares out documents and the spans of each label by `ratios`, greedily: each group, in an order
    by `seed`, goes where it helps most, and may then move until none would rather be elsewhere. (Iterative
    stratification, Sechidis et al. 2011, looks at one label at a time, the rarest, and left train with 60 % of
    wikigold's spans at 80/10/10; this leaves it with 80 to 82 %.)
    HASH places a group by its name, and a document without one by its text, so that other documents do not matter.
    InputError if there are fewer groups than parts, if by hash a part gets no document or the copies of a text
    belong to groups of different parts.
    """
    known = sorted(items, key=lambda item: item.id)
    chosen = _by_hash(known, ratios, seed) if by is SplitBy.HASH else _by_labels(known, ratios, seed)
    if empty := [part for part in ratios if part not in chosen.values()]:
        raise InputError(
            f"{counted(len(known), 'document')} by hash leave nothing for {' and '.join(empty)}",
            hint="annotate more, try another --seed, or split by labels",
        )
    return chosen


def totals(items: Iterable[SplitItem], parts: Mapping[str, str], ratios: Iterable[str]) -> list[PartTotals]:
    """What each part holds, in the order of `ratios`."""
    documents: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = {part: Counter() for part in ratios}
    for item in items:
        documents[parts[item.id]] += 1
        labels[parts[item.id]].update(item.labels)
    return [PartTotals(part, documents[part], found) for part, found in labels.items()]


class Separation:
    """Proof that no document and no text goes into two parts, by what is really written."""

    def __init__(self) -> None:
        self._part: dict[str, str] = {}

    def check(self, part: str, *, id: str, sha256: str) -> None:
        """Note a document of a part; OutputError if it, or its text, has been seen in another one."""
        for name in (f"document {id}", f"text {sha256}"):
            if (there := self._part.setdefault(name, part)) != part:
                raise OutputError(
                    f"the {name} would be in both {there} and {part}",
                    hint="did the store change meanwhile? export it again",
                )


def _by_hash(items: Sequence[SplitItem], ratios: Mapping[str, float], seed: int) -> dict[str, str]:
    chosen: dict[str, str] = {}
    by_text: dict[str, SplitItem] = {}
    for item in items:
        key = f"text {item.sha256}" if item.group is None else f"group {item.group}"
        number = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode("utf-8", "surrogatepass")).digest()[:8])
        chosen[item.id] = _part_at(number / 2**64, ratios)
        twin = by_text.setdefault(item.sha256, item)
        if chosen[twin.id] != chosen[item.id]:
            raise InputError(
                f"{twin.id} and {item.id} have the same text, and the hash puts their groups"
                f" into {chosen[twin.id]} and {chosen[item.id]}",
                hint="split by labels, which joins such groups, or remove one of the two documents",
            )
    return chosen


def _part_at(place: float, ratios: Mapping[str, float]) -> str:
    """The part in which a place in [0, 1) falls, the parts laid end to end."""
    end = 0.0
    for part, share in ratios.items():
        end += share
        if place < end:
            return part
    return list(ratios)[-1]


def _by_labels(items: Sequence[SplitItem], ratios: Mapping[str, float], seed: int) -> dict[str, str]:
    units = _units(items)
    if len(units) < len(ratios):
        raise InputError(
            f"{counted(len(items), 'document')} in {counted(len(units), 'group')} cannot be split"
            f" into {' and '.join(ratios)}",
            hint="each part needs a document of its own; annotate more, or ask for fewer parts, such as 80/20",
        )
    random.Random(seed).shuffle(units)
    given = _stratified(units, ratios)
    for part in ratios:
        if not given[part]:
            _fill(part, given, ratios)
    return {item.id: part for part, own in given.items() for unit in own for item in unit.items}


def _units(items: Iterable[SplitItem]) -> list[_Unit]:
    """The documents that must stay together, joined by their groups and texts, in the order of their first ids."""
    root: dict[str, str] = {}

    def found(name: str) -> str:
        root.setdefault(name, name)
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    known = list(items)
    for item in known:
        if item.group is not None:
            root[found(f"text {item.sha256}")] = found(f"group {item.group}")
    units: dict[str, _Unit] = {}
    for item in known:
        unit = units.setdefault(found(f"text {item.sha256}"), _Unit(item.id, [], Counter()))
        unit.items.append(item)
        unit.labels.update({**item.labels, _DOCUMENTS: 1})
    return list(units.values())


def _stratified(units: Sequence[_Unit], ratios: Mapping[str, float]) -> dict[str, list[_Unit]]:
    total: Counter[str] = Counter()
    for unit in units:
        total.update(unit.labels)
    balance = _Balance(
        {part: {name: share * n for name, n in total.items()} for part, share in ratios.items()}
    )
    place: dict[str, str] = {}
    for unit in units:
        place[unit.key] = balance.best(unit)
        balance.add(unit, place[unit.key])
    for _ in range(_ROUNDS):
        is_settled = True
        for unit in units:
            balance.add(unit, place[unit.key], -1)
            best = balance.best(unit)
            is_settled = is_settled and best == place[unit.key]
            place[unit.key] = best
            balance.add(unit, best)
        if is_settled:
            break
    given: dict[str, list[_Unit]] = {part: [] for part in ratios}
    for unit in units:
        given[place[unit.key]].append(unit)
    return given


class _Balance:
    """How far parts are from what they should hold: the sum of (held - wanted)^2 / wanted over parts and labels."""

    def __init__(self, wanted: Mapping[str, Mapping[str, float]]) -> None:
        self._wanted = wanted
        self._held: dict[str, Counter[str]] = {part: Counter() for part in wanted}

    def add(self, unit: _Unit, part: str, times: int = 1) -> None:
        held = self._held[part]
        for name, count in unit.labels.items():
            held[name] += times * count

    def best(self, unit: _Unit) -> str:
        """The part in which the unit, which is in none now, leaves the smallest sum."""
        return min(self._wanted, key=lambda part: self._worsened(unit, part))

    def _worsened(self, unit: _Unit, part: str) -> float:
        wanted, held = self._wanted[part], self._held[part]
        return sum(
            count * (count + 2 * (held[name] - wanted[name])) / wanted[name]
            for name, count in unit.labels.items()
        )


def _fill(part: str, given: dict[str, list[_Unit]], ratios: Mapping[str, float]) -> None:
    """Move to an empty part, from one that can spare it, the group whose size is nearest to what the part should hold."""
    whole = sum(unit.spans for own in given.values() for unit in own)
    donors = [each for each in ratios if len(given[each]) > 1]
    donor = max(donors, key=lambda each: len(given[each]))
    nearest = min(given[donor], key=lambda unit: (not unit.spans, abs(unit.spans - ratios[part] * whole)))
    given[donor].remove(nearest)
    given[part].append(nearest)
