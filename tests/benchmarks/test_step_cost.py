"""What one more step costs, against cram and against one bash script, measured in turn in the same run."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks import workloads
from tests.benchmarks.cost import medians, seconds
from tests.benchmarks.workloads import Line

pytestmark = pytest.mark.benchmark

SCRIPTS = Path(sys.executable).parent
FEW, MANY = 400, 2000


def slopes(line: Line, directory: Path, rounds: int) -> dict[str, float]:
    """Milliseconds of processor time of one more command, by tool; whole processes, medians."""
    commands: list[list[str | Path]] = []
    for count in (FEW, MANY):
        chapter = workloads.handbook(directory / f"{count}.md", line, count)
        test = workloads.cram(directory / f"{count}.t", line, count)
        script = workloads.bash(directory / f"{count}.sh", line, count)
        commands += [
            [SCRIPTS / "handbook", "check", "sandbox", chapter],
            [SCRIPTS / "cram", "--shell=/bin/bash", test],
            ["bash", script],
        ]
    found_medians = medians(commands, directory, rounds)
    few, many = found_medians[:3], found_medians[3:]
    found = {
        tool: (after - before) / (MANY - FEW) * 1000
        for tool, before, after in zip(("handbook", "cram", "bash"), few, many, strict=True)
    }
    print("milliseconds per command:", {tool: round(cost, 4) for tool, cost in found.items()})
    return found


def test_a_builtin_command_costs_at_most_half_as_much_again_as_with_cram(tmp_path: Path) -> None:
    cost = slopes(workloads.builtin, tmp_path, rounds=11)
    assert cost["handbook"] <= 1.5 * cost["cram"]


def test_an_external_command_costs_at_most_a_fifth_more_than_in_a_script(tmp_path: Path) -> None:
    cost = slopes(workloads.external, tmp_path, rounds=5)
    assert cost["handbook"] <= 1.2 * cost["bash"]


def test_the_program_starts_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    runs = [seconds([SCRIPTS / "handbook", "--version"], tmp_path) for _ in range(15)]
    print(f"start-up: {median(runs) * 1000:.0f} ms")
    assert median(runs) < 0.1
