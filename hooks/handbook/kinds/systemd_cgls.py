"""systemd-cgls: the tree of control groups with their processes."""

from __future__ import annotations

from handbook.command_line import producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.processes import processes
from handbook.tree import Node, Ordered


class SystemdCgls:
    """Nested groups; which branch is drawn first says nothing, and where a line is cut depends on the width."""

    name = "systemd_cgls"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in {"systemd-cgls", "pstree"} and not made.is_cut)

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        return Ordered(processes(sheet, [number for number, _ in sheet.filled()]))


KIND = SystemdCgls()
