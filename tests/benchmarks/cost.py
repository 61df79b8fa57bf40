"""What a whole process costs: user and system time of it and of all its children."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

# The locale of a recording costs a program about a third of its start; every competitor pays for it.
SAME = {"LC_ALL": "C.UTF-8"}
CHILD = """
import os, resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, used.ru_utime + used.ru_stime)
"""


def seconds(command: Sequence[str | Path], directory: Path) -> float:
    """Processor seconds of one run.

    Raises:
        AssertionError: Where the command fails: a benchmark of failures says nothing.
    """
    argv = [sys.executable, "-S", "-c", CHILD, *map(str, command)]
    # An installed program is compiled once, not at every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | SAME
    printed = subprocess.run(argv, cwd=directory, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout
    status, used = printed.split()
    assert status == "0", f"{command} ended with status {status}"
    return float(used)


def medians(commands: Sequence[Sequence[str | Path]], directory: Path, rounds: int) -> list[float]:
    """Median processor seconds of each command, run in turn so that a noisy moment touches all."""
    runs = [[seconds(command, directory) for command in commands] for _ in range(rounds)]
    return [median(column) for column in zip(*runs, strict=True)]
