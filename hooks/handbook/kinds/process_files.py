"""Files of /proc/PID: status, cgroup, ns, limits, uid_map."""

from __future__ import annotations

import re

from handbook.command_line import producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.fields import fields, lines
from handbook.tree import Node, Ordered, Unordered

READERS = frozenset({"cat", "grep", "head", "tail", "cut"})
FILE = re.compile(r"/proc/[^/\s]+/(status|cgroup|comm|limits|uid_map|gid_map|setgroups|environ|io|sched|timens_offsets|oom_\w+)$")
NAMESPACE = re.compile(r"/proc/[^/\s]+/ns/\S+$")
GROUP = re.compile(r"(?:\d+:)?([\w,=]*):/")
STATUS = re.compile(r"(\w+):\s+(.*)$")


class ProcessFiles:
    """Fields of ``status`` by name, control groups by controller, namespaces and other files line by line."""

    name = "process_files"

    def chooses(self, command: str) -> bool:
        return bool(_file(command))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        numbers = [number for number, _ in sheet.filled()]
        match _file(context.command):
            case "status":
                return fields(sheet, numbers, STATUS, "field")
            case "cgroup":
                # Controllers are listed in the order of hierarchies, which the machine's first mounts decided.
                return Unordered(tuple(node for number in numbers for node in _membership(sheet, number)))
        return Ordered(lines(sheet, numbers))


def _file(command: str) -> str:
    """Which one sort of file a command reads; empty where it is none or several."""
    made = producer(command)
    if made and made.program == "readlink" and any(NAMESPACE.match(word) for word in made.operands):
        return "ns"
    if not made or made.program not in READERS:
        return ""
    found = [match[1] for word in made.operands if (match := FILE.match(word))]
    return found[0] if len(found) == 1 else ""


def _membership(sheet: Sheet, number: int) -> tuple[Node, ...]:
    """A line that says which group of a hierarchy a process is in; the hierarchy of version 2 has no controllers in it."""
    match = GROUP.match(sheet.lines[number - 1])
    line = sheet.line(number)
    return (Ordered(line, f"hierarchy {match[1] or 'unified'}"),) if match else line


KIND = ProcessFiles()
