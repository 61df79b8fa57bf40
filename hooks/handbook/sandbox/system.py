"""What of the machine's system a sandbox shows, and how: mostly as the lower directory of a throw-away overlay."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

# Only what belongs to the system: homes, data and checkouts stay out of sight, and "ls /" looks the same on every machine.
SHOWN = ("bin", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "opt", "sbin", "srv", "usr", "var")
DEPTH = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link such as /bin.

    Parameters:
        path: Where it is.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that is made anew, since something of the machine is mounted below it.

    Parameters:
        path: Where it is.
        mode: Its permissions.
    """

    path: Path
    mode: int


@dataclass(frozen=True, slots=True)
class Layer:
    """A directory that is shown as it is, below a throw-away layer.

    Parameters:
        path: Where it is.
        mode: Its permissions.
        directories: Directories in it, relative, that the sandbox's root shall be able to write in even if they belong to others.
    """

    path: Path
    mode: int
    directories: tuple[str, ...] = ()


Part = Link | Directory | Layer


def mount_points() -> frozenset[Path]:
    """Where something is mounted on this machine."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return frozenset(Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4])) for line in lines)


def system_parts(mounted: Collection[Path], root: Path = Path("/")) -> tuple[Part, ...]:
    """The parts of the system, each before those that lie within it.

    A kernel refuses to layer a directory that something else is mounted below, so such a directory is made anew and its children
    are layered one by one.

    Parameters:
        mounted: All mount points.
        root: Where the system lies.
    """
    parents = {parent for point in mounted for parent in point.parents}
    return tuple(part for name in SHOWN for part in _parts(root / name, parents, 1))


def homes(candidates: Collection[str]) -> tuple[Path, ...]:
    """Those of our homes that lie within the shown system and have to be hidden; a home that is the system's own does not count."""
    found = (Path(home) for home in sorted(candidates))
    return tuple(home for home in found if len(home.parts) > 2 and home.parts[1] in SHOWN and _is_private(home))


def script(parts: Collection[Part], hidden: Collection[Path]) -> str:
    """The calls of sandbox.sh that build the parts."""
    lines = list(_calls(parts))
    if hidden:
        lines.append(shlex.join(["hide", *map(str, hidden)]))
    return "\n".join(lines) + "\n"


def layers(parts: Collection[Part]) -> tuple[Layer, ...]:
    """The layers among the parts; ``script`` numbers them in this order, from 0."""
    return tuple(part for part in parts if isinstance(part, Layer))


def _calls(parts: Collection[Part]) -> Iterator[str]:
    number = 0
    for part in parts:
        match part:
            case Link():
                yield shlex.join(["link", str(part.path)])
            case Directory():
                yield shlex.join(["directory", f"{part.mode:o}", str(part.path)])
                yield shlex.join(["files", str(part.path)])
            case Layer():
                yield shlex.join(["layer", str(number), f"{part.mode:o}", str(part.path), *part.directories])
                number += 1


def _parts(path: Path, parents: Collection[Path], depth: int) -> Iterator[Part]:
    if path.is_symlink():
        yield Link(path)
    elif path.is_dir() and path not in parents and _readable(path):
        yield Layer(path, _mode(path), _writable_directories(path) if depth == 1 else ())
    elif path.is_dir():
        yield Directory(path, _mode(path))
        for child in sorted(path.iterdir()) if depth <= DEPTH and _readable(path) else ():
            yield from _parts(child, parents, depth + 1)


def _readable(path: Path) -> bool:
    # The other characters would have to be escaped in the options of mount, in a way that depends on its version.
    return os.access(path, os.R_OK | os.X_OK) and re.fullmatch(r"[\w./+@=-]+", str(path)) is not None


def _writable_directories(path: Path) -> tuple[str, ...]:
    found = [*path.glob("*/"), *path.glob("local/*/")]
    return tuple(sorted(str(child.relative_to(path)) for child in found if not child.is_symlink() and _readable(child)))


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o1777


def _is_private(home: Path) -> bool:
    return home.is_dir() and home.stat().st_uid != 0
