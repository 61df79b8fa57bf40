"""The runtime directory of an instance: what a running copy of an environment has started, so that a later command can end it.

It lies in /run (root), in the user's own directory of that kind or in a private one of the temporary directory; whatever happens
to the command that brought the instance up, the next command finds here what it left.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from handbook.errors import CouldNotRun, UsageError
from handbook.process import Process, process

SUFFIX = ".process"

OWNER = "owner"
"""The file that tells which process holds an instance; the first thing in its directory."""

PATIENCE = 5.0
"""Seconds that a claim waits for what is left of a killed command."""

POLL = 0.02

LOGGED_IN = Path("/run/user")
"""Where users have their runtime directories while they are logged in (pam_systemd). A job of cron has no $XDG_RUNTIME_DIR that
tells its own, and the same instances as its user."""


class Runtime:
    """The runtime directory of one instance.

    Parameters:
        instance: Name of the running copy of an environment; also the directory's name.

    Raises:
        UsageError: When the name could not be a directory's.
    """

    def __init__(self, instance: str) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", instance):
            raise UsageError(f"an instance cannot be named {instance!r}: letters, digits, '.', '_' and '-' only, 63 at most")
        self.instance = instance
        self.path = _base() / instance
        self._lock: int | None = None

    def claim(self) -> None:
        """Make the directory and hold it for as long as this process lives or until it is removed.

        Whoever holds it may clean what is recorded here. The kernel lets go when the process ends, however it ends.

        Raises:
            CouldNotRun: When another running command holds it.
        """
        _make_private(self.path.parent)
        until = time.monotonic() + PATIENCE
        while self._lock is None:
            # Whoever holds it may remove it at any moment; then it is made once more.
            with suppress(FileExistsError):
                self.path.mkdir(mode=0o700)
            if not self._take(until):
                return
        self._own()

    def take_over(self) -> bool:
        """Hold what a killed command left, to clean it up.

        Nothing is made here: an instance that ends in order meanwhile stays gone.

        Returns:
            Whether there is something to clean up, and this process holds it.
        """
        until = time.monotonic() + PATIENCE
        with suppress(CouldNotRun):  # its command runs
            while self._lock is None and self.path.exists() and _is_private(self.path.parent) and self._take(until):
                pass
        if self._lock is None:
            return False
        if not (self.path / OWNER).exists():
            self.remove()  # made a moment ago, and not held yet: its command makes it once more
            return False
        self._own()
        return True

    def release(self) -> None:
        """Let go of the directory and leave it as it is; safe to call twice."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def record(self, name: str, pid: int) -> Process:
        """Note that this instance started a process; a name is used once.

        Raises:
            CouldNotRun: When it has ended already.
        """
        started = process(pid)
        if started is None:
            raise CouldNotRun(f"{name} of {self.instance} (process {pid}) ended at once")
        temporary = self.path / f"{name}.new"
        temporary.write_text(f"{started.pid} {started.started} {started.boot}\n", encoding="utf-8")
        temporary.replace(self.path / f"{name}{SUFFIX}")
        return started

    def recorded(self, name: str) -> Process | None:
        """The process recorded under ``name``, whether or not it runs still."""
        try:
            pid, started, boot = (self.path / f"{name}{SUFFIX}").read_text(encoding="utf-8").split()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Process(int(pid), int(started), boot)

    def find(self, name: str) -> Process | None:
        """The process recorded under ``name``; None when none is or it does not run any more."""
        found = self.recorded(name)
        return found if found and found.runs() else None

    def running(self) -> dict[str, Process]:
        """Every recorded process that still runs, by name."""
        names = sorted(path.name.removesuffix(SUFFIX) for path in self.path.glob(f"*{SUFFIX}"))
        return {name: found for name in names if (found := self.find(name))}

    def remove(self) -> None:
        """Delete the directory and let go of it; safe to call twice."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def _own(self) -> None:
        (self.path / OWNER).write_text(str(os.getpid()), encoding="utf-8")

    def _take(self, until: float) -> bool:
        """Try to lock the directory; False where this process has it through another object already."""
        try:
            self._lock = _lock(self.path)
        except BlockingIOError:
            return self._refuse(until)
        return True

    def _refuse(self, until: float) -> bool:
        try:
            owner = (self.path / OWNER).read_text(encoding="utf-8")
        except FileNotFoundError:
            owner = ""
        if owner == str(os.getpid()):
            return False
        if not (owner and process(int(owner))) and time.monotonic() < until:
            time.sleep(POLL)  # killed: a child it had just forked holds the lock until it runs its own program
            return True
        raise CouldNotRun(f"{self.instance} is in use by another command (process {owner or 'unknown'}); wait for it or end it")


def instances() -> list[str]:
    """Names of all instances that have a runtime directory."""
    base = _base()
    return sorted(path.name for path in base.iterdir() if path.is_dir()) if base.is_dir() else []


def _base() -> Path:
    if os.geteuid() == 0 and os.access("/run", os.W_OK):
        return Path("/run/handbook")
    given = os.environ.get("XDG_RUNTIME_DIR") or LOGGED_IN / str(os.geteuid())
    if os.access(given, os.W_OK):
        return Path(given) / "handbook"
    return Path(tempfile.gettempdir()) / f"handbook-{os.geteuid()}"


def _make_private(path: Path) -> None:
    """Make the directory that holds all instances; in a directory that all may write, somebody else may have made it first."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_private(path):
        raise CouldNotRun(f"{path} belongs to somebody else or others may write in it: remove it")


def _is_private(path: Path) -> bool:
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _lock(path: Path) -> int | None:
    """Lock a directory; None where it is gone, or its last holder has removed it meanwhile.

    Raises:
        BlockingIOError: When somebody holds it.
    """
    with ExitStack() as opened, suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        opened.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _same_directory(descriptor, path):
            opened.pop_all()
            return descriptor
    return None


def _same_directory(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
