"""What can boot the lab's root file system: the contract of the modules in machines/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from handbook.environment import Missing
from handbook.lab.cache import Cache
from handbook.lab.resources import Resources
from handbook.progress import Progress
from handbook.runtime import Runtime

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

INSIDE = (
    "HOME=/root",
    "USER=root",
    "LOGNAME=root",
    "SHELL=/bin/bash",
    "LC_ALL=C.UTF-8",
    "TZ=UTC",
    "TERM=dumb",
    f"PATH={PATH}",
)
"""What a command in the node finds in its environment, and nothing else."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a machine is made for.

    Parameters:
        runtime: Where the instance keeps note of what it has started.
        log: Where the console of the node goes.
        resources: The files that the lab is made from.
        cache: Parts that take long to build.
        memory: How much of it the node sees, for instance ``2G``; a machine that shares this machine's kernel shares its memory.
    """

    runtime: Runtime
    log: Path
    resources: Resources
    cache: Cache
    memory: str


class Machine(Protocol):
    """Boots one node and ends it. What differs between machines is in the node's fingerprint, never in a chapter.

    Making the object does nothing; it may be made for a node that is up already.
    """

    name: ClassVar[str]
    own_kernel: ClassVar[bool]
    """Whether a node has a kernel of its own. It then boots from the image of a disk, not from a directory, its processes are not
    this machine's, and ``enter`` relays their writes and terminals."""

    def __init__(self, setup: Setup) -> None: ...

    def missing(self, facts: Mapping[str, str]) -> tuple[Missing, ...]:
        """What this machine lacks to boot a node in which ``facts`` hold; the packages of host-packages.txt are asked elsewhere."""

    def boot(self, root: Path, template: Path | None, disk: Path, progress: Progress) -> None:
        """Boot a node and return as soon as its systemd answers.

        Parameters:
            root: The root file system; it is not written to.
            template: What an earlier node was saved as; it is not written to. None for nothing but the root file system.
            disk: Directory for what the node writes; made by this.
            progress: Where to say what has to be fetched first.

        Raises:
            CouldNotRun: With what hangs and where its log is.
        """

    def save(self, path: Path) -> None:
        """End the node in order and keep what its disk holds as a template; only for a node that was booted without one.

        Raises:
            CouldNotRun: When it does not end.
        """

    def enter(self) -> tuple[str, ...]:
        """Words in front of a command that is to run in the node, as root, with a clean environment, standard streams passed on.

        Raises:
            CouldNotRun: When the node is not up.
        """

    def stop(self) -> None:
        """End everything of the node at once, also what a killed command left. Safe to call twice.

        Raises:
            LeftBehind: When something is still there.
        """
