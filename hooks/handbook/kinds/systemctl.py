"""systemctl: list-units, status, show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handbook.command_line import Producer, producer
from handbook.kinds import Unreadable
from handbook.recognition.checks import EXACT, Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.columns import aligned
from handbook.structure.fields import fields, lines
from handbook.structure.processes import processes
from handbook.structure.table import Style, table
from handbook.tree import Node, Ordered, Unordered

UNITS = Style(is_sorted=False, keys=("UNIT", "UNIT FILE"))
PROPERTY = re.compile(r"(\w+)=(.*)$")
STATUS = re.compile(r"\s*([A-Z][A-Za-z ]*): (.*)$")
USAGE = frozenset({"Tasks", "Memory", "CPU", "IO", "IP", "Since", "Invocation", "Status"})
COUNT = re.compile(r"(\d+) (?:loaded units|unit files) listed")
DRAWN = re.compile(r"\s+[├└│][─\s]*")
DIGITS = re.compile(r"\d+")
LOGGED = re.compile(r"[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d ")


class Systemctl:
    """Units by name, properties by name; of a status what does not change by itself."""

    name = "systemctl"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and _verb(made) and not made.is_cut)

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        numbers = [number for number, _ in sheet.filled()]
        match _verb(made) if made else "":
            case "show" if made and made.has("--value"):
                return Ordered(lines(sheet, numbers))
            case "show":
                return fields(sheet, numbers, PROPERTY, "property")
            case "status":
                return Ordered(tuple(_status(sheet, numbers)))
        return _units(sheet, numbers)


def _verb(made: Producer) -> str:
    """What systemctl is asked for, as far as it is read here; empty for anything else."""
    if made.program != "systemctl" or made.option("-o", "--output") == "json":
        return ""
    verb = (*made.operands, "list-units")[0]
    return verb if verb in {"list-units", "list-unit-files", "status", "show"} else ""


def _units(sheet: Sheet, numbers: Sequence[int]) -> Node:
    """A table of units, and what stands below it."""
    header = next((number for number in numbers if sheet.lines[number - 1].split()[:1] == ["UNIT"]), None)
    if header is None:
        return Unordered(lines(sheet, numbers))  # without a legend
    blank = (number for number in range(header, len(sheet.lines)) if not sheet.lines[number].strip())
    end = next(blank, len(sheet.lines)) + 1
    rows = [number for number in numbers if header < number < end]
    if not rows:
        raise Unreadable("no unit stands below the header")
    columns = aligned(sheet.lines[header - 1], words="UNIT FILE" not in sheet.lines[header - 1])
    legend = tuple(line for number in numbers if number > end for line in sheet.line(number, _count(sheet.lines[number - 1])))
    return Ordered((table(sheet, header, columns, rows, UNITS), Ordered(legend, "legend")))


def _count(text: str) -> tuple[Token, ...]:
    """How many units there are: the table shows it better."""
    match = COUNT.match(text)
    return (Token(*match.span(1), Meaning("noise", "count")),) if match else ()


def _status(sheet: Sheet, numbers: Sequence[int]) -> Iterator[Node]:
    """The fields of a status, without its log."""
    field = ""
    in_group: list[int] = []
    for number in numbers:
        text = sheet.lines[number - 1]
        if LOGGED.match(text):
            continue
        if drawn := DRAWN.match(text):
            if field == "CGroup":
                in_group.append(number)
            else:
                yield from _drop_ins(sheet, number, drawn.end())
            continue
        match = STATUS.match(text)
        field = match[1] if match else field
        if not match:
            yield from sheet.line(number)
            continue
        told = [Token(*match.span(2), Meaning("noise", "usage"))] if match[1] in USAGE else []
        yield Ordered(sheet.line(number, told, *match.span(2)), f"field {match[1]}")
    yield Unordered(processes(sheet, in_group), "processes")


def _drop_ins(sheet: Sheet, number: int, start: int) -> Sequence[Node]:
    """Files beside that of a unit, without the branch before them; where their names begin with digits, those are no process."""
    digits = DIGITS.match(sheet.lines[number - 1], start)
    return sheet.line(number, [Token(*digits.span(), EXACT)] if digits else [], start)


KIND = Systemctl()
