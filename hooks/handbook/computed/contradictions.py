"""Contradictions: names and numbers in one output that do not follow from each other as they must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from handbook.computed.control_groups import LEVELS, pod_path, probability
from handbook.computed.limits import NO_LIMITS, Limits, beyond_limits
from handbook.computed.services import chain_hash, endpoint_hash, nftables_hash
from handbook.drift import Change, Difference
from handbook.recording import RecordedStep
from handbook.tree import Place

TELLING = re.compile(r"KUBE-S|KUBE-EXT-|kubepods|(?:service|external)-[A-Z2-7]{8}-|numgen random mod")
SERVICE_RULE = re.compile(
    r"-A \S+ .*?-p (?P<protocol>\w+) .*--comment \"?(?P<service>[\w.-]+/[\w.:-]+)(?: (?:cluster|external|loadbalancer) IP)?\"? .*"
    r"-j KUBE-(?P<sort>SVC|EXT|SVL|FW)-(?P<hash>[A-Z2-7]{16})"
)
LISTED_RULE = re.compile(
    r"\s*(?:\d+\s+\d+\s+)?KUBE-(?P<sort>SVC|EXT|SVL|FW)-(?P<hash>[A-Z2-7]{16})\s+(?P<protocol>tcp|udp|sctp|\d+)\s.*"
    r"/\* (?P<service>[\w.-]+/[\w.:-]+)(?: (?:cluster|external|loadbalancer) IP)? \*/"
)
ENDPOINT_RULE = re.compile(
    r"-A KUBE-SEP-(?P<hash>[A-Z2-7]{16}) .*-p (?P<protocol>\w+) .*--comment \"?(?P<service>[\w.-]+/[\w.:-]+)\"? .*"
    r"--to-destination (?P<endpoint>[\d.]+:\d+)"
)
NFTABLES_CHAIN = re.compile(r"\b(?:service|external)-(?P<hash>[A-Z2-7]{8})-(?P<service>[\w.-]+/[\w.-]+/(?:tcp|udp|sctp)/[\w.-]*)")
BALANCED = re.compile(r"-A (?P<chain>KUBE-SVC-[A-Z2-7]{16}) .*-j KUBE-SEP-")
PROBABILITY = re.compile(r"--probability ([\d.]+)")
NUMBERED = re.compile(r"numgen random mod (?P<count>\d+) v?map \{(?P<elements>[^}]*)\}")
KEY = re.compile(r"(?:^|,)\s*(\d+) :")
POD_SLICE = re.compile(r"/kubepods\S*?/?kubepods(?:-(?P<level>burstable|besteffort))?-pod(?P<hash>[0-9a-f_]{32,36})\.slice")
QUALITIES = {level: quality for quality, level in LEVELS.items()}
PROTOCOLS = {"6": "tcp", "17": "udp", "132": "sctp"}  # some iptables print numbers
TOLERANCE = 1e-5  # the kernel keeps 31 bits of a probability, and Kubernetes 1.16 and older wrote five digits


def contradictions(step: RecordedStep, limits: Limits = NO_LIMITS) -> Iterator[Difference]:
    """What cannot be right in a step's output.

    Parameters:
        step: The step.
        limits: What its chapter asks for.
    """
    yield from beyond_limits(step, limits)
    if not TELLING.search(step.output):
        return
    lines = step.output.split("\n")
    for number, line in enumerate(lines, 1):
        for check in LINE_CHECKS:
            yield from check(number, line)
    yield from _probabilities(lines)


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
        service, protocol, endpoint = match["service"], match["protocol"], match["endpoint"]
        fitting = {endpoint_hash(name, protocol, endpoint) for name in (service, f"{service}:")}
        yield from _unless(match["hash"] in fitting, number, match, f"{service} {protocol} at {endpoint}", fitting)


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
    for number, line in enumerate(lines, 1):
        if match := BALANCED.search(line):
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


def _group(number: int, line: str) -> Iterator[Difference]:
    """A pod's slice lies in the slices of its quality of service."""
    if match := POD_SLICE.search(line):
        right = pod_path(match["hash"], QUALITIES[match["level"] or ""], "systemd")
        if not match[0].endswith(right):
            sentence = f"line {number}: the group {match[0]} is not where a pod of its quality of service is, {right}"
            yield Difference(Change.RELATION, sentence, None, Place(number, *match.span()))


def _unless(holds: bool, number: int, match: re.Match[str], what: str, fitting: set[str]) -> Iterator[Difference]:
    if not holds:
        sentence = f"line {number}: the hash {match['hash']} is not that of {what}, which is {' or '.join(sorted(fitting))}"
        yield Difference(Change.RELATION, sentence, None, Place(number, *match.span("hash")))


LINE_CHECKS: tuple[Callable[[int, str], Iterator[Difference]], ...] = (_chain, _endpoint, _nftables, _numbered, _group)
