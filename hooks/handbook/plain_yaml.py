"""The plain YAML that recordings are written in, read several times as fast as a YAML parser can.

Recordings are most of what a build or a replay reads. What is not plain is left to a whole parser: the answer is the same or none.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

LINE = re.compile(r"( *)(- )?(?:([A-Za-z_][\w-]*):(?: (.*))?|(.*))\n")
LITERAL = re.compile(r"\|(2?)([-+]?)")
BLANKS = re.compile(r"(?: *\n)*( *)")
# Line ends and marks that YAML knows, and what it forbids; we never write them as they are.
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Everything that could be something else than text, or the begin of something else, in some version of YAML.
SPECIAL = re.compile(
    r"""[\s,\[\]{}#&*!|>'"%@`~?:.=<]|-\s|-$|[-+]?[\d.][\d_.:eExXoO+-]*$|(?i:null|true|false|yes|no|on|off|y|n)$|.*(?:\s$|:$|:\s|\s\#)"""
)
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _NotPlain(Exception):
    """Something that only a whole parser may judge."""


def read_plain(text: str) -> Any:
    """Read a YAML document; None where it holds anything but block mappings, block sequences, literal blocks and simple scalars."""
    if not text.endswith("\n") or STRANGE.search(text):
        return None
    try:
        value, position = _block(text, 0, 0)
    except (_NotPlain, ValueError):
        return None
    return value if position == len(text) else None


def _line(text: str, position: int) -> re.Match[str]:
    match = LINE.match(text, position)
    if match is None:
        raise _NotPlain
    return match


def _block(text: str, position: int, indent: int) -> tuple[Any, int]:
    match = _line(text, position)
    if len(match[1]) != indent:
        raise _NotPlain
    return _sequence(text, position, indent) if match[2] else _mapping(text, position, indent, indent)


def _sequence(text: str, position: int, indent: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    item: Any
    while position < len(text):
        match = _line(text, position)
        if len(match[1]) != indent or not match[2]:
            break
        if match[3]:
            item, position = _mapping(text, position, indent, indent + 2)
        else:
            item, position = _scalar(match[5]), match.end()
        items.append(item)
    _no_deeper(text, position, indent)
    return items, position


def _mapping(text: str, position: int, first: int, indent: int) -> tuple[dict[str, Any], int]:
    """Read a mapping whose first key may stand behind the dash of a sequence: then its line is indented less."""
    found: dict[str, Any] = {}
    expected = first
    while position < len(text):
        match = _line(text, position)
        if len(match[1]) != expected or (match[2] and expected == indent):
            break
        if not match[3] or match[3] in found:
            raise _NotPlain
        found[match[3]], position = _value(text, match, indent)
        expected = indent
    _no_deeper(text, position, indent)
    return found, position


def _no_deeper(text: str, position: int, indent: int) -> None:
    """A line that is indented more would continue the value before it."""
    if position < len(text) and len(_line(text, position)[1]) > indent:
        raise _NotPlain


def _value(text: str, match: re.Match[str], indent: int) -> tuple[Any, int]:
    written = match[4]
    if not written:
        deeper = len(_line(text, match.end())[1])
        if deeper <= indent:
            raise _NotPlain
        return _block(text, match.end(), deeper)
    if written[0] == "|":
        return _literal(text, match, indent + 2)
    return _scalar(written), match.end()


def _literal(text: str, match: re.Match[str], indent: int) -> tuple[str, int]:
    header = LITERAL.fullmatch(match[4])
    blanks = BLANKS.match(text, match.end())
    if header is None or blanks is None or (not header[1] and len(blanks[1]) != indent):
        raise _NotPlain
    lines = _lines_of(indent).match(text, match.end())
    assert lines is not None  # the pattern matches the empty string
    margin = " " * indent
    body = lines[0].replace(f"\n{margin}", "\n").removeprefix(margin)
    content = body.rstrip("\n")
    if not content or (header[1] and lines.end() < len(text) and len(_line(text, lines.end())[1]) >= indent):
        raise _NotPlain
    ends = {"-": "", "": "\n", "+": body[len(content) :]}[header[2]]
    return content + ends, lines.end()


@cache
def _lines_of(indent: int) -> re.Pattern[str]:
    """The lines of a literal block; a blank line holds nothing, or is indented like the others."""
    return re.compile(f"(?: {{{indent}}}.*\n|\n)*")


def _scalar(text: str) -> str:
    if NUMBER.fullmatch(text):
        return text
    if text.startswith('"') and not ESCAPED_SURROGATE.search(text):
        return str(json.loads(text))
    if not text or SPECIAL.match(text):
        raise _NotPlain
    return text
