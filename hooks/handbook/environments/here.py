"""This machine itself, in a throw-away directory, without any isolation: for documents about tools that are installed here."""

from __future__ import annotations

import secrets
import shutil
import sysconfig
import tempfile
from pathlib import Path
from typing import ClassVar

from handbook.environment import Environment, Missing, Shell, Target
from handbook.errors import CouldNotRun, InputError, Mistake
from handbook.fingerprint import Fingerprint
from handbook.home_directory import end_processes, remove
from handbook.probe import read_facts
from handbook.progress import Progress
from handbook.runtime import Runtime

SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HOME = "home"


class Here:
    """See ``Provider`` for what each method promises; the targets are one and the same place."""

    name: ClassVar[str] = "here"
    targets: ClassVar[tuple[str, ...]] = ("laptop", "node")

    def __init__(self, environment: Environment, instance: str) -> None:
        if unknown := sorted(environment.parameters):
            raise InputError([Mistake(environment.path, 1, f"parameter {unknown[0]!r}", "no parameters: this machine has none")])
        self._environment = environment
        self._runtime = Runtime(instance)

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks."""
        if shutil.which("bash", path=_path()):
            return ()
        return (Missing("bash", "the shell of the chapters", "sudo apt-get install bash"),)

    def up(self, progress: Progress) -> None:
        """Make the directory."""
        self._runtime.claim()
        self._clean()
        # The name is like one of mktemp, which recordings know as a value that differs from run to run.
        home = Path(tempfile.gettempdir()).resolve() / f"tmp.{secrets.token_hex(5)}"
        (self._runtime.path / HOME).write_text(str(home), encoding="utf-8")  # before there is anything to clean up
        home.mkdir(mode=0o700)

    def down(self) -> None:
        """End what was started with that directory as its home, and remove it."""
        self._runtime.claim()
        self._clean()
        self._runtime.remove()

    def shell(self, target: Target) -> Shell:
        """Say how to start a shell in the directory."""
        if target.kind not in self.targets:
            raise CouldNotRun(f"{self._environment.name} has no target {target}: it has {' and '.join(self.targets)}")
        home = self._home()
        if home is None:
            raise CouldNotRun(f"{self._environment.name} is not up")
        surroundings = (f"PATH={_path()}", f"HOME={home}", "SHELL=/bin/bash", "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=dumb")
        return Shell(("/usr/bin/env", "--ignore-environment", f"--chdir={home}", *surroundings))

    def fingerprint(self) -> Fingerprint:
        """Read the facts of this machine."""
        return read_facts(self.shell(Target("laptop")).argv, self._environment.name)

    def _home(self) -> Path | None:
        try:
            return Path((self._runtime.path / HOME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _clean(self) -> None:
        if home := self._home():
            end_processes(home)
            remove(home)


def _path() -> str:
    return f"{sysconfig.get_path('scripts')}:{SYSTEM}"


PROVIDER = Here
