"""What can boot the lab's root file system: the contract of the modules in machines/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Protocol

from handbook.environment import Missing
from handbook.runtime import Runtime


class Machine(Protocol):
    """Boots one node and ends it. What differs between machines is in the node's fingerprint, never in a chapter.

    Making the object does nothing; it may be made for a node that is up already.
    """

    name: ClassVar[str]

    def __init__(self, runtime: Runtime, log: Path) -> None: ...

    def missing(self, facts: Mapping[str, str]) -> tuple[Missing, ...]:
        """What this machine lacks to boot a node in which ``facts`` hold; the packages of host-packages.txt are asked elsewhere."""

    def boot(self, root: Path, docker: Path, disk: Path) -> None:
        """Boot a node and return as soon as its systemd answers.

        Parameters:
            root: The root file system; it is not written to.
            docker: Directory that is the node's /var/lib/docker.
            disk: Directory for what the node writes elsewhere; made by this.

        Raises:
            CouldNotRun: With what hangs and where its log is.
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
