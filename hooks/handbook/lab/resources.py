"""The files that the lab is made from: the folder resources/ that an environment file lies in."""

from __future__ import annotations

from collections.abc import Sequence
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

    def node(self, machine: str, parts: Sequence[str]) -> tuple[Path, ...]:
        """Folders that are laid over the root file system of a node with those parts on that machine."""
        return tuple(folder for place in self._places(machine, parts) if (folder := place / "node").is_dir())

    def packages(self, machine: str, parts: Sequence[str]) -> list[str]:
        """Debian packages that every node with those parts on that machine has."""
        return [line for place in self._places(machine, parts) for line in _lines(place / "packages.txt")]

    def host_packages(self, machine: str) -> list[HostPackage]:
        """Debian packages that this machine needs for that one."""
        lines = (line for place in self._places(machine, ()) for line in _lines(place / "host-packages.txt"))
        return [HostPackage(*line.split(maxsplit=2)) for line in lines]

    @property
    def kernel(self) -> Path:
        """What the kernel of the machine ``uml`` is built with."""
        return self.root / "lab/machines/uml/kernel"

    def _places(self, machine: str, parts: Sequence[str]) -> tuple[Path, ...]:
        lab = self.root / "lab"
        return (lab, lab / "machines" / machine, *(lab / "parts" / part for part in parts))

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
    """The lines of a list, without comments; none where there is no list."""
    if not path.exists():
        return []
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
