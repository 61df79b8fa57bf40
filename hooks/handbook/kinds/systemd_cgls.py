"""systemd-cgls: the tree of control groups with their processes."""

from __future__ import annotations

import re

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.drawing import drawn
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Node, Ordered

CUT = re.compile(r"[^\s\w]*\w*…")


class SystemdCgls:
    """Nested groups; which branch is drawn first says nothing, and where a line is cut depends on the width."""

    name = "systemd_cgls"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in {"systemd-cgls", "pstree"} and not made.is_cut)

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        lines = ((text, line) for number, text in sheet.filled() for line in sheet.line(number, _cut_off(text)))
        return Ordered(tuple(drawn(lines)))


def _cut_off(text: str) -> tuple[Token, ...]:
    """The end of a line that was cut, with what is left of its last word."""
    match = CUT.search(text)
    return (Token(*match.span(), Meaning("noise", "cut off")),) if match else ()


KIND = SystemdCgls()
