"""What it costs to check and to compare many recorded steps, whole processes, and how that grows."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks import many_steps

pytestmark = pytest.mark.benchmark

HANDBOOK = Path(sys.executable).parent / "handbook"
ROOT = Path(__file__).parents[2]
LIMIT = 2.0  # seconds
ROUNDS = 5
# What linear means: one more step costs at most a quarter more in a larger book than in a smaller one. Where a share of the time at
# 10,000 steps grows with the square of their number, one more of them costs (1 + 1.1 x) / (1 + 0.11 x) times as much between 1,000
# and 10,000 as between 100 and 1,000, with x that share against the rest: a fifth breaks the bound, all of it would give 10. The
# processor seconds of the best of five runs differ by a few hundredths of themselves. A check costs so little a step that 1,000 of
# them drown in the start of the program; so there it is 10,000 to 40,000 against 1,000 to 10,000, where a fifteenth breaks it.
LINEAR = 1.25


class Cost(NamedTuple):
    """What a run of the whole process takes, each the least of several rounds: whatever else a machine does only adds to it.

    Parameters:
        elapsed: Seconds by the clock on the wall.
        processor: Seconds of a processor, of the process and its children.
    """

    elapsed: float
    processor: float


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Books of so many steps; each step is recorded in two environments, where it prints different things."""
    return cache(lambda steps: many_steps.write(tmp_path_factory.mktemp("steps"), steps).root)


def cost(root: Path, *words: str) -> Cost:
    """What a command costs in a book."""
    return Cost(*map(min, zip(*(_run(root, *words) for _ in range(ROUNDS)), strict=True)))


def _run(root: Path, *words: str) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([HANDBOOK, *words], cwd=root, capture_output=True, text=True, timeout=300, check=False)
    ended, after = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in {0, 1}, done.stderr
    return Cost(ended - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def growth(costs: Mapping[int, Cost]) -> float:
    """What one more step costs between the larger two of three books, for what it costs between the smaller two."""
    small, middle, large = sorted(costs)
    below = (costs[middle].processor - costs[small].processor) / (middle - small)
    return (costs[large].processor - costs[middle].processor) / (large - middle) / below


def test_checking_ten_thousand_recorded_steps_takes_less_than_two_seconds_and_grows_with_them(books: Callable[[int], Path]) -> None:
    costs = {recorded: cost(books(recorded // 2), "check") for recorded in (1_000, 10_000, 40_000)}
    print(f"check: {_told(costs)}")
    assert costs[10_000].elapsed < LIMIT
    assert growth(costs) < LINEAR


@pytest.mark.parametrize("pair", [("debian-12", "debian-13"), ("kubernetes-1.20", "kubernetes-1.37")], ids="-".join)
def test_comparing_two_environments_of_this_book_takes_less_than_two_seconds(pair: tuple[str, str]) -> None:
    took = cost(ROOT, "diff", *pair)
    print(f"diff {' '.join(pair)}: {took.elapsed:.2f} s")
    assert took.elapsed < LIMIT


def test_comparing_ten_thousand_steps_that_all_differ_grows_with_their_number(books: Callable[[int], Path]) -> None:
    costs = {steps: cost(books(steps), "diff", "old", "new") for steps in (100, 1_000, 10_000)}
    print(f"diff: {_told(costs)}")
    assert growth(costs) < LINEAR


def _told(costs: Mapping[int, Cost]) -> str:
    each = (f"{steps} steps {took.elapsed:.2f} s ({took.processor:.2f} s of a processor)" for steps, took in costs.items())
    return f"{', '.join(each)}; one more step costs {growth(costs):.2f} times as much"
