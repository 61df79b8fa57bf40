"""Nodes with a kernel of their own make room for each other on the processors of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

STAY = """
import os, sys
from pathlib import Path
from handbook.lab.uml.processor import stay_on_one_processor
stay_on_one_processor(Path(sys.argv[1]))
print(*os.sched_getaffinity(0), flush=True)
sys.stdin.read()
"""


@contextmanager
def stayer(places: Path) -> Iterator[int]:
    """A process that stays on one processor; the processor."""
    words = (sys.executable, "-c", STAY)
    with subprocess.Popen([*words, places], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield int(process.stdout.readline())


@pytest.mark.parametrize("rows", [1, 2])
def test_no_processor_has_a_second_node_before_each_has_one(tmp_path: Path, rows: int) -> None:
    allowed = os.sched_getaffinity(0)
    with ExitStack() as stack:
        found = Counter(stack.enter_context(stayer(tmp_path)) for _ in range(rows * len(allowed)))
    assert found == dict.fromkeys(allowed, rows)


def test_the_place_of_a_node_that_ended_is_free(tmp_path: Path) -> None:
    others = len(os.sched_getaffinity(0)) - 1
    with ExitStack() as stack:
        with stayer(tmp_path) as processor:
            taken = {stack.enter_context(stayer(tmp_path)) for _ in range(others)}
        assert processor not in taken
        assert stack.enter_context(stayer(tmp_path)) == processor
