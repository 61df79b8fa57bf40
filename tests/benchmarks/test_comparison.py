"""What it costs to check and to compare many recorded steps, whole processes, and how that grows."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks import many_steps

pytestmark = pytest.mark.benchmark

HANDBOOK = Path(sys.executable).parent / "handbook"
MANY, FEW = 10_000, 1_000
LIMIT = 2.0  # seconds


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A large book and a small one."""
    return {steps: many_steps.write(tmp_path_factory.mktemp(f"steps{steps}"), steps).root for steps in (MANY, FEW)}


def seconds(root: Path, *words: str) -> float:
    """The best of three whole runs, as a reader with a watch would see it."""
    return min(_run(root, *words) for _ in range(3))


def _run(root: Path, *words: str) -> float:
    before = time.perf_counter()
    done = subprocess.run([HANDBOOK, *words], cwd=root, capture_output=True, text=True, timeout=300, check=False)
    after = time.perf_counter()
    assert done.returncode in {0, 1}, done.stderr
    return after - before


@pytest.mark.parametrize("words", [("check",), ("diff", "old", "new")], ids=["check", "diff"])
def test_ten_thousand_steps_take_less_than_two_seconds_and_cost_grows_with_them(
    books: dict[int, Path], words: tuple[str, ...]
) -> None:
    many, few = seconds(books[MANY], *words), seconds(books[FEW], *words)
    print(f"{' '.join(words)}: {MANY} steps {many:.2f} s, {FEW} steps {few:.2f} s")
    assert many < LIMIT
    assert many < 11 * few
