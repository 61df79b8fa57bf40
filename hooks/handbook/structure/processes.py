"""Processes of control groups as systemd draws them: a tree of groups, with the command of each process."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbook.recognition.checks import Meaning
from handbook.recognition.drawing import drawn
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Name, Node, Ordered, Unordered, leaves

CUT = re.compile(r"…\s*$")
COMMAND = re.compile(r"[ │├└─]*(?:\d+ )?(?=\S)")
WORD = re.compile(r"\S+")
PASSING = re.compile(r"\s*(?:/\S+/)?(?:ip6?tables\S*|nft|conntrack)(?:\s|$)")  # what kube-proxy runs for a moment now and then
KEPT = 60  # columns of a command that are looked at where the line was cut: where exactly depends on the digits of its process


def processes(sheet: Sheet, numbers: Iterable[int]) -> tuple[Node, ...]:
    """The trees that some lines draw, those of processes of one command once.

    Parameters:
        sheet: The output.
        numbers: Its lines, counted from 1.
    """
    texts = ((number, sheet.lines[number - 1]) for number in numbers)
    lines = ((text, line) for number, text in texts for line in sheet.line(number, _cut_off(text)))
    return _distinct(map(_once, drawn(lines)))


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
    children = map(_once, node.children)
    return node._replace(children=_distinct(children) if isinstance(node, Unordered) else tuple(children))


def _distinct(trees: Iterable[Node]) -> tuple[Node, ...]:
    """Trees that hang from one branch, without processes that say nothing."""
    seen: dict[object, Node] = {}
    for number, tree in enumerate(trees):
        command = _command(tree)
        if not (command and PASSING.match(command[0])):
            seen.setdefault(command or number, tree)
    return tuple(seen.values())


def _command(node: Node) -> tuple[str, ...]:
    """The command of a process; nothing for a group."""
    if any(isinstance(child, Unordered) for child in getattr(node, "children", ())):
        return ()
    found = list(leaves(node))
    is_process = bool(found) and isinstance(found[0], Name) and found[0].role.startswith("process")
    return tuple(leaf.text for leaf in found[1:]) if is_process else ()
