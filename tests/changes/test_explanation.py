"""What explanations look at, and what they cost."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from handbook.catalogue import KnownChange
from handbook.changes.explanation import Explainer
from handbook.drift import Change, Difference, Drift, FactChange
from handbook.recording import RecordedStep
from handbook.tree import Place

FACTS = (FactChange("kubernetes", "1.20", "1.24"),)
ENTRY = KnownChange("a", "kubernetes", "s", "https://x/1", since="1.22", new=re.compile("^new$"))


def drift(lines: int, options: str = "") -> Drift:
    """A step that prints another word in each of its lines."""
    old, new = (RecordedStep("cat words", options, output=f"{word}\n" * lines) for word in ("old", "new"))
    places = (Place(number, 0, 3) for number in range(1, lines + 1))
    differences = tuple(Difference(Change.VALUE, f"line {place.line}", place, place) for place in places)
    return Drift("chapter", "snippet", 1, "cat words", old, new, differences)


def seconds(lines: int) -> float:
    """What it takes to explain so many lines, at the least of some rounds."""
    given, took = drift(lines), []
    for _ in range(3):
        began = time.process_time()
        (reason,) = Explainer(FACTS, (ENTRY,)).by_reason(given, given.differences)
        took.append(time.process_time() - began)
        assert reason
    return min(took)


def test_sixteen_times_as_many_differences_take_about_sixteen_times_as_long() -> None:
    assert seconds(8_000) < 3 * 16 * seconds(500)  # where each reads the whole output again it is about 256 times


@pytest.mark.parametrize(
    ("options", "explained"),
    [("", True), ("kind=text", True), ("kind=describe", False), ("kind=describe retries=3", True)],
)
def test_the_kind_is_that_of_the_recorded_step_and_stale_options_say_nothing(options: str, explained: bool) -> None:
    given = drift(1, options)
    reason = Explainer(FACTS, (replace(ENTRY, kinds=("text",)),)).explain(given, given.differences[0])
    assert bool(reason) is explained


def test_steps_are_explained_one_after_the_other() -> None:
    explainer, first, second = Explainer(FACTS, (ENTRY,)), drift(1), drift(2)
    for given in (first, second, first):
        assert all(explainer.explain(given, difference) for difference in given.differences)


@pytest.mark.parametrize(
    ("old", "new", "explained"),
    [
        ("v1.37.2", "v1.38.0", True),
        ("Server v1.37.2", "Server v1.38.0", True),
        ("v1.37.2", "v1.38.0-lts+fips", False),
        ("Version: 1.37.2", "1.38.0 built without v2 store", False),
        ("Version: 1.37.2", "Version: 1.37.3", False),
    ],
)
def test_a_version_explains_itself_and_not_what_stands_beside_it(old: str, new: str, explained: bool) -> None:
    before, now = (RecordedStep("kubectl version", output=f"{text}\n") for text in (old, new))
    places = Place(1, 0, len(old)), Place(1, 0, len(new))
    difference = Difference(Change.VALUE, "line 1", *places)
    given = Drift("chapter", "snippet", 1, "kubectl version", before, now, (difference,))
    reason = Explainer((FactChange("kubernetes", "1.37.2", "1.38.0"),), ()).explain(given, difference)
    assert bool(reason) is explained
