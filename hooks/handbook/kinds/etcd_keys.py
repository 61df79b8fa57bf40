"""Lists of keys: etcdctl ``--keys-only``, and ``ls`` of its second version."""

from __future__ import annotations

from handbook.command_line import producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.fields import lines
from handbook.tree import Node, Unordered


class EtcdKeys:
    """Keys in any order: they are sorted by bytes, and some hold names that vary."""

    name = "etcd_keys"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        if not made or made.program != "etcdctl" or made.option("-w", "--write-out"):
            return False
        return made.has("--keys-only") or made.begins("etcdctl", "ls")

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        return Unordered(lines(sheet, [number for number, _ in sheet.filled()]))


KIND = EtcdKeys()
