"""Where the programs of a Kubernetes version come from: a directory that a person names, or the official release."""

from __future__ import annotations

from handbook.environment import Missing
from handbook.lab.cache import Cache
from handbook.lab.kubernetes.binaries import chosen
from handbook.lab.kubernetes.parameters import Kubernetes
from handbook.lab.kubernetes.programs import RELEASED, Programs
from handbook.lab.kubernetes.release import Release
from handbook.progress import Progress


class Source:
    """The programs of a version.

    Parameters:
        kubernetes: Which Kubernetes.
        cache: Where releases are unpacked, in its folder ``kubernetes``, unless a person has named a directory.
    """

    def __init__(self, kubernetes: Kubernetes, cache: Cache) -> None:
        named = chosen(cache)
        self._fetched = named is None
        self._programs = Programs(named or cache.root / "kubernetes", kubernetes)

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks; a release that can be fetched is not missing."""
        wanted = (*(() if self._fetched else RELEASED), *self._programs.around)
        absent = tuple(self._programs.missing(name) for name in self._programs.absent(wanted))
        return (*absent, *self._programs.too_old())

    def found(self) -> tuple[str, ...]:
        """Programs that are there, a line for each folder."""
        return self._programs.found((*RELEASED, *self._programs.around))

    def programs(self, progress: Progress) -> Programs:
        """The programs; the release is fetched now when it is not there.

        Raises:
            CouldNotRun: When it cannot be fetched.
        """
        if self._fetched and self._programs.absent(RELEASED):
            version = self._programs.kubernetes.version
            Release(version).fetch(self._programs.directory / f"v{version}" / "bin", progress)
        return self._programs
