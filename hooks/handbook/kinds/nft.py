"""nft list: tables, chains, sets and maps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import producer
from handbook.kinds import Unreadable
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.fields import lines
from handbook.tree import Exact, Line, Node, Ordered, Unordered

OPENS = re.compile(r"\s*(?P<name>(?:table|chain|set|map|flowtable|ct \w+|counter|quota|limit) .+?) \{(?: # handle \d+)?$")
ELEMENTS = re.compile(r"\s*elements = \{")
INLINE = re.compile(r"\{ (?P<elements>[^{}]*) \}")
ELEMENT = re.compile(r'(?:[^,"]|"[^"]*")+')
# Up to Kubernetes 1.35 an endpoint has a chain of its own; its name holds a hash, the Service and the endpoint's address.
ENDPOINT = re.compile(r"\b(?:endpoint|affinity)-(?P<hash>[A-Z2-7]{8})-\S+?__(?P<address>[\d.]+)/\d+")


class Nft:
    """Blocks in any order, rules of a chain in order, elements of sets and maps in any order."""

    name = "nft"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program == "nft" and "list" in made.operands and not made.has("-j", "--json"))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        rest = [number for number, _ in sheet.filled()]
        made = producer(context.command)
        if made and made.is_cut:
            return Unordered(lines(sheet, rest))  # where blocks end was left out
        if "{" in output and not any(OPENS.match(sheet.lines[number - 1]) for number in rest):
            raise Unreadable("it holds no block")
        return Unordered(tuple(_block(sheet, rest)))


def _block(sheet: Sheet, rest: list[int]) -> Iterator[Node]:
    """What stands up to the end of a block; takes it away from the lines that are left."""
    while rest:
        number = rest.pop(0)
        text = sheet.lines[number - 1]
        if text.strip() == "}":
            return
        if ELEMENTS.match(text):
            yield _elements(sheet, number, rest)
        elif match := OPENS.match(text):
            yield _named(sheet, number, match, list(_block(sheet, rest)))
        else:
            yield from _rule(sheet, number)


def _named(sheet: Sheet, number: int, match: re.Match[str], children: list[Node]) -> Node:
    """A block with its name, whose parts have an order where they are rules."""
    head = _line(sheet, number, 0, match.end("name"))
    exact = all(isinstance(leaf, Exact) for line in head for leaf in line.leaves)
    inner: Node = Ordered(tuple(children)) if match["name"].startswith("chain ") else Unordered(tuple(children))
    return Ordered((*head, inner), match["name"] if exact else "")


def _rule(sheet: Sheet, number: int) -> Iterator[Node]:
    """A rule; the elements of a set or map in it have no order."""
    text = sheet.lines[number - 1]
    match = INLINE.search(text)
    if not match:
        yield from _line(sheet, number)
        return
    before, behind = _line(sheet, number, 0, match.start("elements")), _line(sheet, number, match.end("elements"))
    yield Ordered((*before, Unordered(tuple(_divided(sheet, number, *match.span("elements")))), *behind))


def _elements(sheet: Sheet, number: int, rest: list[int]) -> Node:
    """The elements of a set or map, on one line or several."""
    numbers = [number]
    while rest and "}" not in sheet.lines[numbers[-1] - 1]:
        numbers.append(rest.pop(0))
    found: list[Line] = []
    for one in numbers:
        text = sheet.lines[one - 1]
        start = text.index("{") + 1 if one == number else 0
        end = text.index("}") if "}" in text else len(text)
        found += _divided(sheet, one, start, end)
    return Unordered(tuple(found), "elements")


def _divided(sheet: Sheet, number: int, start: int, end: int) -> Iterator[Line]:
    for match in ELEMENT.finditer(sheet.lines[number - 1], start, end):
        yield from _line(sheet, number, *match.span())


def _line(sheet: Sheet, number: int, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """A line or a part of it, with what the names of endpoints are made of."""
    told: list[Token] = []
    for match in ENDPOINT.finditer(sheet.lines[number - 1][:end], start):
        told.append(Token(*match.span("hash"), Meaning("name", "endpoint chain")))
        told.append(Token(*match.span("address"), Meaning("name", "address")))
    return sheet.line(number, told, start, end)


KIND = Nft()
