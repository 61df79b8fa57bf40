"""Files of control groups, of both versions, and which controllers there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.fields import fields, lines
from handbook.tree import Node, Ordered, Unordered

READERS = frozenset({"cat", "head", "tail", "grep"})
CONTROLLERS = "cgroup|cpu|cpuacct|cpuset|io|memory|pids|hugetlb|blkio|devices|freezer|notify|rdma|misc"
# Below its usual place every file is one; elsewhere, as behind $CG, its name tells.
FILE = re.compile(
    rf"(?:/sys/fs/cgroup/\S*?/?((?:{CONTROLLERS})[._]\S+|tasks)|(?:\S*/)?((?:{CONTROLLERS})\.(?!ya?ml$|json$|md$|txt$|py$|sh$)[a-z_.]+))$"
)
LIST = "/proc/cgroups"
LISTED = re.compile(r"(\w+)\t(\d+)\t(\d+)\t([01])$")
UNMOUNTED = "0"
KEYED = re.compile(r"([a-z_0-9.]+) (-?\d+|max)$")
WORDS = re.compile(r"\S+")
SETS = frozenset({"cgroup.controllers", "cgroup.subtree_control"})


class CgroupFiles:
    """One value; keys with values in any order, since kernels add some; sets of controllers; lists of processes."""

    name = "cgroup_files"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in READERS and (_files(made.operands) or LIST in made.operands))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        numbers = [number for number, _ in sheet.filled()]
        names = _files(made.operands) if made else ()
        if made and LIST in made.operands:
            return Unordered(tuple(node for number in numbers for node in _controller(sheet, number)))
        if len(names) == 1 and names[0] in SETS:
            words = ((number, match) for number in numbers for match in WORDS.finditer(sheet.lines[number - 1]))
            return Unordered(tuple(line for number, match in words for line in sheet.line(number, (), *match.span())))
        if len(names) == 1 and all(KEYED.match(sheet.lines[number - 1]) for number in numbers):
            return fields(sheet, numbers, KEYED, "key")
        return Ordered(lines(sheet, numbers))


def _files(words: Sequence[str]) -> tuple[str, ...]:
    """The names of the control group files among a command's words."""
    return tuple(match[1] or match[2] for word in words if (match := FILE.match(word)))


def _controller(sheet: Sheet, number: int) -> Sequence[Node]:
    """A line of ``/proc/cgroups``: a controller, its hierarchy, how many groups it has, and whether it is enabled.

    Which hierarchy it is the order of mounts decided; that it is none of version 1 is a lesson.
    """
    match = LISTED.match(sheet.lines[number - 1])
    if not match:
        return sheet.line(number)
    told = [Token(*match.span(group), Meaning("noise", "count")) for group in (2, 3) if match[group] != UNMOUNTED]
    return [Ordered(sheet.line(number, told), f"controller {match[1]}")]


KIND = CgroupFiles()
