"""What it costs to check and to compare many recorded steps, whole processes, and how that grows."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import many_steps

pytestmark = pytest.mark.benchmark

HANDBOOK = Path(sys.executable).parent / "handbook"
ROOT = Path(__file__).parents[2]
MANY, FEW = 10_000, 1_000
LIMIT = 2.0  # seconds


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A large book and a small one; each step is recorded in two environments."""
    return {steps: many_steps.write(tmp_path_factory.mktemp(f"steps{steps}"), steps // 2).root for steps in (MANY, FEW)}


def seconds(root: Path, *words: str) -> float:
    """Processor seconds of a whole run, the best of three: what it takes on a machine that does nothing else."""
    return min(_run(root, *words) for _ in range(3))


def _run(root: Path, *words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([HANDBOOK, *words], cwd=root, capture_output=True, text=True, timeout=300, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in {0, 1}, done.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_checking_ten_thousand_recorded_steps_takes_less_than_two_seconds(books: dict[int, Path]) -> None:
    many, few = seconds(books[MANY], "check"), seconds(books[FEW], "check")
    print(f"check: {MANY} steps {many:.2f} s, {FEW} steps {few:.2f} s")
    assert many < LIMIT
    assert many < 11 * few


@pytest.mark.parametrize("pair", [("debian-12", "debian-13"), ("kubernetes-1.20", "kubernetes-1.37")], ids="-".join)
def test_comparing_two_environments_of_this_book_takes_less_than_two_seconds(pair: tuple[str, str]) -> None:
    took = seconds(ROOT, "diff", *pair)
    print(f"diff {' '.join(pair)}: {took:.2f} s")
    assert took < LIMIT


def test_the_cost_of_comparing_steps_that_all_differ_grows_with_their_number(books: dict[int, Path]) -> None:
    many, few = seconds(books[MANY], "diff", "old", "new"), seconds(books[FEW], "diff", "old", "new")
    print(f"diff: {MANY // 2} steps that all differ {many:.2f} s, {FEW // 2} steps {few:.2f} s")
    assert many < 11 * few
