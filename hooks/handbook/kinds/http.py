"""curl and wget: status, headers by name, and a body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbook.command_line import Producer, producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.document import NoDocument, json_parts, read_document
from handbook.structure.fields import lines
from handbook.tree import Node, Ordered, Unordered

CHATTER = re.compile(r"\* |\*$|[{}] \[\d+ bytes| *[\d%]+ .*--:--|  % Total")
STATUS = re.compile(r"[<>]? ?HTTP/[\d.]+ \d{3}|> [A-Z]+ \S+ HTTP/")
HEADER = re.compile(r"[<>]? ?([A-Za-z][\w-]*): (.*)$")
SERVER = re.compile(r"(?:audit-id|x-kubernetes-pf-\S+|etag|last-modified|date|user-agent)", re.IGNORECASE)


class Http:
    """Headers in any order, each by name; a body as JSON where it is that, else line by line."""

    name = "http"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        if not made:
            return False
        return (made.program == "curl" and not _is_measured(made)) or (made.program == "wget" and _is_printed(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        numbers = [number for number, text in sheet.filled() if not CHATTER.match(text)]
        heads = [number for number in numbers if _is_head(sheet.lines[number - 1], numbers, sheet)]
        body = [number for number in numbers if number not in set(heads)]
        return Ordered((*_headers(sheet, heads), *_body(sheet, output, body)))


def _is_measured(made: Producer) -> bool:
    """Tell whether what a command prints is only what it was asked to write out."""
    return bool(made.option("-w", "--write-out")) and bool(made.option("-o", "--output"))


def _is_printed(made: Producer) -> bool:
    """Tell whether wget writes what it gets to standard output: ``-O-``, ``-qO-``, ``-O -``."""
    return any(word.startswith("-") and word.endswith("O-") for word in made.words) or made.option("-O") == "-"


def _is_head(text: str, numbers: Sequence[int], sheet: Sheet) -> bool:
    if text.startswith(("< ", "> ")) or text.strip() in {"<", ">"}:
        return True
    begins = bool(numbers) and bool(STATUS.match(sheet.lines[numbers[0] - 1]))
    return begins and bool(STATUS.match(text) or HEADER.match(text))


def _headers(sheet: Sheet, numbers: Sequence[int]) -> tuple[Node, ...]:
    status = [number for number in numbers if STATUS.match(sheet.lines[number - 1])]
    fields = [number for number in numbers if number not in status and sheet.lines[number - 1].strip() not in {"<", ">"}]
    named = tuple(node for number in fields for node in _header(sheet, number))
    return (*lines(sheet, status), *((Unordered(named),) if named else ()))


def _header(sheet: Sheet, number: int) -> Sequence[Node]:
    match = HEADER.match(sheet.lines[number - 1])
    if not match:
        return sheet.line(number)
    told = [Token(*match.span(2), Meaning("noise", "header"))] if SERVER.fullmatch(match[1]) and match[2].strip() else []
    side = {"<": "response ", ">": "request "}.get(match[0][0], "")
    return [Ordered(sheet.line(number, told, *match.span(2)), f"{side}header {match[1].lower()}")]


def _body(sheet: Sheet, output: str, numbers: Sequence[int]) -> tuple[Node, ...]:
    if not numbers:
        return ()
    wanted = set(numbers)
    text = "\n".join(line if number in wanted else "" for number, line in enumerate(output.split("\n"), 1))
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return tuple(tree for part in json_parts(text) for tree in read_document(sheet, part))
        except NoDocument:
            pass  # a page is no worse for not being JSON
    return lines(sheet, numbers)


KIND = Http()
