"""The Debian mirror of this machine; no file of the book names one."""

from __future__ import annotations

from handbook.errors import CouldNotRun
from handbook.lab import host


def mirror_of_machine() -> str:
    """The mirror that this machine's apt uses for Debian; empty where it knows none (mmdebstrap then takes its own default)."""
    try:
        lines = host.run("apt-get", "indextargets", "--format", "$(LABEL) $(SITE)", "Created-By: Packages", timeout=30).splitlines()
    except CouldNotRun:
        return ""
    return next((line.partition(" ")[2] for line in lines if line.startswith("Debian ")), "")


def mirror_of_sources(sources_list: str) -> str:
    """The first mirror that a sources.list names.

    Raises:
        CouldNotRun: When it names none.
    """
    for line in sources_list.splitlines():
        words = [word for word in line.split() if "://" in word]
        if line.startswith("deb ") and words:
            return words[0]
    raise CouldNotRun(f"no mirror in sources.list:\n{sources_list}")
