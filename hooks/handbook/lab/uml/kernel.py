"""The kernel that runs as a process: built from Debian's kernel source where somebody has had it built, else Debian's own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Missing
from handbook.errors import CouldNotRun
from handbook.lab import host
from handbook.lab.cache import Cache, remove_tree
from handbook.lab.digest import digest
from handbook.lab.host_package import HostPackage
from handbook.lab.mirror import mirror_of_machine
from handbook.lab.packages import Apt
from handbook.lab.resources import Resources
from handbook.progress import Lines, Progress

SOURCE = ("sid", "linux-source")
"""Suite and package of the source; a kernel of 6.16 or later starts processes four times faster."""

READY_MADE = ("bookworm", "user-mode-linux")
"""Suite and package of the kernel that Debian builds. Later ones have no iptables and need a newer C library than Debian 12's."""

PROCESSORS = Path("/proc/cpuinfo")
LONGEST_BUILD = 3 * 3600.0

TOOLS = tuple(
    HostPackage(package, shows, "the kernel is built with it")
    for package, shows in (
        ("gcc", "gcc"),
        ("libc6-dev", "/usr/include/stdio.h"),
        ("make", "make"),
        ("flex", "flex"),
        ("bison", "bison"),
        ("bc", "bc"),
        ("libelf-dev", "/usr/include/libelf.h"),
        ("xz-utils", "xz"),
    )
)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel in the cache.

    Parameters:
        folder: Holds the program ``linux`` and, where it has modules, the folder ``modules``.
        built: Whether it is the one built from source.
    """

    folder: Path
    built: bool

    @property
    def program(self) -> Path:
        return self.folder / "linux"

    @property
    def modules(self) -> Path | None:
        """Its modules, a folder per version; None where all is in the program."""
        return None if self.built else self.folder / "modules"

    def switches(self) -> tuple[str, ...]:
        """What only this kernel is told."""
        return ("seccomp=on",) if self.built else ()


class Kernels:
    """The kernels of a book's lab.

    Parameters:
        resources: The book's resources.
        cache: Where they are kept.
    """

    def __init__(self, resources: Resources, cache: Cache) -> None:
        self._recipe = resources.kernel
        self._cache = cache

    @property
    def is_built(self) -> bool:
        """Whether the one from source is in the cache."""
        return self._cache.has("kernel", self._key)

    def missing(self) -> tuple[Missing, ...]:
        """What is to be said of the kernel that there is: nothing of the one from source."""
        if self.is_built:
            return ()
        if not (self._cache.has("kernel", "-".join(READY_MADE)) or mirror_of_machine()):
            remedy = "name one in its sources, then apt-get update; or work in a container of Debian"
            return (Missing("a mirror of Debian in this machine's apt", "the kernel that runs as a process", remedy),)
        what, remedy = "the kernel that runs as a process, built from Debian's source", "make kernel"
        if _is_too_large(PROCESSORS.read_text(encoding="utf-8", errors="replace")):
            return (Missing(what, f"this processor, whose registers Debian's own, {READY_MADE[1]}, cannot keep", remedy),)
        why = f"processes that start four times faster than under Debian's own, {READY_MADE[1]}, and for nftables"
        return (Missing(what, why, remedy, needed=False),)

    def get(self, progress: Progress, log: Path) -> Kernel:
        """The one from source where it is there, else Debian's, fetched now where it is not there."""
        if self.is_built:
            return self.build(progress, log)

        def fetch(path: Path) -> None:
            with progress.step("Debian's package of a kernel that runs as a process (`make kernel` builds a faster one)"):
                self._unpack(self._fetch(*READY_MADE, path / "packages", log), path)

        return Kernel(self._cache.get("kernel", "-".join(READY_MADE), fetch, progress), built=False)

    def build(self, progress: Progress, log: Path) -> Kernel:
        """The one from source, built now where it is not there.

        Raises:
            CouldNotRun: With what is missing, or what failed and where its log is.
        """
        return Kernel(self._cache.get("kernel", self._key, lambda path: self._build(path, progress, log), progress), built=True)

    @property
    def _key(self) -> str:
        return f"built-{digest(SOURCE, self._recipe)}"

    def _build(self, path: Path, progress: Progress, log: Path) -> None:
        if missing := [tool.name for tool in TOOLS if not tool.is_there()]:
            raise CouldNotRun(f"building a kernel needs more; next: apt-get install --no-install-recommends {' '.join(missing)}")
        work = path / "work"
        with progress.step("the source of Debian's kernel, 160 MB"):
            package = self._fetch(*SOURCE, path / "packages", log)
        with progress.step("the kernel, ten minutes on two idle processors"):
            host.run(str(self._recipe / "build"), str(package), str(work), timeout=LONGEST_BUILD, log=log)
        (work / "linux").rename(path / "linux")
        remove_tree(work)
        remove_tree(path / "packages")

    def _fetch(self, suite: str, package: str, folder: Path, log: Path) -> Path:
        mirror = mirror_of_machine()
        if not mirror:
            raise CouldNotRun(f"this machine's apt knows no mirror of Debian, where {package} is; next: apt-get update")
        apt = Apt(folder / "apt", mirror, suite, "")
        return apt.download(package, folder / "archives", log)

    def _unpack(self, package: Path, path: Path) -> None:
        content = path / "content"
        host.run("dpkg-deb", "--extract", str(package), str(content), timeout=120)
        (content / "usr/bin/linux.uml").rename(path / "linux")
        (content / "usr/lib/uml/modules").rename(path / "modules")
        remove_tree(content)
        remove_tree(path / "packages")


def _is_too_large(processors: str) -> bool:
    """Whether they have more registers than kernels before 6.13 can keep for a process ("ptrace set fp regs failed")."""
    return "amx_tile" in processors


def main() -> None:
    """``python -m handbook.lab.uml.kernel RESOURCES``: build the kernel from source."""
    cache = Cache()
    print(Kernels(Resources(Path(sys.argv[1]).resolve()), cache).build(Lines(), cache.logs("kernel") / "build.log").program)


if __name__ == "__main__":
    main()
