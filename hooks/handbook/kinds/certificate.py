"""Certificates: openssl x509, and PEM as it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Node, Ordered

# The last line of a number may be as short as a byte: of a key of 2048 bits two are left.
MATERIAL = re.compile(
    r"\s*((?:[0-9a-fA-F]{2}:){3,}(?:[0-9a-fA-F]{2})?|(?<=\s{8})[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})*|[A-Za-z0-9+/]{40,}={0,2})\s*$"
)
VALUE = re.compile(r"(?:serial=|Serial Number: ?|notBefore=|notAfter=|[Ff]ingerprint=|Not (?:Before|After ?): )(.+)$")


class Certificate:
    """Subjects and extensions are exact; numbers, dates, keys and signatures are new in every certificate."""

    name = "certificate"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        if not made:
            return False
        shown = made.program == "openssl" and bool({"x509", "s_client", "verify"} & set(made.operands[:1]))
        return shown or (made.program in {"cat", "head"} and made.words[-1].endswith((".crt", ".pem")))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        return Ordered(tuple(line for number, text in sheet.filled() for line in sheet.line(number, tuple(_told(text)))))


def _told(text: str) -> Iterator[Token]:
    if match := MATERIAL.match(text) or VALUE.search(text):
        yield Token(*match.span(1), Meaning("noise", "key material"))


KIND = Certificate()
