"""Tables: what a cell is, told by the header above it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from handbook.recognition import checks
from handbook.recognition.checks import Meaning
from handbook.recognition.tokens import Token

AGE = Meaning("noise", "age")
USAGE = Meaning("noise", "usage")
SIZE = Meaning("shape", "size")
PROCESS = Meaning("name", "process")
NAMESPACE = Meaning("name", "namespace")
GIVEN_NAME = Meaning("name", "given name")
WHOLE_CELL = re.compile(r"\S+(?: \S+)*")
WORD = re.compile(r"[^\s│|]+")
# A size to the last byte, as of a file that somebody wrote: it is a lesson.
COUNTED_BYTES = re.compile(r"\d+B")
GIVEN = re.compile(r"[a-z]+_[a-z]+[0-9]?")
# How ps says when a process of another day began.
DAY = re.compile(r"[A-Z][a-z]{2}\d\d")

# Labels by what stands below them. A label stands alone: blanks, bars or the line's ends are around it.
LABELS = {
    PROCESS: ("PID", "PPID", "TGID", "PGID", "SID", "SPID", "LWP"),
    NAMESPACE: ("NS", "PNS", "MNTNS", "NETNS", "PIDNS", "USERNS", "UTSNS", "IPCNS", "CGROUPNS"),
    Meaning("name", "network namespace id"): ("NETNSID",),
    Meaning("name", "device"): ("MAJ:MIN",),
    GIVEN_NAME: ("NAMES",),
    Meaning("noise", "count"): ("NPROCS", "PIDS", "RAFT INDEX", "RAFT APPLIED INDEX"),
    AGE: (
        "AGE",
        "LAST SEEN",
        "LAST SCHEDULE",
        "DURATION",
        "FIRST SEEN",
        "CREATED",
        "CREATED AT",
        "TIME",
        "STIME",
        "START",
        "STARTED",
        "ELAPSED",
        "ETIME",
        "TOOK",
    ),
    USAGE: (
        "%CPU",
        "%MEM",
        "RSS",
        "VSZ",
        "SZ",
        "CPU %",
        "MEM USAGE",
        "MEM %",
        "NET I/O",
        "BLOCK I/O",
        "RES",
        "VIRT",
        "SHR",
        "TIME+",
        "C",
        "CPU(cores)",
        "CPU%",
        "CPU(%)",
        "MEMORY(bytes)",
        "MEMORY%",
        "MEMORY(%)",
    ),
    SIZE: ("SIZE", "DISK USAGE", "CONTENT SIZE", "DB SIZE", "IN USE"),
}
# Headers in small letters, whole, with the columns that vary.
SMALL_HEADERS = (
    (re.compile(r" *(?:num +)?(pkts) +(bytes) +target "), Meaning("noise", "counter")),
    (re.compile(r"#subsys_name\s+(hierarchy)\s+(num_cgroups)\s"), Meaning("noise", "count")),
    (re.compile(r"Filesystem +(1K-blocks|Size) +(Used) +(Avail\w*) +(Use%)"), USAGE),
    (re.compile(r"port no\s+mac addr\s+is local\?\s+(ageing timer)"), AGE),
    (re.compile(r" +(total) +(used) +(free) +(shared) +(buff/cache) +(available)"), USAGE),
    (re.compile(r" +[RT]X: *(bytes) +(packets) (?:.* (mcast)\b)?"), Meaning("noise", "counter")),
)
# Commands that print tables, their columns by number: those that ``-o`` names, or else the usual ones.
PS = r"(?<!docker )(?<!container )(?<!crictl )(?<!nerdctl )(?<!podman )\bps\b"
UNTITLED = (
    (re.compile(PS + r"[^|;&]*?\s-\w*o\s*(?P<fields>[\w%,=]+)"), ""),
    (re.compile(PS + r"\s+-\w*f\b(?P<fields>)"), "UID PID PPID C STIME TTY TIME CMD"),
    (re.compile(PS + r"\s+a?u?x?u\w*\b(?P<fields>)"), "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME"),
    (re.compile(PS + r"(?P<fields>)"), "PID TTY TIME CMD"),
    (re.compile(r"\blsns\b[^|;&]*?\s-\w*o\s*(?P<fields>[\w,]+)"), ""),
    (re.compile(r"\blsns\b(?P<fields>)"), "NS TYPE NPROCS PID USER COMMAND"),
)
FIELDS = {"pid=": "PID", "ppid=": "PPID", "pcpu": "%CPU", "pmem": "%MEM"}
TABS = re.compile(r"\t+")
CELL_LABELS = frozenset({"CREATED", "CREATED AT", "NET I/O", "BLOCK I/O", "DB SIZE", "IN USE"})
MEANINGS = {label: meaning for meaning, labels in LABELS.items() for label in labels}
KNOWN = re.compile(
    r"(?:(?<=[\s│|])|^)(?:" + "|".join(re.escape(label) for label in sorted(MEANINGS, key=len, reverse=True)) + r")(?=[\s│|]|$)"
)


class Column(NamedTuple):
    """A column whose cells vary.

    Parameters:
        start: Where its label begins.
        end: Where its label ends.
        meaning: What stands below it.
        cell: True where words of a cell are divided by single blanks.
        field: Which word of a row it is, where tabs divide them and columns do not tell; else None.
    """

    start: int
    end: int
    meaning: Meaning
    cell: bool = False
    field: int | None = None


def header(line: str) -> tuple[Column, ...]:
    """The columns that a line announces; none where it is no header."""
    if line == line.upper():
        return _capital_header(line)
    for regex, meaning in SMALL_HEADERS:
        if match := regex.match(line):
            spans = (match.span(group) for group in range(1, regex.groups + 1) if match[group])
            return tuple(Column(*span, meaning, field=_field(line, span)) for span in spans)
    return ()


def _capital_header(line: str) -> tuple[Column, ...]:
    if any(digit in line for digit in "0123456789"):
        return ()
    found = KNOWN.finditer(line)
    return tuple(Column(match.start(), match.end(), MEANINGS[match[0]], match[0] in CELL_LABELS) for match in found)


def _field(line: str, span: tuple[int, int]) -> int | None:
    return len(TABS.findall(line, 0, span[0])) if "\t" in line else None


@lru_cache(maxsize=4096)
def untitled(command: str) -> tuple[Column, ...]:
    """The columns of a table whose header the command does not print, or cuts off."""
    for regex, standard in UNTITLED:
        if match := regex.search(command):
            labels = (
                [FIELDS.get(name, name.upper()) for name in match["fields"].split(",")] if match["fields"] else standard.split()
            )
            pairs = ((field, MEANINGS.get(label)) for field, label in enumerate(labels))
            return tuple(Column(0, 0, meaning, field=field) for field, meaning in pairs if meaning)
    return ()


def cells(line: str, columns: tuple[Column, ...]) -> list[Token]:
    """The values of a row that are told by the header above it."""
    words = [match.span() for match in WORD.finditer(line)]
    found: list[Token] = []
    for column in columns:
        if column.field is not None:
            span = words[column.field] if column.field < len(words) else None
        else:
            span = next((span for span in words if span[0] < column.end and span[1] > column.start), None)
        if span and column.cell and (match := WHOLE_CELL.match(line, span[0])):
            span = match.span()
        meaning = _meaning(line, span, column.meaning) if span else None
        if span and meaning:
            found.append(Token(*span, meaning))
    return found


def cell_meaning(label: str, line: str, cell: tuple[int, int]) -> tuple[int, int, Meaning] | None:
    """What varies in a cell, and where in it: all of it, or its first word as in ``3.3MiB / 128MiB``.

    Parameters:
        label: The label above it.
        line: The row.
        cell: Where the cell stands.

    Returns:
        None where it does not have the form that its label promises.
    """
    start, end = cell
    known = KNOWN.match(label)
    if label == "NAME" or line[start] == "<" or not known:
        return None
    whole = label in CELL_LABELS
    first = WORD.match(line, start)
    span = (start, end if whole or not first else min(first.end(), end))
    meaning = _meaning(line, span, MEANINGS[known[0]])
    return (*span, meaning) if meaning else None


def _meaning(line: str, span: tuple[int, int], told: Meaning) -> Meaning | None:
    """What a cell is, where it has the form that its column promises."""
    text = line[slice(*span)]
    if told == GIVEN_NAME:
        return told if GIVEN.fullmatch(text) else None
    if not (text[0].isdigit() or (told == AGE and DAY.fullmatch(text))) or (told == SIZE and COUNTED_BYTES.fullmatch(text)):
        return None
    if told == PROCESS:
        process = checks.process(line, *span) if text.isdigit() else None
        return process if process != checks.EXACT else None
    return told
