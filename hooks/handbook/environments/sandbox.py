"""The sandbox: this machine's own kernel in fresh namespaces, as root or not; nothing that happens in it stays."""

from __future__ import annotations

import os
import shutil
from typing import ClassVar

from handbook.environment import Environment, Missing, Shell, Target
from handbook.errors import CouldNotRun, InputError, Mistake
from handbook.fingerprint import Fingerprint
from handbook.probe import read_facts
from handbook.progress import Progress, Quiet
from handbook.runtime import Runtime
from handbook.sandbox.holder import PATH, Holder, maps_users
from handbook.sandbox.obstacles import explain, missing_tools
from handbook.sandbox.remains import end, enter_words

SURROUNDINGS = (
    f"PATH={PATH}",
    "HOME=/root",
    "USER=root",
    "LOGNAME=root",
    "SHELL=/bin/bash",
    "LC_ALL=C.UTF-8",
    "TZ=UTC",
    "TERM=dumb",
)


class Sandbox:
    """See ``Provider`` for what each method promises; the targets are one and the same place."""

    name: ClassVar[str] = "sandbox"
    targets: ClassVar[tuple[str, ...]] = ("node", "laptop")

    def __init__(self, environment: Environment, instance: str) -> None:
        if unknown := sorted(environment.parameters):
            raise InputError([Mistake(environment.path, 1, f"parameter {unknown[0]!r}", "no parameters: a sandbox has none")])
        self._environment = environment
        self._runtime = Runtime(instance)
        self._holder: Holder | None = None

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks; found out by bringing a sandbox up and down."""
        if absent := missing_tools():
            return absent
        trial = Sandbox(self._environment, f"trial-{os.getpid()}")
        try:
            trial.up(Quiet())
        except CouldNotRun as error:
            return (explain(str(error), privileged=maps_users()),)
        trial.down()
        return ()

    def up(self, progress: Progress) -> None:
        """Bring it up, pristine."""
        self._runtime.claim()
        end(self._runtime)
        try:
            with progress.step("sandbox"):
                self._holder = Holder(self._runtime)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """Stop it and prove that nothing is left."""
        self._runtime.claim()
        end(self._runtime)
        if self._holder:
            self._holder.bury()
            self._holder = None
        self._runtime.remove()

    def shell(self, target: Target) -> Shell:
        """Say how to enter it."""
        if target.kind not in self.targets:
            raise CouldNotRun(f"a sandbox has no target {target}: it has {' and '.join(self.targets)}")
        holder = self._runtime.find("holder")
        if not holder:
            raise CouldNotRun(f"{self._environment.name} is not up")
        nsenter, *words = enter_words(holder.pid)
        # Without a range of users there is nobody to become: our own user is root inside already.
        credentials = () if maps_users() else ("--preserve-credentials",)
        clean = ("/usr/bin/env", "--ignore-environment", "--chdir=/root", *SURROUNDINGS)
        return Shell((shutil.which(nsenter) or nsenter, *words, *credentials, "--", *clean))

    def fingerprint(self) -> Fingerprint:
        """Read the facts in it."""
        return read_facts(self.shell(Target("node")).argv, self._environment.name)


PROVIDER = Sandbox
