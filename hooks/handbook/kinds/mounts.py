"""Mounts: mount, /proc/mounts, findmnt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import Producer, producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.tree import Exact, Line, Node, Ordered, Unordered

FILE = re.compile(r"/proc/(?:[^/\s]+/)?mount(?:s|info)|/etc/mtab")
SAID = re.compile(r"\S+ on (?P<target>\S+) type \S+ \((?P<options>[^)]*)\)")
STORED = re.compile(r"\S+ (?P<target>/\S*) \S+ (?P<options>\S+) \d+ \d+$")
FOUND = re.compile(r"[ │├└─|`-]*(?P<target>/\S*) +\S+ +\S+ +(?P<options>r[wo],\S+)\s*$")
DRAWN = re.compile(r"[ │|]*(?:[├└]─|[|`]-)")
OPTIONS = re.compile(r"(?:^|\s)(?P<options>r[wo],\S+)\s*$")
OPTION = re.compile(r"[^,]+")


class Mounts:
    """Mounts in any order, each with a set of options."""

    name = "mounts"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        if not made:
            return False
        source = made.fed_by or made if _is_target(made) else made
        reads = source.program in {"cat", "grep", "head", "tail", "cut"} and any(FILE.fullmatch(word) for word in source.words)
        lists = made.program == "mount" and not [word for word in made.operands if word.startswith("/")]
        return reads or lists or (made.program == "findmnt" and not made.has("-J", "--json"))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        read = _place if made and _is_target(made) else _mount
        return Unordered(tuple(node for number, text in sheet.filled() for node in read(sheet, number, text)))


def _is_target(made: Producer) -> bool:
    """Tell whether a command cuts out where file systems are mounted, and nothing else."""
    return made.program == "cut" and made.option("-f", "--fields") == "2"


def _place(sheet: Sheet, number: int, text: str) -> Iterator[Node]:
    """Where something is mounted, by name."""
    found = sheet.line(number)
    exact = all(isinstance(leaf, Exact) for line in found for leaf in line.leaves)
    yield Ordered(found, f"mount {text}" if exact else "")


def _mount(sheet: Sheet, number: int, text: str) -> Iterator[Node]:
    drawn = DRAWN.match(text)
    lead = drawn.end() if drawn else 0  # where a file system hangs, its own path says, too
    match = SAID.match(text) or STORED.match(text) or FOUND.match(text) or OPTIONS.search(text)
    if not match:
        yield from sheet.line(number, (), lead)
        return
    start, end = match.span("options")
    options = (line for found in OPTION.finditer(text, start, end) for line in sheet.line(number, (), *found.span()))
    before, behind = sheet.line(number, (), lead, start), sheet.line(number, (), end)
    target = _target(sheet, number, match)
    yield Ordered((*before, Unordered(tuple(options)), *behind), target)


def _target(sheet: Sheet, number: int, match: re.Match[str]) -> str:
    """What a mount is called; empty where its place holds a name that varies."""
    if "target" not in match.re.groupindex:
        return ""
    found: tuple[Line, ...] = sheet.line(number, (), *match.span("target"))
    exact = all(isinstance(leaf, Exact) for line in found for leaf in line.leaves)
    return f"mount {match['target']}" if exact else ""


KIND = Mounts()
