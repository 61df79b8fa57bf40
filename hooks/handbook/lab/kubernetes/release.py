"""The official release of Kubernetes: one archive with the programs of a version, beside it the digest that it must have."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from handbook.errors import CouldNotRun
from handbook.lab.kubernetes.download import download, read_text
from handbook.lab.kubernetes.programs import RELEASED
from handbook.lab.turns import take_turn
from handbook.progress import Progress

VARIABLE = "HANDBOOK_KUBERNETES_RELEASES"
"""Another server with the same layout, for instance a mirror inside a company."""

OFFICIAL = "https://dl.k8s.io"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Release:
    """A release.

    Parameters:
        version: For instance ``1.37.2``.
    """

    version: str

    @property
    def address(self) -> str:
        """Where its archive is."""
        server = os.environ.get(VARIABLE) or OFFICIAL
        machine = platform.machine()
        return f"{server.rstrip('/')}/v{self.version}/kubernetes-server-linux-{ARCHITECTURES.get(machine, machine)}.tar.gz"

    def fetch(self, folder: Path, progress: Progress) -> None:
        """Put its programs into a folder, whole or not at all.

        Raises:
            CouldNotRun: When the server does not have it, the connection stays cut, or the archive is not what its digest says.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        with take_turn(folder.with_name("fetch.lock"), f"fetches Kubernetes {self.version}", progress):
            if folder.exists():
                return
            archive = folder.with_name("server.tar.gz")
            with progress.step(f"Kubernetes {self.version} from {self.address}"):
                wanted = self._digest()
                download(self.address, archive, progress)
                self._check(archive, *wanted)
                _unpack(archive, folder)
            archive.unlink()

    def _digest(self) -> tuple[str, str]:
        """Which digest the server states, and what it is."""
        for name in ("sha512", "sha256"):
            text = read_text(f"{self.address}.{name}")
            if text and text.split():
                return name, text.split()[0].lower()
        raise CouldNotRun(f"found no {self.address}.sha512 and no .sha256\n  next: see whether there is a release {self.version}")

    def _check(self, archive: Path, name: str, wanted: str) -> None:
        with archive.open("rb") as stream:
            found = hashlib.file_digest(stream, name).hexdigest()
        if found != wanted:
            archive.unlink()
            raise CouldNotRun(
                f"{self.address}\n  found {name} {found}\n  expected {wanted}\n  next: try again; it has been thrown away"
            )


def _unpack(archive: Path, folder: Path) -> None:
    """Take the programs out of the archive; the folder appears when all are there."""
    partial = folder.with_name("bin.partial")
    partial.mkdir(exist_ok=True)
    with tarfile.open(archive) as content:
        for member in content:
            path = PurePosixPath(member.name)
            if path.name in RELEASED and path.parent.as_posix() == "kubernetes/server/bin" and member.isfile():
                _write(content, member, partial / path.name)
    if missing := [name for name in RELEASED if not (partial / name).exists()]:
        raise CouldNotRun(f"{archive} holds no kubernetes/server/bin/{missing[0]}")
    partial.rename(folder)


def _write(content: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    """Write a program of the archive; nothing but its bytes is taken (Python 3.11.2 has no filter for that)."""
    source = content.extractfile(member)
    assert source
    with source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    path.chmod(0o755)
