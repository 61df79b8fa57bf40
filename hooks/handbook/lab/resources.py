"""The files that the lab is made from: the folder resources/ that an environment file lies in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Environment
from handbook.errors import InputError, Mistake
from handbook.lab.host_package import HostPackage


@dataclass(frozen=True, slots=True)
class Resources:
    """The folder resources/ of a book.

    Parameters:
        root: The folder.
    """

    root: Path

    @property
    def node(self) -> Path:
        """Files that are laid over the node's root file system."""
        return self.root / "lab/node"

    def packages(self) -> list[str]:
        """Debian packages that every node has."""
        return _lines(self.root / "lab/packages.txt")

    def host_packages(self) -> list[HostPackage]:
        """Debian packages that this machine needs."""
        return [HostPackage(*line.split(maxsplit=2)) for line in _lines(self.root / "lab/host-packages.txt")]

    def image(self, name: str) -> Path:
        """The folder of an image's recipe."""
        return self.root / "images" / name


def resources_of(environment: Environment) -> Resources:
    """The resources beside an environment file.

    Raises:
        InputError: When it does not lie in resources/environments/ of a book that has a lab.
    """
    root = environment.path.resolve().parent.parent
    if not (root / "lab/node").is_dir():
        expected = "an environment of provider lab to lie beside the folder ../lab with the files of its node"
        raise InputError([Mistake(environment.path, 1, "provider lab", expected)])
    return Resources(root)


def _lines(path: Path) -> list[str]:
    """The lines of a list, without comments."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
