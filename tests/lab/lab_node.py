"""A lab for the tests: any of the book's lab environments, in an instance that no other test has."""

from __future__ import annotations

import itertools
import os
import subprocess
from pathlib import Path

from handbook.environment import Target, load_environment
from handbook.environments.lab import Lab
from handbook.lab import groups
from handbook.progress import Quiet
from handbook.runtime import Runtime

BOOK = Path(__file__).parents[2]
ENVIRONMENTS = BOOK / "resources/environments"
NUMBERS = itertools.count()


class LabNode:
    """A node of an environment, and commands in it as a chapter's."""

    def __init__(self, environment: str) -> None:
        self.instance = f"test-{os.getpid()}-{next(NUMBERS)}"
        self.runtime = Runtime(self.instance)
        self.lab = Lab(load_environment(ENVIRONMENTS / f"{environment}.yml"), self.instance)

    def up(self) -> None:
        self.lab.up(Quiet())

    def run(self, command: str, *, target: str = "node", given: str = "") -> subprocess.CompletedProcess[str]:
        kind, _, name = target.partition(":")
        shell = self.lab.shell(Target(kind, name))
        words = [*shell.argv, shell.interpreter, "-c", command]
        return subprocess.run(words, input=given, capture_output=True, text=True, timeout=60, check=False)

    def output(self, command: str, *, target: str = "node") -> str:
        """What a command prints; it has to succeed."""
        done = self.run(command, target=target)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def groups(self) -> list[Path]:
        """This machine's control groups of the node."""
        return groups.find(f"handbook-{self.instance}")

    def processes(self) -> set[int]:
        """Numbers, on this machine, of the node's processes."""
        return groups.processes(self.groups())

    def disk(self) -> Path:
        return self.lab._disk
