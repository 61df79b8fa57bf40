"""Files of control groups, of both versions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbook.command_line import producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.fields import fields, lines
from handbook.tree import Node, Ordered, Unordered

READERS = frozenset({"cat", "head", "grep"})
CONTROLLERS = "cgroup|cpu|cpuacct|cpuset|io|memory|pids|hugetlb|blkio|devices|freezer|notify|rdma|misc"
FILE = re.compile(rf"/sys/fs/cgroup/\S*?/?((?:{CONTROLLERS})[._]\S+|tasks)$")
KEYED = re.compile(r"([a-z_0-9.]+) (-?\d+|max)$")
WORDS = re.compile(r"\S+")
SETS = frozenset({"cgroup.controllers", "cgroup.subtree_control"})


class CgroupFiles:
    """One value; keys with values in any order, since kernels add some; sets of controllers; lists of processes."""

    name = "cgroup_files"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in READERS and _files(made.operands))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        numbers = [number for number, _ in sheet.filled()]
        names = _files(made.operands) if made else ()
        if len(names) == 1 and names[0] in SETS:
            words = ((number, match) for number in numbers for match in WORDS.finditer(sheet.lines[number - 1]))
            return Unordered(tuple(line for number, match in words for line in sheet.line(number, (), *match.span())))
        if len(names) == 1 and all(KEYED.match(sheet.lines[number - 1]) for number in numbers):
            return fields(sheet, numbers, KEYED, "key")
        return Ordered(lines(sheet, numbers))


def _files(words: Sequence[str]) -> tuple[str, ...]:
    """The names of the control group files among a command's words."""
    return tuple(match[1] for word in words if (match := FILE.match(word)))


KIND = CgroupFiles()
