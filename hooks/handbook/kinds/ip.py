"""ip and bridge: interfaces, addresses, routes, neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handbook.command_line import Producer, producer
from handbook.recognition.checks import Meaning
from handbook.recognition.columns import cells, header
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token, tokens
from handbook.tree import Exact, Line, Node, Ordered, Unordered

OBJECTS = {
    "addr": "address",
    "address": "address",
    "a": "address",
    "ad": "address",
    "link": "link",
    "l": "link",
    "route": "route",
    "r": "route",
    "ro": "route",
    "neigh": "neighbour",
    "neighbour": "neighbour",
    "n": "neighbour",
    "fdb": "neighbour",
    "netns": "namespace",
}
HEAD = re.compile(r"(\d+): (\S+?)(@\S+)?(?::| +\\?)")
FAMILY = re.compile(r" *(inet6?)\b")
PEER = re.compile(r"@if(\d+)")
PEERS_PLACE = re.compile(r"link-netns (\S+)")
NAMESPACE_ID = re.compile(r"link-netnsid (\d+)")
# Namespaces that a command enters; what it says there is numbered by the namespace's own interfaces.
ENTERED = re.compile(
    r"(?:\bip|\bbridge)\s+(?:-\w+\s+)*-n(?:etns)?\s+(\S+)|netns exec (\S+)|--net=(\S+)"
    r"|(?:docker|kubectl) exec\s+(?:-\S+\s+)*(\S+)|--target\s+(\S+)"
)
NAMELESS = "interface index of a namespace without a name"
LOOPBACK = "1"
TRAFFIC = re.compile(r"\s+[RT]X: ")


class Ip:
    """A block for each interface; the number of an interface means something in its own namespace only."""

    name = "ip"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and _object(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet, inside = Sheet(output, context), scope(context)
        made = producer(context.command)
        blocks = list(_blocks(sheet))
        one_line = made is not None and made.has("-o", "-oneline", "-br", "-brief")
        brief = made is not None and made.has("-br", "-brief")
        trees = tuple(_interface(sheet, block, inside, one_line=one_line, brief=brief) for block in blocks)
        free = made is not None and _object(made) in {"neighbour", "link", "address", "namespace"}
        return Unordered(trees) if free else Ordered(trees)


def _object(made: Producer) -> str:
    """What a command lists; empty where it lists nothing of this kind."""
    if made.program not in {"ip", "bridge"} or made.has("-j", "-json", "-J"):
        return ""
    words = [word for word in made.operands if word in OBJECTS]
    changing = {"add", "set", "del", "delete", "change", "replace", "flush", "exec", "identify", "pids"} & set(made.operands)
    return OBJECTS[words[0]] if words and not changing else ""


def scope(context: Context) -> str:
    """The network namespace in which a command looks; empty for the machine's own."""
    if match := ENTERED.search(context.command):
        return str(next(filter(None, match.groups()))).rpartition("/")[2]
    return context.target if context.target.startswith(("container:", "pod:")) else ""


def _blocks(sheet: Sheet) -> Iterator[list[int]]:
    """Lines that begin at the margin, each with the indented ones below it."""
    block: list[int] = []
    for number, text in sheet.filled():
        if block and not text[0].isspace():
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def _interface(sheet: Sheet, block: Sequence[int], inside: str, *, one_line: bool, brief: bool) -> Node:
    """An interface with its lines, or a line of another list."""
    head = sheet.lines[block[0] - 1]
    match = HEAD.match(head)
    peer = _peers_role([sheet.lines[number - 1] for number in block], inside, brief=brief)
    told = ((number, tuple(_told(sheet.lines[number - 1], inside, peer, _above(sheet, number)))) for number in block)
    body = [line for number, values in told for line in sheet.line(number, values)]
    name = match[2] if match and _is_fixed(body[0], match) else ""
    family = FAMILY.match(head, match.end()) if match and one_line else None
    label = f"interface {name} {family[1]}" if family else f"interface {name}"
    return Ordered(tuple(body), label if name else "")


def _is_fixed(line: Line, match: re.Match[str]) -> bool:
    """Tell whether an interface has a name that people gave it."""
    exact = [leaf.place for leaf in line.leaves if isinstance(leaf, Exact)]
    return any(place.start <= match.start(2) and place.end >= match.end(2) for place in exact)


def _above(sheet: Sheet, number: int) -> str:
    return sheet.lines[number - 2] if number > 1 else ""


def _told(text: str, inside: str, peer: str, above: str) -> Iterator[Token]:
    """The numbers of interfaces and of namespaces, each in the namespace that gave it; how much went through them."""
    if TRAFFIC.match(above):
        yield from cells(text, header(above))
    if (match := HEAD.match(text)) and match[1] != LOOPBACK:
        yield Token(*match.span(1), Meaning("name", index_role(inside)))
    if match := NAMESPACE_ID.search(text):
        yield Token(*match.span(1), Meaning("name", role_in("network namespace id", inside)))
    if match := PEER.search(text):
        yield Token(*match.span(1), Meaning("name", peer))


def _peers_role(block: Sequence[str], inside: str, *, brief: bool) -> str:
    """The role of the number of an interface's other end: of the namespace where that is, which a line below may tell."""
    place = next(filter(None, map(PEERS_PLACE.search, block)), None)
    if place:
        return NAMELESS if tokens(place[1]) else index_role(place[1])  # a name that varies is no role
    if brief:  # it leaves out in which namespace the other end is
        return f"interface index of a peer of {inside or 'the machine'}"
    return index_role("") if inside else NAMELESS


def index_role(inside: str) -> str:
    """The role of an interface's number in a namespace."""
    return role_in("interface index", inside)


def role_in(role: str, inside: str) -> str:
    """The role of what each namespace numbers by itself; the machine's own needs no name."""
    return f"{role} in {inside}" if inside else role


KIND = Ip()
