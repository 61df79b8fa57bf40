"""Other names of the same form: what another run could have given."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from handbook.computed.layers import SHORT_ID, chain_id, stacks
from handbook.computed.service_rules import (
    ENDPOINT_RULE,
    LISTED_CHAIN,
    LISTED_ENDPOINT,
    LISTED_POINTING,
    NFTABLES_CHAIN,
    POINTING_RULE,
    PROTOCOLS,
)
from handbook.computed.services import endpoint_hash, nftables_hash
from handbook.recording import Recording

GENERATED = "bcdfghjklmnpqrstvwxz2456789"  # what Kubernetes makes names of
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ALPHABETS = {
    "layer link": BASE32,
    "endpoint chain": BASE32,
    "endpoint with a probability": BASE32,
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


def computed_names(recording: Recording, texts: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """What chains of endpoints and stacks of layers are called once all else is renamed: nobody may make those names up.

    Parameters:
        recording: As it was.
        texts: What became of its names, by role and key.
    """
    outputs = [step.output for snippet in recording.snippets for step in snippet.steps]
    addresses = {old: new for (role, old), new in texts.items() if role == "address"}
    found = dict(_chain(*seen, addresses) for seen in _endpoints(outputs))
    for match in (match for output in outputs for match in NFTABLES_CHAIN.finditer(output)):
        base, _, endpoint = match["service"].partition("__")
        address, _, port = endpoint.partition("/")
        if endpoint:
            found[match["hash"]] = nftables_hash(f"{base}__{addresses.get(address, address)}/{port}")
    for name, layers in stacks(outputs).items():
        found[name] = chain_id([texts.get(("id", layer[:SHORT_ID]), layer) for layer in layers])
    return found


def _endpoints(outputs: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Every chain of an endpoint of which the endpoint is seen."""
    for output in outputs:
        listed = ""
        for line in output.split("\n"):
            if match := LISTED_CHAIN.match(line):
                listed = match["hash"]
            if listed and (match := LISTED_ENDPOINT.match(line)):
                yield listed, match
            for pattern in (ENDPOINT_RULE, POINTING_RULE, LISTED_POINTING):
                if match := pattern.search(line):
                    yield match["hash"], match


def _chain(chain: str, match: re.Match[str], addresses: Mapping[str, str]) -> tuple[str, str]:
    """The hash of an endpoint's chain, and what it becomes."""
    address, _, port = match["endpoint"].partition(":")
    protocols = (
        [PROTOCOLS.get(match["protocol"], match["protocol"])] if "protocol" in match.re.groupindex else ["tcp", "udp", "sctp"]
    )
    services = [match["service"], f"{match['service']}:"]
    for service, protocol in product(services, protocols):
        if endpoint_hash(service, protocol, match["endpoint"]) == chain:
            return chain, endpoint_hash(service, protocol, f"{addresses.get(address, address)}:{port}")
    return chain, chain
