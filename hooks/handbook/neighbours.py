"""Neighbouring environments: which pairs of them a reader wants to see side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

FAMILY = re.compile(r"[a-z]+")
NUMBER = re.compile(r"\d+|\D+")


def neighbours(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of environments, the older one in front.

    A variant (``kubernetes-1.37-nftables``) is the neighbour of what it varies (``kubernetes-1.37``); of the others each is the
    neighbour of the version before it.

    Parameters:
        names: Of all environments.
    """
    known = sorted(set(names), key=_by_version)
    versions: dict[str, str] = {}
    for name in known:
        base = next((other for other in sorted(known, key=len, reverse=True) if name.startswith(f"{other}-")), "")
        family = _family(name)
        if base and not base.isalpha():
            yield base, name
            continue
        if family in versions:
            yield versions[family], name
        versions[family] = name


def _family(name: str) -> str:
    match = FAMILY.match(name)
    return match[0] if match else name


def _by_version(name: str) -> list[tuple[int, str]]:
    return [(int(word), "") if word.isdigit() else (0, word) for word in NUMBER.findall(name)]
