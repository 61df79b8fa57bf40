"""What the lab needs of this machine, as a line of resources/lab/host-packages.txt says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Missing
from handbook.search_path import is_there


@dataclass(frozen=True, slots=True)
class HostPackage:
    """A Debian package, the program or file that shows that it is there, and what it is for."""

    name: str
    shows: str
    why: str

    def is_there(self) -> bool:
        """Whether its program or file is on this machine."""
        return Path(self.shows).exists() if self.shows.startswith("/") else is_there(self.shows)

    def missing(self) -> Missing:
        """What to tell a person."""
        return Missing(self.shows, self.why, f"apt-get install --no-install-recommends {self.name}")
