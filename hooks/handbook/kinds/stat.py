"""stat: what a file is, by the directives of its format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import Producer, producer
from handbook.recognition import checks
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.fields import lines
from handbook.tree import Node, Ordered

DIRECTIVE = re.compile(r"%[-#+ 0.\d]*(?:[HL][rd]|[A-Za-z%])")
DATE, USAGE, SIZE = Meaning("noise", "date"), Meaning("noise", "usage"), Meaning("noise", "size of a directory")
FILE = {
    "i": Meaning("name", "inode"),
    **dict.fromkeys("WXYZ", DATE),
    **dict.fromkeys("dD", Meaning("name", "device")),
    "h": Meaning("noise", "count"),
    "s": SIZE,
    **dict.fromkeys("bB", SIZE),
}
OF_DIRECTORIES = frozenset("hsbB")  # of other files they are what somebody wrote
FILE_SYSTEM = {"i": Meaning("name", "file system"), **dict.fromkeys("abcdf", USAGE)}
DIRECTORY = re.compile(r"\bdirectory\b|\bd[rwxsStT-]{9}\b")


class Stat:
    """Inodes and devices are names, times are noise, everything else about a file is a lesson."""

    name = "stat"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program == "stat")

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        form = _form(made) if made else ""
        if not form:
            return Ordered(lines(sheet, [number for number, _ in sheet.filled()]))
        pattern, letters = _pattern(form)
        meanings = FILE_SYSTEM if made and made.has("-f", "--file-system") else FILE
        read = (sheet.line(number, list(_told(text, pattern, letters, meanings))) for number, text in sheet.filled())
        return Ordered(tuple(line for found in read for line in found))


def _form(made: Producer) -> str:
    """The format that is asked for; empty for the usual one."""
    given = made.option("-c", "--format", "--printf")
    return given.removesuffix("\\n")


def _pattern(form: str) -> tuple[re.Pattern[str], str]:
    """A line of that format, with a group for each directive, and the letters of the directives."""
    letters, parts, position = "", [], 0
    for match in DIRECTIVE.finditer(form):
        letters += match[0][-1]
        parts += [re.escape(form[position : match.start()]), "(.*?)"]
        position = match.end()
    return re.compile("".join([*parts, re.escape(form[position:]), "$"])), letters


def _told(text: str, pattern: re.Pattern[str], letters: str, meanings: dict[str, Meaning]) -> Iterator[Token]:
    match = pattern.match(text)
    for group, letter in enumerate(letters if match else "", 1):
        meaning = meanings.get(letter)
        if not match or not meaning or not match[group].isdigit():
            continue
        if meanings is FILE and letter in OF_DIRECTORIES and not DIRECTORY.search(text):
            continue
        span = match.span(group)
        number = (_namespace(text, *span) or checks.number(text, *span)) if letter == "i" else None
        yield Token(*span, number or meaning)


def _namespace(text: str, start: int, end: int) -> Meaning | None:
    """The number of a namespace, told by what stands before it: ``net:[4026531840]``."""
    behind_name = re.search(r"[a-z_]:\[$", text[:start])
    return checks.inode(text, start, end) if behind_name else None


KIND = Stat()
