"""iptables: ``-L``, ``-S`` and iptables-save as chains of rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from handbook.command_line import producer
from handbook.kinds import Unreadable
from handbook.recognition import checks
from handbook.recognition.checks import Meaning
from handbook.recognition.columns import Column, cells, header
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.endpoint_rules import by_endpoint
from handbook.tree import Line, Node, Ordered, Unordered

PROGRAM = re.compile(r"ip6?tables(?:-nft|-legacy)?(?:-save)?")
TABLE = re.compile(r"\*(\w+)$")
CHAIN = re.compile(r":(\S+) |-[NP] (\S+)")
RULE = re.compile(r"(?:\[\d+:\d+\] )?-A (\S+)")
LISTED = re.compile(r"Chain (\S+) \((?:policy .*|(\d+) references)\)")
HEADER = re.compile(r"\s*(?:num\s+)?(?:pkts\s+bytes\s+)?target\s+prot")
REMARK = re.compile(r"#|COMMIT$")
PORT = re.compile(r"--(?:dport|sport|to-ports?) (\d+)\b")
COUNTED = re.compile(r"-[AP] \S+ .*?-c (\d+ \d+)\b")
# Chains of one rule for each service, in the order of a map that somebody walks through.
FREE = frozenset({"KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-FIREWALL", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL"})
SHARING = re.compile(r"KUBE-(?:SVC|SVL|XLB)-")  # chains that share what reaches a Service among its endpoints
VARYING = re.compile(r"KUBE-SEP-|CNI-")  # chains whose names hold an address or an id
SERVICE = re.compile(r"(?:--comment \"?|/\* )([\w.-]+/[\w.:-]+)")
# A rule for what comes from the node itself and one for what goes to it are two, whatever else they have in common.
LOCALHOST = re.compile(r"(?<!!) -(?P<end>[sd]) 127\.0\.0\.0/8\b")
ENDS = {"s": "comes from", "d": "goes to"}
LAST = re.compile(r"KUBE-NODEPORTS\b")
# The proxy and the network plugin each put their rules at the head of this chain, once: who comes first is chance.
# kubernetes: pkg/proxy/iptables/proxier.go, EnsureRule(Prepend); containernetworking/plugins: firewall, ensureFirstChainRule.
SHARED = "FORWARD"
PLUGIN = "CNI"
OWNER = re.compile(rf"(KUBE|{PLUGIN})-")
NUMBERS = re.compile(r"(?:\d\S* +)*")


@dataclass
class _Chain:
    """A chain while it is read: its declaration, the columns that ``-v`` adds, and its rules."""

    name: str
    counters: tuple[Column, ...] = ()
    head: list[Line] = field(default_factory=list)
    rules: list[Line] = field(default_factory=list)

    def tree(self) -> Node:
        if self.name in FREE:
            ends = self.name == "KUBE-SERVICES" and bool(self.rules) and bool(LAST.search(_text(self.rules[-1])))
            free = self.rules[:-1] if ends else self.rules
            rules = Ordered((Unordered(tuple(_by_service(free))), *self.rules[len(free) :]))
        else:
            rules = Ordered(tuple(self._in_order()))
        return Ordered((*self.head, rules), "" if VARYING.match(self.name) else f"chain {self.name}")

    def _in_order(self) -> Iterator[Node]:
        if self.name == SHARED:
            return _by_owner(self.rules)
        return by_endpoint(self.rules, _target, self.name) if SHARING.match(self.name) else _by_pod(self.rules)


def _by_pod(rules: Iterable[Line]) -> Iterator[Node]:
    """The rules in order, but those of pods that stand together in any order: the plugin writes them as the pods start."""
    for of_pods, group in groupby(rules, lambda rule: _owner(rule) == PLUGIN):
        found = tuple(group)
        yield from (Unordered(found),) if of_pods else found


def _by_owner(rules: Iterable[Line]) -> Iterator[Node]:
    """The rules in order, but where those of several owners stand together each owner's by themselves, whoever comes first."""
    for owned, group in groupby(rules, lambda rule: bool(_owner(rule))):
        found = sorted(group, key=_owner)
        owners = tuple(Ordered(tuple(_once(of_one))) for _, of_one in groupby(found, _owner))
        yield from (Unordered(owners),) if owned else found


