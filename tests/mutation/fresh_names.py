"""Other names of the same form: what another run could have given."""

from __future__ import annotations

import random
import re

from handbook.computed.contradictions import ENDPOINT_RULE
from handbook.computed.services import endpoint_hash
from handbook.recording import Recording

GENERATED = "bcdfghjklmnpqrstvwxz2456789"  # what Kubernetes makes names of
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ALPHABETS = {
    "layer link": BASE32,
    "endpoint chain": BASE32,
    "template hash": GENERATED,
    "name suffix": GENERATED,
    "given name": "ghijkmnopq",
}
FIXED = {"interface": 4, "MAC address": 9}  # first characters that every such name has
RANGES = {"namespace": (4_026_530_000, 4_026_539_999), "port": (32_768, 60_000)}


def other_name(chance: random.Random, role: str, text: str, longer: int) -> str:
    """A name of the same role and, where it can be, of the same length: columns of a table depend on it.

    Parameters:
        chance: Makes it.
        role: The name's role.
        text: The name.
        longer: By how many digits a number may be longer, because shorter ones are used up.
    """
    if text.isdigit() and role not in {"id", "template hash", "name suffix"}:
        first, last = RANGES.get(role, (max(2, 10 ** (len(text) - 1 + longer)), 10 ** (len(text) + longer) - 1))
        return str(chance.randint(first, last))
    if role == "address" and "." in text:
        first, *rest = text.split(".")
        network = {1: "9", 2: "10"}.get(len(first), str(chance.randint(130, 190)))
        return ".".join([network, *(_octet(chance, len(octet) + bool(longer)) for octet in rest)])
    if role == "address":
        return "fe80::" + ":".join(_octet(chance, 3) for _ in range(2))
    fixed = FIXED.get(role, 0)
    made = text[:fixed] + "".join(chance.choice(_alphabet(role, text)) if one.isalnum() else one for one in text[fixed:])
    plausible = role not in {"template hash", "name suffix"} or re.search("[a-z]", made)
    return made if plausible else other_name(chance, role, text, longer)


def _octet(chance: random.Random, digits: int) -> str:
    low, high = {1: (2, 9), 2: (10, 99)}.get(digits, (100, 250))
    return str(chance.randint(low, high))


def _alphabet(role: str, text: str) -> str:
    if role in ALPHABETS:
        return ALPHABETS[role]
    return "23456789abcdef" if any(character.isalpha() for character in text) else "123456789"


def computed_chains(recording: Recording, addresses: dict[str, str]) -> dict[str, str]:
    """What the chains of endpoints are called once their addresses are renamed: nobody may make those names up."""
    found = {}
    for line in (line for snippet in recording.snippets for step in snippet.steps for line in step.output.split("\n")):
        if match := ENDPOINT_RULE.search(line):
            address, _, port = match["endpoint"].partition(":")
            endpoint = f"{addresses.get(address, address)}:{port}"
            found[match["hash"]] = endpoint_hash(match["service"], match["protocol"], endpoint)
    return found
