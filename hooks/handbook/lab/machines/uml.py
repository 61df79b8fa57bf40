"""The machine ``uml``: a Linux kernel of its own as an ordinary process. Five seconds to boot, needs neither root nor KVM."""

from __future__ import annotations

import os
import pwd
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from handbook.environment import Missing
from handbook.errors import CouldNotRun, LeftBehind
from handbook.lab import host
from handbook.lab.machine import INSIDE, PATH, Setup
from handbook.lab.uml.kernel import Kernel, Kernels
from handbook.lab.uml.program import python
from handbook.lab.uml.shared import ENTER, fill
from handbook.process import process
from handbook.progress import Progress
from handbook.shell import processes

LINES = 12
"""Serial lines of a node: so many commands of ours can run in it at once."""

LONGEST_BOOT = 120.0
"""Seconds; five are usual, with the slower kernel on a busy machine ten times as many."""

LONGEST_COPY = 300.0
LONGEST_END = 20.0
POLL = 0.05

DISK = "disk.img"
"""In a template: the node's whole disk."""

SWITCHES = (
    "root=/dev/ubda",
    "rw",
    # Nothing of a node has to survive a power cut: it is kept after a shutdown in order, or not at all.
    "rootflags=nobarrier",
    "con0=null,fd:1",
    "con=null",
    "quiet",
    # Links that drivers make unasked.
    "dummy.numdummies=0",
    "ifb.numifbs=0",
    "fb_tunnels=none",
    "systemd.wants=way-in.service",
    "systemd.wants=user.slice",
    "systemd.mask=systemd-logind.service",
)