def _once(rules: Iterable[Line]) -> Iterator[Line]:
    """The rules, but one of the plugin's only once: it looks before it adds, and two Pods that start together both find none."""
    seen: set[str] = set()
    for rule in rules:
        if (text := _text(rule)) not in seen or _owner(rule) != PLUGIN:
            yield rule
        seen.add(text)


def _owner(rule: Line) -> str:
    """The word that the chains of an owner begin with; empty where a rule leads to no such chain."""
    match = OWNER.match(_target(rule))
    return match[1] if match else ""


def _by_service(rules: Iterable[Line]) -> Iterator[Node]:
    """The rules of each Service, which their comments name, in order; all others by themselves."""
    services: dict[str, list[Line]] = {}
    for rule in rules:
        if match := SERVICE.search(_text(rule)):
            services.setdefault(match[1], []).append(rule)
        else:
            yield rule
    yield from (Ordered(tuple(map(_by_end, found)), f"Service {name}") for name, found in services.items())


def _by_end(rule: Line) -> Node:
    """A rule of a Service, told by the end that localhost is of what it is for."""
    match = LOCALHOST.search(_text(rule))
    return Ordered((rule,), f"rule for what {ENDS[match['end']]} localhost") if match else rule


class Iptables:
    """Chains in any order, each with its rules in order."""

    name = "iptables"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and PROGRAM.fullmatch(made.program))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        tables: dict[str, dict[str, _Chain]] = {"": {}}
        table, chain = "", ""
        for number, text in sheet.filled():
            if match := TABLE.match(text):
                table = match[1]
                tables[table] = {}
            elif found := _chain_of(text):
                chain = found
            elif not (HEADER.match(text) or REMARK.match(text) or chain or not LISTED.search(output)):
                raise Unreadable(f"line {number} belongs to no chain")
            _put(sheet, number, tables[table], chain or _asked(context.command))
        return Unordered(tuple(_table(name, chains) for name, chains in tables.items() if chains))


def _chain_of(text: str) -> str:
    """The chain that a line declares or adds to; empty where it does neither."""
    for pattern in (RULE, CHAIN, LISTED):
        if match := pattern.match(text):
            return match[1] or match[2]
    return ""


def _put(sheet: Sheet, number: int, chains: dict[str, _Chain], name: str) -> None:
    text = sheet.lines[number - 1]
    if TABLE.match(text) or REMARK.match(text):
        return
    chain = chains.setdefault(name, _Chain(name))
    if titles := not chain.rules and HEADER.match(text):
        chain.counters = header(text)
    declares = CHAIN.match(text) or LISTED.match(text) or titles
    counted = [] if declares else cells(text, chain.counters)
    (chain.head if declares else chain.rules).extend(sheet.line(number, (*counted, *_told(text))))


def _told(text: str) -> Iterator[Token]:
    """NodePorts, how many rules lead to a chain, and what ``-S -v`` counts."""
    if (match := LISTED.match(text)) and match[2]:
        yield Token(*match.span(2), Meaning("noise", "references"))
    if match := COUNTED.match(text):
        yield Token(*match.span(1), Meaning("noise", "counter"))
    for match in PORT.finditer(text):
        if meaning := checks.port(text, *match.span(1)):
            yield Token(*match.span(1), meaning)


def _asked(command: str) -> str:
    """The chain that a command asks for, where its header was filtered away."""
    made = producer(command)
    return (made.option("-L", "-S", "--list", "--list-rules") if made else "") or "rules"


def _table(name: str, chains: dict[str, _Chain]) -> Node:
    return Unordered(tuple(chain.tree() for chain in chains.values()), f"table {name}" if name else "")


def _target(rule: Line) -> str:
    """A rule from its target on: ``-L`` begins with it, behind the numbers that options add."""
    text = _text(rule)
    return text.partition("-j ")[2].lstrip() if text.startswith(("-A", "[")) else NUMBERS.sub("", text, count=1)


def _text(rule: Line) -> str:
    return " ".join(leaf.text for leaf in rule.leaves)


KIND = Iptables()
