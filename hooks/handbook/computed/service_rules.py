"""Rules of Services: the names of their chains, and how they share what reaches them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from handbook.computed.control_groups import probability
from handbook.computed.services import chain_hash, endpoint_hash, nftables_hash
from handbook.drift import Change, Difference
from handbook.tree import Place

# Families of a Service's chains: those that share what reaches them among all endpoints (SVC) or those of their own node (SVL, and
# XLB before Kubernetes 1.24), and those for what comes from outside.
SHARING = "SVC|SVL|XLB"
OUTSIDE = "EXT|XLB|FW"
BEHIND = "SVC|SVL|XLB|EXT"  # where those for what comes from outside lead to
SERVICE = "SVC|SVL|XLB|EXT|FW"
HASH = "(?P<hash>[A-Z2-7]{16})"
NAMED = r"(?P<service>[\w.-]+/[\w.:-]+)"
ADDRESS = r"(?: (?:cluster|external|loadbalancer) IP)?"  # which of a Service's addresses a comment is about
ENDPOINT = r"(?P<endpoint>[\d.]+:\d+)"
COUNTERS = r"\s*(?:\d+[KMGTP]?\s+){0,3}"  # how a listed rule begins: its number and what it counts, where options ask for them
LISTED_PROTOCOL = r"(?P<protocol>tcp|udp|sctp|\d+)"

SERVICE_RULE = re.compile(rf'-A \S+ .*?-p (?P<protocol>\w+) .*--comment "?{NAMED}{ADDRESS}"? .*-j KUBE-(?:{SERVICE})-{HASH}')
LISTED_RULE = re.compile(rf"{COUNTERS}KUBE-(?:{SERVICE})-{HASH}\s+{LISTED_PROTOCOL}\s.*/\* {NAMED}{ADDRESS} \*/")
ENDPOINT_RULE = re.compile(rf'-A KUBE-SEP-{HASH} .*-p (?P<protocol>\w+) .*--comment "?{NAMED}"? .*--to-destination {ENDPOINT}')
# The chains for what comes from outside lead to the Service's own, which is called by the same hash (XLB: EXT before 1.24).
LEADING_RULE = re.compile(rf"-A KUBE-(?:{OUTSIDE})-(?P<own>[A-Z2-7]{{16}}) .*-j KUBE-(?:{BEHIND})-{HASH}")
LISTED_CHAIN = re.compile(rf"Chain KUBE-(?P<sort>SEP|{OUTSIDE})-{HASH} ")
LISTED_LEADING = re.compile(rf"{COUNTERS}KUBE-(?:{BEHIND})-{HASH}\s")
LISTED_ENDPOINT = re.compile(rf"{COUNTERS}DNAT\s+{LISTED_PROTOCOL}\s.*/\* {NAMED} \*/.* to:{ENDPOINT}")
LISTED_BALANCED = re.compile(rf"{COUNTERS}KUBE-SEP-")
# Since Kubernetes 1.24 the comment of a rule tells where its endpoint's chain leads to.
POINTING_RULE = re.compile(rf'--comment "{NAMED} -> {ENDPOINT}" .*-j KUBE-SEP-{HASH}')
LISTED_POINTING = re.compile(rf"{COUNTERS}KUBE-SEP-{HASH}\s.*/\* {NAMED} -> {ENDPOINT} \*/")
# Of a Service, and up to Kubernetes 1.35 of each endpoint, with its address and port.
NFTABLES_CHAIN = re.compile(
    r"\b(?:service|external|local|firewall|endpoint|affinity)-(?P<hash>[A-Z2-7]{8})-"
    r"(?P<service>[\w.-]+/[\w.-]+/(?:tcp|udp|sctp)/[\w.-]*(?:/\d+)?)(?![\w./-])"
)
BALANCED = re.compile(rf"-A (?P<chain>KUBE-(?:{SHARING})-[A-Z2-7]{{16}}) .*-j KUBE-SEP-")
LISTED_SHARING = re.compile(rf"Chain (?P<chain>KUBE-(?:{SHARING})-[A-Z2-7]{{16}}) ")
PROBABILITY = re.compile(r"probability ([\d.]+)")
NUMBERED = re.compile(r"numgen random mod (?P<count>\d+) v?map \{(?P<elements>[^}]*)\}")
KEY = re.compile(r"(?:^|,)\s*(\d+) :")
PROTOCOLS = {"6": "tcp", "17": "udp", "132": "sctp"}  # some iptables print numbers
TOLERANCE = 1e-5  # the kernel keeps 31 bits of a probability, and Kubernetes 1.16 and older wrote five digits


def wrong_rules(lines: list[str]) -> Iterator[Difference]:
    """What cannot be right in the rules of Services.

    Parameters:
        lines: What iptables or nft printed.
    """
    for number, line in enumerate(lines, 1):
        for check in LINE_CHECKS:
            yield from check(number, line)
    yield from _probabilities(lines)
    yield from _listed(lines)


def _chain(number: int, line: str) -> Iterator[Difference]:
    """A Service's chain is called by a hash of the Service's name."""
    match = SERVICE_RULE.search(line) or LISTED_RULE.match(line)
    if match:
        service, protocol = match["service"], PROTOCOLS.get(match["protocol"], match["protocol"])
        fitting = {chain_hash(service, protocol), chain_hash(f"{service}:", protocol)}
        yield from _unless(match["hash"] in fitting, number, match, f"{service} {protocol}", fitting)


def _endpoint(number: int, line: str) -> Iterator[Difference]:
    """An endpoint's chain is called by a hash of the Service's name and of the address that it leads to."""
    if match := ENDPOINT_RULE.search(line):
        yield from _leads_to(match["hash"], number, match, match.span("hash"))


def _leads_to(chain: str, number: int, match: re.Match[str], span: tuple[int, int]) -> Iterator[Difference]:
    service, protocol = match["service"], PROTOCOLS.get(match["protocol"], match["protocol"])
    fitting = {endpoint_hash(name, protocol, match["endpoint"]) for name in (service, f"{service}:")}
    what = f"{service} {protocol} at {match['endpoint']}"
    if chain not in fitting:
        sentence = f"line {number}: the hash {chain} is not that of {what}, which is {' or '.join(sorted(fitting))}"
        yield Difference(Change.RELATION, sentence, None, Place(number, *span))


def _pointing(number: int, line: str) -> Iterator[Difference]:
    """The same where a rule leads to such a chain; the protocol is not told there."""
    if match := POINTING_RULE.search(line) or LISTED_POINTING.match(line):
        service, endpoint = match["service"], match["endpoint"]
        names = (f"{service}{colon}" for colon in ("", ":"))
        fitting = {endpoint_hash(name, protocol, endpoint) for name in names for protocol in PROTOCOLS.values()}
        if match["hash"] not in fitting:
            sentence = f"line {number}: the hash {match['hash']} is not that of {service} at {endpoint}"
            yield Difference(Change.RELATION, sentence, None, Place(number, *match.span("hash")))


def _leading(number: int, line: str) -> Iterator[Difference]:
    """A chain for what comes from outside leads to the chain of the same Service."""
    if match := LEADING_RULE.search(line):
        yield from _unless(match["hash"] == match["own"], number, match, "the Service whose chain this is", {match["own"]})


def _listed(lines: list[str]) -> Iterator[Difference]:
    """The same of chains as ``-L`` lists them, whose names stand above their rules."""
    chain: re.Match[str] | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("Chain "):
            chain = LISTED_CHAIN.match(line)
        elif chain and chain["sort"] == "SEP" and (match := LISTED_ENDPOINT.match(line)):
            yield from _leads_to(chain["hash"], number, match, match.span("endpoint"))
        elif chain and chain["sort"] != "SEP" and (match := LISTED_LEADING.match(line)):
            own = chain["hash"]
            yield from _unless(match["hash"] == own, number, match, "the Service whose chain this is", {own})


def _nftables(number: int, line: str) -> Iterator[Difference]:
    """Chains of nftables are called by a hash of what stands behind it."""
    for match in NFTABLES_CHAIN.finditer(line):
        right = nftables_hash(match["service"])
        yield from _unless(match["hash"] == right, number, match, match["service"], {right})


def _numbered(number: int, line: str) -> Iterator[Difference]:
    """As many endpoints as random numbers."""
    if match := NUMBERED.search(line):
        keys = [int(key) for key in KEY.findall(match["elements"])]
        if keys and sorted(keys) != list(range(int(match["count"]))):
            sentence = f"line {number}: {len(keys)} endpoints share {match['count']} random numbers"
            yield Difference(Change.RELATION, sentence, None, Place(number, *match.span("count")))


def _probabilities(lines: list[str]) -> Iterator[Difference]:
    """Rule i of n takes 1/(n-i) of what reaches it."""
    chains: dict[str, list[tuple[int, str]]] = {}
    listed: re.Match[str] | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("Chain "):
            listed = LISTED_SHARING.match(line)
        if match := BALANCED.search(line) or (listed if LISTED_BALANCED.match(line) else None):
            chains.setdefault(match["chain"], []).append((number, line))
    for rules in chains.values():
        if len(rules) > 1 and not PROBABILITY.search(rules[-1][1]):
            for rule, (number, line) in enumerate(rules[:-1]):
                yield from _probability(number, line, probability(rule, len(rules)))


def _probability(number: int, line: str, right: float) -> Iterator[Difference]:
    match = PROBABILITY.search(line)
    if match and abs(float(match[1]) - right) > TOLERANCE:
        sentence = f"line {number}: the probability {match[1]} does not give every endpoint its share, which is {right:.11f}"
        yield Difference(Change.RELATION, sentence, None, Place(number, *match.span(1)))


def _unless(holds: bool, number: int, match: re.Match[str], what: str, fitting: set[str]) -> Iterator[Difference]:
    if not holds:
        sentence = f"line {number}: the hash {match['hash']} is not that of {what}, which is {' or '.join(sorted(fitting))}"
        yield Difference(Change.RELATION, sentence, None, Place(number, *match.span("hash")))


LINE_CHECKS: tuple[Callable[[int, str], Iterator[Difference]], ...] = (_chain, _endpoint, _pointing, _leading, _nftables, _numbered)
