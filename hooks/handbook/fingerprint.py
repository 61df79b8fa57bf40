"""Fingerprints: the versions and settings of an environment that could explain what it prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Facts of an environment, by name, in the order in which they are shown.

    Parameters:
        facts: For instance ``{"kernel": "6.18.44", "cgroup": "1", "docker": "26.1.5"}``. A fact that an environment lacks (no
            Docker there) is absent; a fact without a value (``root``) is ``"yes"``.
    """

    facts: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The fact's value, or an empty string."""
        return self.facts.get(name, "")


@cache
def probe_script() -> str:
    """The POSIX shell script that prints ``name=value`` lines when it runs on a target; read once."""
    return resources.files("handbook").joinpath("assets/probe.sh").read_text(encoding="utf-8")


def parse_probe(text: str) -> Fingerprint:
    """Read what the probe script printed; lines of another form are ignored."""
    pairs = (re.fullmatch(r"([a-z][a-z0-9-]*)=(\S.*)", line.strip()) for line in text.splitlines())
    return Fingerprint({pair[1]: pair[2].strip() for pair in pairs if pair})
