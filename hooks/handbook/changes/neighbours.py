"""Neighbouring environments: which pairs of them a reader wants to see side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from handbook.drift import differing_facts
from handbook.fingerprint import Fingerprint

FAMILY = re.compile(r"[a-z]+")
NUMBER = re.compile(r"\d+|\D+")


def neighbours(fingerprints: Mapping[str, Fingerprint]) -> Iterator[tuple[str, str]]:
    """Pairs of environments, the older one in front.

    A variant (``kubernetes-1.37-nftables``) is the neighbour of what it varies (``kubernetes-1.37``); of the others each is the
    neighbour of the version before it. One that has no other version (``minikube``) is the neighbour of what it is most like.

    Parameters:
        fingerprints: Of all environments, by their names.
    """
    known = sorted(fingerprints, key=_by_version)
    families = Counter(map(_family, known))
    others = [name for name in known if families[_family(name)] > 1]
    yield from _versions(others)
    for name in known:
        if families[_family(name)] == 1 and others:
            yield min(others, key=lambda other: len(differing_facts(fingerprints[other], fingerprints[name]))), name


def _versions(known: Sequence[str]) -> Iterator[tuple[str, str]]:
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
