"""Lists of keys: etcdctl ``--keys-only``, and ``ls`` of its second version; keys that were cut and folded, too."""

from __future__ import annotations

from handbook.command_line import Producer, producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.columns import WORD
from handbook.tree import Exact, Node, Ordered, Unordered

SHAPERS = frozenset({"cut", "paste", "fold", "sed"})


class EtcdKeys:
    """Keys in any order: they are sorted by bytes, and some hold names that vary."""

    name = "etcd_keys"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        while made and made.program in SHAPERS and made.fed_by:
            made = made.fed_by
        return bool(made and _lists(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        if made and made.program == "fold":  # where a line ends says nothing
            words = ((number, match) for number, text in sheet.filled() for match in WORD.finditer(text))
            return Unordered(tuple(_key(sheet, number, *match.span()) for number, match in words))
        return Unordered(tuple(_key(sheet, number, 0, len(text)) for number, text in sheet.filled()))


def _key(sheet: Sheet, number: int, start: int, end: int) -> Node:
    """A key, by its name unless that varies."""
    found = sheet.line(number, (), start, end)
    exact = all(isinstance(leaf, Exact) for line in found for leaf in line.leaves)
    return Ordered(found, f"key {sheet.lines[number - 1][start:end]}" if exact else "")


def _lists(made: Producer) -> bool:
    if made.program != "etcdctl" or made.option("-w", "--write-out"):
        return False
    return made.has("--keys-only") or made.begins("etcdctl", "ls")


KIND = EtcdKeys()
