"""What ``docker build`` reads: a recipe's files with the packages that it asks for, as one archive."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handbook.lab.base import BaseArchive
from handbook.lab.packages import Apt, version_of
from handbook.lab.recipe import Recipe


@dataclass(frozen=True, slots=True)
class BuildContext:
    """An archive for ``docker build -``.

    Parameters:
        path: A tar file.
        version: Version of the package that the recipe is about; empty when it names none.
    """

    path: Path
    version: str


def make_context(recipe: Recipe, base: BaseArchive, work: Path, log: Path, programs: Mapping[str, Path]) -> BuildContext:
    """Fetch the packages of a recipe and put them into one archive with its files.

    Parameters:
        recipe: Which image.
        base: What is installed already.
        work: Directory of our own.
        log: Where apt's words go.
        programs: Files of programs by name, those of the recipe among them.
    """
    packages = work / f"{recipe.folder.name}.packages"
    if recipe.packages:
        suite = recipe.suite or base.suite
        Apt(work / f"{suite}.apt", base.mirror(), suite, base.installed()).fetch(recipe.packages, packages, log)
    path = work / f"{recipe.folder.name}.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        archive.add(recipe.folder, ".", filter=_plain)
        if recipe.packages:
            archive.add(packages, "packages", filter=_plain)
        for name in recipe.programs:
            archive.add(programs[name], f"programs/{name}", filter=_plain)
        if recipe.root:
            archive.add(base.path, "root.tar", filter=_plain)
    return BuildContext(path, version_of(recipe.version, packages) if recipe.version else "")


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The member as root's, with a mode that does not depend on who cloned."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member
