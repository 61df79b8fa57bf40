"""Explanations: which component changed what differs, from the catalogue of known changes and from the fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handbook.catalogue import KnownChange
from handbook.changes.blocks import blocks
from handbook.drift import Difference, Drift, FactChange
from handbook.kinds import kind_of
from handbook.reading.step_options import recorded_options
from handbook.tree import Place

VERSION = re.compile(r"\d+\.\d")
QUOTED = re.compile(r"^[\"'v]+|[\"']+$")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something differs.

    Parameters:
        sentence: For a reader.
        component: What changed, for instance ``kubernetes 1.22``.
        source: Where that is said; empty where the fingerprints alone say it.
        known: The name of the entry of the catalogue; empty likewise.
    """

    sentence: str
    component: str
    source: str = ""
    known: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.component}: {self.sentence}", self.source and f"({self.source})")))


class Explainer:
    """Explains what differs between two environments.

    Parameters:
        facts: In what their fingerprints differ.
        catalogue: The known changes.
    """

    def __init__(self, facts: Sequence[FactChange] = (), catalogue: Iterable[KnownChange] = ()) -> None:
        self.facts = tuple(facts)
        cases = (case for change in catalogue for fact in facts for case in _cases(change, fact))
        self._cases = sorted(cases, key=lambda case: case.order)
        self._step: _Step | None = None

    def by_reason(self, drift: Drift, differences: Iterable[Difference]) -> dict[Explanation | None, list[Difference]]:
        """Differences of a step by what they come from, in the order in which each reason is met; None where nobody knows."""
        found: dict[Explanation | None, list[Difference]] = {}
        for difference in differences:
            found.setdefault(self.explain(drift, difference), []).append(difference)
        return found

    def explain(self, drift: Drift, difference: Difference) -> Explanation | None:
        """Say what a difference comes from; None where nobody knows."""
        if not difference.means_something:
            return None
        shown = _Shown(self._read(drift), difference)
        if printed := next((fact for fact in self.facts if shown.is_version(fact)), None):
            return _printed(printed)
        if case := next((case for case in self._cases if shown.matches(case.change, turned=case.turned)), None):
            return Explanation(case.change.sentence, case.component, case.change.source, case.change.name)
        holding = next((fact for fact in self.facts if shown.holds_version(fact)), None)
        return _printed(holding) if holding else None

    def _read(self, drift: Drift) -> _Step:
        """The step of a drift; people ask for one difference of it after the other."""
        if self._step is None or self._step.drift is not drift:
            self._step = _Step(drift)
        return self._step


@dataclass(frozen=True, slots=True)
class _Case:
    """A known change that lies between two environments.

    Parameters:
        change: The change.
        fact: In what the environments differ.
        turned: True where the newer environment stands on the old side: then what the change took away is what is new.
    """

    change: KnownChange
    fact: FactChange
    turned: bool

    @property
    def order(self) -> tuple[bool, bool, bool]:
        """Its place among all: who tells what differs says more, and no version explains what a missing component does."""
        return self.change.is_broad, self._both, self.turned

    @property
    def component(self) -> str:
        """What changed, and from what to what, as it is between these two environments."""
        if self.change.since:
            return f"{self.change.when}, the other way round" if self.turned else self.change.when
        return str(self.fact) if self._both else self.fact.name

    @property
    def _both(self) -> bool:
        return bool(self.fact.old and self.fact.new)


def _cases(change: KnownChange, fact: FactChange) -> Iterator[_Case]:
    for turned in (False, True):
        seen = FactChange(fact.name, fact.new, fact.old) if turned else fact
        if change.lies_between(seen):
            yield _Case(change, fact, turned)


def _printed(fact: FactChange) -> Explanation:
    return Explanation(f"the version of {fact.name} is printed", f"{fact}")


def _version(text: str) -> str:
    """A version without what a distribution added to it; empty for what is no version."""
    return text.partition("+")[0].partition("~")[0] if VERSION.match(text) else ""


def _is_of(printed: str, version: str) -> bool:
    """Tell whether a text is a version, or its first parts: 1.37 of 1.37.2."""
    text = QUOTED.sub("", printed)
    return bool(_version(text) and _version(version)) and (text == version or f"{_version(version)}.".startswith(f"{text}."))


class _Step:
    """What a step shows, read once for all that differs in it: its lines, its blocks, its kind."""

    def __init__(self, drift: Drift) -> None:
        self.drift = drift
        self.old, self.new = drift.old.output.split("\n"), drift.new.output.split("\n")
        self.blocks = blocks(drift)
        self.kind = kind_of(drift.command, recorded_options(drift.new.options).kind).name


class _Shown:
    """What a difference shows: its lines, what differs in them, its sentence, its command."""

    def __init__(self, step: _Step, difference: Difference) -> None:
        self._lines = _line(step.old, difference.old), _line(step.new, difference.new)
        self._old, self._new = _part(self._lines[0], difference.old), _part(self._lines[1], difference.new)
        self._sentence = " ".join(filter(None, (difference.subject, difference.sentence)))
        self._block = step.blocks.get(difference, "")
        self._command, self._kind = step.drift.command, step.kind

    def is_version(self, fact: FactChange) -> bool:
        """Tell whether all that differs is the version of a component."""
        return _is_of(self._old, fact.old) and _is_of(self._new, fact.new)

    def holds_version(self, fact: FactChange) -> bool:
        """Tell whether the version of a component stands in what differs, and nothing else of it differs."""
        old, new = _version(fact.old), _version(fact.new)
        return bool(old and new) and old in self._old and self._old.replace(old, new) == self._new

    def matches(self, change: KnownChange, *, turned: bool) -> bool:
        """Tell whether it is a known change; ``turned`` where the newer environment is the old one."""
        old, new = (self._new, self._old) if turned else (self._old, self._new)
        if change.kinds and self._kind not in change.kinds:
            return False
        if change.line and not any(map(change.line.search, self._lines)):
            return False
        if change.block and not _holds(self._block, change.block):
            return False
        looked = ((change.command, self._command), (change.old, old), (change.new, new), (change.says, self._sentence))
        return all(pattern is None or pattern.search(text) for pattern, text in looked)


@lru_cache(maxsize=1024)
def _holds(block: str, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(block))


def _part(line: str, place: Place | None) -> str:
    return line[place.start : place.end].strip() if place else ""


def _line(lines: Sequence[str], place: Place | None) -> str:
    return lines[place.line - 1] if place else ""
