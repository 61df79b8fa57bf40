"""Templates and paths: ``-o jsonpath``, ``-o go-template``, ``--format``, jq -r."""

from __future__ import annotations

from handbook.command_line import Producer, producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.columns import WORD
from handbook.structure.fields import lines
from handbook.tree import Node, Ordered, Unordered

EACH = ("items[*]", "range .items", "items[]", "range.items", "endpoints[]", "sort_by(")
FORMATTING = frozenset({"docker", "crictl", "nerdctl", "podman"})


class Template:
    """Lines in order; what is printed for each object of a list has none, since names decide it."""

    name = "template"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and _expression(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        numbers = [number for number, _ in sheet.filled()]
        if not made or not any(word in _expression(made) for word in EACH):
            return Ordered(lines(sheet, numbers))
        if len(numbers) == 1:
            words = WORD.finditer(sheet.lines[numbers[0] - 1])
            return Unordered(tuple(line for match in words for line in sheet.line(numbers[0], (), *match.span())))
        return Unordered(lines(sheet, numbers))


def _expression(made: Producer) -> str:
    """The template of a command; empty where it has none, or one that prints a table or JSON."""
    if made.program == "jq":
        return made.operands[0] if made.operands and made.has("-r", "-j", "--raw-output", "--join-output") else ""
    if made.program == "kubectl":
        given = made.option("-o", "--output")
        return given if given.startswith(("jsonpath", "go-template", "template")) else ""
    if made.program in FORMATTING:
        given = made.option("-f", "--format", "--template")
        return given if "{{" in given and not given.startswith("table") and "{{json" not in given.replace(" ", "") else ""
    return ""


KIND = Template()
