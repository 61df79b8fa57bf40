"""ping: who answered, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Node, Ordered

HOPS = re.compile(r"\bttl=(\d+)")
TIME = re.compile(r"(?<=, )time \d+ms\s*$")


class Ping:
    """Replies in order; how far away the other end is, and how long a reply took, is chance."""

    name = "ping"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in {"ping", "ping6"})

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        return Ordered(tuple(line for number, text in sheet.filled() for line in sheet.line(number, tuple(_told(text)))))


def _told(text: str) -> Iterator[Token]:
    if match := HOPS.search(text):
        yield Token(*match.span(1), Meaning("noise", "hops"))
    if match := TIME.search(text):
        yield Token(*match.span(), Meaning("noise", "duration"))


KIND = Ping()
