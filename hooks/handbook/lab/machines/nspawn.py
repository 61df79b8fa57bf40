"""The machine ``nspawn``: this machine's kernel, in namespaces made by systemd-nspawn. A second to boot, needs root."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import ClassVar

from handbook.environment import Missing
from handbook.errors import CouldNotRun, LeftBehind
from handbook.lab import groups, host
from handbook.lab.machine import INSIDE, PATH, Setup
from handbook.namespaces import await_end, held_namespaces
from handbook.process import Process, process
from handbook.progress import Progress

LONGEST_BOOT = 60.0
"""Seconds; one is usual."""

LONGEST_COPY = 120.0
LONGEST_END = 20.0
POLL = 0.03

COPIED = ("docker", "containerd", "home")
"""Folders of a disk that cannot be layers below a node's overlay: overlays are made in them."""

LAYER = "upper"
"""The folder of a disk with everything else that the node has written."""

BOOTS_WITH = {
    # systemd 256 and 257 want to be asked twice, later ones have no version 1 any more (NEWS of 256 and 258).
    "1": "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1",
    "2": "systemd.unified_cgroup_hierarchy=1",
}
"""What a machine needs on its kernel's command line, by the version of control groups."""

ENVIRONMENT = {
    "PATH": PATH,
    "TERM": "dumb",
    # /proc/sys/net is the node's own; all other flags of the kernel are the machine's, and the node must not change them
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",
}


class Nspawn:
    """A node under systemd-nspawn. The contract is ``handbook.lab.machine.Machine``."""

    name: ClassVar[str] = "nspawn"
    own_kernel: ClassVar[bool] = False

    def __init__(self, setup: Setup) -> None:
        self._runtime = setup.runtime
        self._log = setup.log
        self._group = f"handbook-{setup.runtime.instance}"

    def missing(self, facts: Mapping[str, str]) -> tuple[Missing, ...]:
        found = []
        if not host.is_root():
            found.append(
                Missing("root", "systemd-nspawn makes namespaces, mounts and control groups", "run the command as root, with sudo")
            )
        if "overlay" not in Path("/proc/filesystems").read_text(encoding="ascii"):
            found.append(Missing("overlayfs", "the node's root file system and Docker's images are overlays", "modprobe overlay"))
        wanted, given = facts.get("cgroup", ""), str(groups.version())
        if wanted and wanted != given:
            why = f"a node shares this machine's, which are of version {given}; the environment is about version {wanted}"
            remedy = f"boot the machine with {BOOTS_WITH[wanted]} on the kernel's command line"
            remedy += "; systemd 258 and newer cannot" if wanted == "1" else ""
            found.append(Missing(f"control groups of version {wanted}", why, remedy))
        return tuple(found)

    def boot(self, root: Path, template: Path | None, disk: Path, progress: Progress) -> None:
        disk.mkdir(parents=True, exist_ok=True)
        if template:
            # Whole copies: links into the cache would let a chapter that pokes in a layer change it for every later run.
            copied = [str(template / name) for name in COPIED]
            host.run("cp", "--archive", "--reflink=auto", *copied, str(disk), timeout=LONGEST_COPY)
        self._disk = disk
        self._log.parent.mkdir(parents=True, exist_ok=True)
        layer = str(template / LAYER) if template else ""
        self._start(str(root), layer, str(disk), *map(str, groups.make(self._group)))
        leader = self._await_systemd(time.monotonic() + LONGEST_BOOT)
        self._runtime.record("leader", leader.pid)

    def save(self, path: Path) -> None:
        self.stop()
        path.mkdir()
        for name in (*COPIED, LAYER):
            (self._disk / name).rename(path / name)

    def enter(self) -> tuple[str, ...]:
        leader = self._runtime.find("leader")
        if leader is None:
            raise CouldNotRun(f"the node of {self._runtime.instance} is not up")
        kinds = ("--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd")
        return ("nsenter", f"--target={leader.pid}", *kinds, "--", "/usr/bin/env", "-i", *INSIDE, "/usr/local/sbin/enter-node")

    def stop(self) -> None:
        with held_namespaces(self.processes()) as namespaces:
            holder = self._runtime.find("holder")
            if holder and holder.end(LONGEST_END):
                _reap(holder.pid)
            left = [f"control group {group}" for group in groups.end(self._group, LONGEST_END)]
            left += await_end(namespaces, LONGEST_END)
        if left:
            raise LeftBehind(left)

    def processes(self) -> set[int]:
        """Numbers of all processes of the node, found by the name of its groups: also when what was noted about it is lost."""
        return groups.processes(groups.find(self._group))

    def _start(self, *words: str) -> None:
        """Start the holder of the node; it does nothing before it is noted, so a kill in between leaves nothing."""
        script = str(resources.files("handbook").joinpath("assets/nspawn.sh"))
        theirs, ours = os.pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(self._log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        try:
            pid = os.posix_spawnp("sh", ["sh", script, *words], ENVIRONMENT, file_actions=actions, setsid=True)
            self._runtime.record("holder", pid)
            os.write(ours, b"go\n")
        finally:
            os.close(theirs)
            os.close(ours)

    def _await_systemd(self, until: float) -> Process:
        """Wait for the node's first process to listen to systemctl."""
        while time.monotonic() < until:
            holder = self._runtime.find("holder")
            if holder is None:
                raise CouldNotRun(f"systemd-nspawn ended while the node booted\n{host.tail(self._log)}{_advice(self._log)}")
            for leader in _leaders(holder.pid):
                if Path(f"/proc/{leader.pid}/root/run/systemd/private").exists():
                    return leader
            time.sleep(POLL)
        raise CouldNotRun(f"systemd of the node did not answer within {LONGEST_BOOT:.0f} s\n{host.tail(self._log)}")


def _advice(log: Path) -> str:
    """What to do about a limit that all nodes of this machine share."""
    if "inotify object: Too many open files" not in log.read_text(encoding="utf-8", errors="replace"):
        return ""
    limit = Path("/proc/sys/fs/inotify/max_user_instances").read_text(encoding="ascii").strip()
    return f"\n  next: sysctl -w fs.inotify.max_user_instances=1024 (now {limit}; a cluster takes dozens), or end other nodes"


def _leaders(holder: int) -> Iterator[Process]:
    """The first process of the node: the one that is number 1 where it lives, below systemd-nspawn, below the holder."""
    for nspawn in _children(holder):
        for child in _children(nspawn):
            found = process(child)
            if found and _innermost_number(child) == "1":
                yield found


def _children(pid: int) -> list[int]:
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # ended meanwhile
            fields = Path("/proc", number, "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.append(int(number))
    return found


def _innermost_number(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return next((line.split()[-1] for line in status.splitlines() if line.startswith("NSpid:")), "")


def _reap(pid: int) -> None:
    """Take note of the end of a process when it is a child of ours."""
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


MACHINE = Nspawn
