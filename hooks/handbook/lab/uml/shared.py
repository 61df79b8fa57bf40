"""The folder of this machine that a node sees, as /run/outside: programs for the node, and large files on their way into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import handbook
from handbook.lab import host
from handbook.lab.uml.kernel import Kernel
from handbook.lab.uml.program import MAIN

LONGEST_COPY = 60.0

ENTER = ("/bin/sh", "/run/outside/agent/handbook/lab/uml/enter-node.sh")
"""Words, in the node, in front of a command."""

PARTS = ("__init__.py", "lab/__init__.py", "lab/uml")
"""What of this package the agent needs."""


def fill(folder: Path, kernel: Kernel) -> None:
    """Make the folder."""
    (folder / "input").mkdir(parents=True)
    package, agent = Path(handbook.__file__).parent, folder / "agent"
    for name in PARTS:
        target = agent / "handbook" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (package / name).is_dir() else shutil.copy)(package / name, target)
    (agent / "__main__.py").write_text(f"{MAIN.format('agent')}\n", encoding="utf-8")
    (folder / "rate").write_text(clock_rate(), encoding="utf-8")
    if kernel.modules:
        host.run("cp", "--archive", "--link", str(kernel.modules), str(folder / "modules"), timeout=LONGEST_COPY)


def clock_rate() -> str:
    """The line of our /proc/cpuinfo that tells how fast a processor is; empty where there is none."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in lines if line.startswith("cpu MHz")), "")
