"""systemd-cgls: the tree of control groups with their processes."""

from __future__ import annotations

import re

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.drawing import drawn
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Name, Node, Ordered, Unordered, leaves

CUT = re.compile(r"…\s*$")
COMMAND = re.compile(r"[ │├└─]*(?:\d+ )?(?=\S)")
WORD = re.compile(r"\S+")
PASSING = re.compile(r"\s*(?:/\S+/)?(?:ip6?tables\S*|nft|conntrack)(?:\s|$)")  # what kube-proxy runs for a moment now and then
KEPT = 60  # columns of a command that are looked at where the line was cut: where exactly depends on the digits of its process


class SystemdCgls:
    """Nested groups; which branch is drawn first says nothing, and where a line is cut depends on the width."""

    name = "systemd_cgls"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in {"systemd-cgls", "pstree"} and not made.is_cut)

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        lines = ((text, line) for number, text in sheet.filled() for line in sheet.line(number, _cut_off(text)))
        return Ordered(tuple(_once(tree) for tree in drawn(lines)))


def _cut_off(text: str) -> tuple[Token, ...]:
    """The end of a line that was cut, from the first word that would not fit into any."""
    if not CUT.search(text):
        return ()
    command = COMMAND.match(text)
    start = command.end() if command else 0
    words = [match.span() for match in WORD.finditer(text, start)]
    first = next((low for low, high in words[:-1] if high > start + KEPT), words[-1][0])
    return (Token(first, len(text), Meaning("noise", "cut off")),)


def _once(node: Node) -> Node:
    """A tree in which processes of one group that run the same command stand once, and those that only pass do not stand.

    How many workers there are is chance, and so is who was seen.
    """
    if not isinstance(node, Ordered | Unordered):
        return node
    children = tuple(map(_once, node.children))
    if isinstance(node, Unordered):
        seen: dict[object, Node] = {}
        for number, child in enumerate(children):
            command = _command(child)
            if not (command and PASSING.match(command[0])):
                seen.setdefault(command or number, child)
        children = tuple(seen.values())
    return node._replace(children=children)


def _command(node: Node) -> tuple[str, ...]:
    """The command of a process; nothing for a group."""
    if any(isinstance(child, Unordered) for child in getattr(node, "children", ())):
        return ()
    found = list(leaves(node))
    is_process = bool(found) and isinstance(found[0], Name) and found[0].role.startswith("process")
    return tuple(leaf.text for leaf in found[1:]) if is_process else ()


KIND = SystemdCgls()
