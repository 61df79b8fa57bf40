"""The minimal Debian root file system that the images build on."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.lab.cache import Cache
from handbook.lab.digest import digest
from handbook.lab.mirror import mirror_of_sources
from handbook.lab.root_filesystem import SLIM, install
from handbook.progress import Progress


@dataclass(frozen=True, slots=True)
class Base:
    """How the archive is made.

    Parameters:
        suite: Debian suite.
    """

    suite: str

    @property
    def key(self) -> str:
        """Digest of everything that goes in."""
        return f"{self.suite}-{digest(self._words())}"

    def get(self, cache: Cache, progress: Progress, log: Path) -> BaseArchive:
        """The archive in the cache; built now when it is not there."""

        def build(path: Path) -> None:
            with progress.step(f"{self.suite}: the root of its container images, about a minute"):
                install(self._words(), path, log)

        return BaseArchive(cache.get("base", self.key, build, progress), self.suite)

    def _words(self) -> tuple[str, ...]:
        return ("mmdebstrap", "--format=tar", *SLIM, self.suite)


@dataclass(frozen=True, slots=True)
class BaseArchive:
    """The archive.

    Parameters:
        path: A tar file.
        suite: Debian suite.
    """

    path: Path
    suite: str

    def installed(self) -> str:
        """The database of the packages in it."""
        return self._read("./var/lib/dpkg/status")

    def mirror(self) -> str:
        """The mirror that it was made from."""
        return mirror_of_sources(self._read("./etc/apt/sources.list"))

    def _read(self, name: str) -> str:
        with tarfile.open(self.path) as archive:
            stream = archive.extractfile(name)
            if stream is None:
                raise CouldNotRun(f"{self.path} holds no {name}; delete it to have it built again")
            return stream.read().decode()