class Uml:
    """A node under User Mode Linux. The contract is ``handbook.lab.machine.Machine``."""

    name: ClassVar[str] = "uml"
    own_kernel: ClassVar[bool] = True

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._runtime = setup.runtime
        self._kernels = Kernels(setup.resources, setup.cache)
        self._socket = self._runtime.path / "way-in"
        self._shared = self._runtime.path / "shared"
        self._disk: Path | None = None

    def missing(self, facts: Mapping[str, str]) -> tuple[Missing, ...]:
        found = []
        if not host.is_root() and not _has_subordinate_users():
            why = "files of other users than you on the node's disk"
            found.append(
                Missing("subordinate users", why, "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER")
            )
        if facts.get("cgroup") == "1":
            found.append(Missing("control groups of version 1", "the environment is about them", "use the machine nspawn"))
        return (*found, *self._kernels.missing())

    def boot(self, root: Path, template: Path | None, disk: Path, progress: Progress) -> None:
        kernel = self._kernels.get(progress, self._setup.log)
        disk.mkdir(parents=True, exist_ok=True)
        self._disk = disk / DISK
        if template:
            drive = f"{disk / 'changes.cow'},{template / DISK}"
        else:
            host.run("cp", "--sparse=always", "--reflink=auto", str(root), str(self._disk), timeout=LONGEST_COPY)
            drive = str(self._disk)
        fill(disk / "shared", kernel)
        self._shared.unlink(missing_ok=True)
        self._shared.symlink_to(disk / "shared")
        self._start(kernel, drive, disk)
        self._await_systemd(time.monotonic() + LONGEST_BOOT)

    def save(self, path: Path) -> None:
        assert self._disk
        self._power_off()
        path.mkdir()
        self._disk.rename(path / DISK)

    def enter(self) -> tuple[str, ...]:
        if self._runtime.find("holder") is None:
            raise CouldNotRun(f"the node of {self._runtime.instance} is not up")
        return (
            *python("enter"),
            str(self._socket),
            str(self._shared / "input"),
            "/usr/bin/env",
            "-i",
            *INSIDE,
            *ENTER,
        )

    def stop(self) -> None:
        left = processes.end(self.processes(), LONGEST_END)
        if holder := self._runtime.recorded("holder"):
            with suppress(ChildProcessError):
                os.waitpid(holder.pid, 0)
        if left:
            raise LeftBehind([f"process {one.pid}" for one in left])

    def processes(self) -> list[processes.Process]:
        """All processes of the node: those of the holder's session, also when what was noted about it is lost."""
        found = processes.processes()
        holder = self._runtime.recorded("holder")
        sessions = {one.session for one in found if self._mark in _words(one.pid)}
        if holder and process(holder.pid) in {holder, None}:  # its number is its session's for as long as that has a process
            sessions.add(holder.pid)
        return [one for one in found if one.session in sessions]

    @property
    def _mark(self) -> str:
        """What the kernel is told, and no other node's: another user, or another cache, may have an instance of that name."""
        return f"uml_dir={self._setup.cache.disk(self._runtime.instance)}/uml"

    def _start(self, kernel: Kernel, drive: str, disk: Path) -> None:
        """Start the holder of the node; it does nothing before it is noted, so a kill in between leaves nothing."""
        switches = (
            f"mem={self._setup.memory}",
            f"ubd0={drive}",
            f"hostfs={disk / 'shared'}",
            f"umid={self._runtime.instance}",
            self._mark,
            *SWITCHES,
        )
        self._socket.unlink(missing_ok=True)
        words = [*python("holder"), str(self._socket), str(LINES), str(kernel.program), *switches, *kernel.switches()]
        environment = {"PATH": PATH, "HOME": str(disk), "TERM": "dumb", "TMPDIR": str(self._memory_folder(disk))}
        self._setup.log.parent.mkdir(parents=True, exist_ok=True)
        theirs, ours = os.pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(self._setup.log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        try:
            pid = os.posix_spawn(words[0], words, environment, file_actions=actions, setsid=True)
            self._runtime.record("holder", pid)
            os.write(ours, b"go\n")
        finally:
            os.close(theirs)
            os.close(ours)

    def _memory_folder(self, disk: Path) -> Path:
        """Where the file that is the node's memory lies: in memory, where there is room."""
        found = os.statvfs("/dev/shm")
        return Path("/dev/shm") if found.f_bavail * found.f_frsize > _bytes(self._setup.memory) else disk

    def _await_systemd(self, until: float) -> None:
        """Wait for the node's first process to listen to systemctl."""
        words = (*self.enter(), "sh", "-c", "until [ -S /run/systemd/private ]; do sleep 0.1; done")
        while self._runtime.find("holder") and time.monotonic() < until:
            if self._socket.exists():
                try:
                    host.run(*words, timeout=until - time.monotonic())
                except CouldNotRun:
                    break
                return
            time.sleep(POLL)
        what = "did not answer in time" if self._runtime.find("holder") else "ended while it booted"
        raise CouldNotRun(f"the kernel of the node {what}\n{host.tail(self._setup.log)}")

    def _power_off(self) -> None:
        """End the node in order, so that its disk holds what it wrote."""
        holder = self._runtime.find("holder")
        host.run(*self.enter(), "systemctl", "poweroff", "--no-block", timeout=LONGEST_END)
        if holder and not _ends(holder.pid, LONGEST_BOOT):
            raise CouldNotRun(f"the node did not power off\n{host.tail(self._setup.log)}")
        self.stop()


def _ends(pid: int, timeout: float) -> bool:
    """Wait for the end of a process; say whether it came."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], timeout)[0])
    finally:
        os.close(descriptor)


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:  # ended meanwhile
        return []


def _bytes(size: str) -> int:
    return int(size[:-1]) << {"M": 20, "G": 30}[size[-1]]


def _has_subordinate_users() -> bool:
    """Whether /etc/subuid gives us some (subuid(5))."""
    names = {str(os.geteuid()), pwd.getpwuid(os.geteuid()).pw_name}
    with suppress(OSError):
        return any(line.split(":")[0] in names for line in Path("/etc/subuid").read_text(encoding="utf-8").splitlines())
    return False


MACHINE = Uml
