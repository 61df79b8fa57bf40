"""The root file system of a node, from Debian packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handbook.lab import host
from handbook.lab.cache import Cache, remove_tree
from handbook.lab.digest import digest, digest_of_file
from handbook.lab.files import lay_over
from handbook.lab.mirror import mirror_of_machine
from handbook.progress import Progress

LONGEST = 1800.0
"""Seconds; one to four minutes are usual."""

SLIM = (
    "--variant=minbase",
    "--mode=root",
    # A merged /usr from the start: else the package that merges it brings all of Perl, in Debian 12.
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    "--include=usr-is-merged",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    '--aptopt=Acquire::Languages "none"',
)

DISABLED = ("etcd.service",)

MASKED = (
    # What a disposable node has no use for, or what would reach out of it: its kernel, its clock and its devices are the machine's.
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "console-getty.service",
    "dev-hugepages.mount",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "getty@tty1.service",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "systemd-modules-load.service",
    "systemd-udev-trigger.service",
    "systemd-udevd.service",
)


IMAGE = ("mke2fs", "-q", "-t", "ext4", "-i", "65536", "-O", "^has_journal", "-E", "root_owner=0:0", "-d")
"""Without a journal: what a node writes survives only where the node was ended in order."""

SIZE = "24G"
"""Of an image; it is sparse, so that only what is written takes room."""


@dataclass(frozen=True, slots=True)
class RootFilesystem:
    """A root file system that many nodes boot from and none writes to.

    Parameters:
        suite: Debian suite.
        packages: Packages beside the essential ones.
        folders: Folders that are laid over it.
        image: Whether it is to be the image of a disk, not a directory.
        programs: Files that go into its /usr/local/bin.
    """

    suite: str
    packages: tuple[str, ...]
    folders: tuple[Path, ...]
    image: bool = False
    programs: tuple[Path, ...] = ()

    @property
    def key(self) -> str:
        """Digest of everything that goes in. The versions of the packages do not: they are the mirror's on the day it is built."""
        image = (*IMAGE, SIZE) if self.image else ()
        programs = [f"{path.name}={digest_of_file(path)}" for path in self.programs]
        return f"{self.suite}-{digest((*self._words(), *DISABLED, *MASKED, *image, *programs), *self.folders)}"

    def get(self, cache: Cache, progress: Progress, log: Path) -> Path:
        """Its directory or image in the cache; built now when it is not there."""

        def build(path: Path) -> None:
            with progress.step(f"{self.suite}: {len(self.packages)} packages and what they need, one to four minutes"):
                (self._build_image if self.image else self._build)(path, log)

        return cache.get("root", self.key, build, progress)

    def _words(self) -> tuple[str, ...]:
        return ("mmdebstrap", "--format=directory", *SLIM, f"--include={','.join(sorted(self.packages))}", self.suite)

    def _build(self, path: Path, log: Path) -> None:
        install(self._words(), path, log)
        for folder in self.folders:
            lay_over(folder, path)
        if self.programs:
            host.run("install", "-t", str(path / "usr/local/bin"), *map(str, self.programs), timeout=60, log=log)
        for action, units in (("disable", DISABLED), ("mask", MASKED)):
            # In there "systemctl" may change the root directory, which only root may.
            host.run(*host.contained(("systemctl", f"--root={path}", "--quiet", action, *units)), timeout=30, log=log)

    def _build_image(self, path: Path, log: Path) -> None:
        directory = path.with_name(f"{path.name}.directory.partial")
        remove_tree(directory)
        self._build(directory, log)
        host.run(*host.contained((*IMAGE, str(directory), str(path), SIZE)), timeout=LONGEST, log=log)
        remove_tree(directory)


def install(words: tuple[str, ...], path: Path, log: Path) -> None:
    """Have mmdebstrap install packages of this machine's mirror where nothing is yet.

    Parameters:
        words: The command, but for what follows.
        path: The directory or archive to be made.
        log: Where to write what it says.

    Raises:
        CouldNotRun: When that fails, or takes longer than half an hour.
    """
    mirror = mirror_of_machine()
    # Its unpacked tree and its keyring beside the path: what a killed build leaves there is pruned with the cache.
    words = ("env", f"TMPDIR={path.parent}", *words, str(path), *([mirror] if mirror else []))
    host.run(*host.contained(words), timeout=LONGEST, log=log)
