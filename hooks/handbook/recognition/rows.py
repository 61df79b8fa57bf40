"""Lines of a known form: ``ls -l``, /proc files, progress meters."""

from __future__ import annotations

import re
from typing import NamedTuple

from handbook.recognition import checks
from handbook.recognition.checks import Meaning
from handbook.recognition.tokens import Token

COUNT = Meaning("noise", "count")
USAGE = Meaning("noise", "usage")
DIRECTORY = Meaning("noise", "size of a directory")
INDEX = Meaning("name", "interface index")
MOUNT = Meaning("name", "mount")
DEVICE = Meaning("name", "device")
HIERARCHY = Meaning("name", "hierarchy")
METER = Meaning("noise", "progress")
IPC = Meaning("name", "IPC id")
DIGITS = re.compile(r"\d+")


class Row(NamedTuple):
    """A form that a whole line can have.

    Parameters:
        starts: Characters that such a line can begin with.
        regex: The line; every group of it is a value.
        meanings: What the groups are.
    """

    starts: str
    regex: re.Pattern[str]
    meanings: tuple[Meaning, ...]


ROWS = (
    Row("d", re.compile(r"d[rwxsStT-]{9}[.+@]? +(\d+) +\S+ +\S+ +([\d.]+[KMG]?) "), (COUNT, DIRECTORY)),
    Row("t", re.compile(r"total ([\d.]+[KMG]?)$"), (COUNT,)),
    Row("123456789", re.compile(r"(\d+): [\w.@-]+(?:: <|\\? +(?:inet6?|link/))"), (INDEX,)),
    Row("123456789", re.compile(r"(\d+) (\d+) (\d+:\d+) /"), (MOUNT, MOUNT, DEVICE)),
    Row("0123456789", re.compile(r"(\d+):(?:[a-z_,]+|name=\w+)?:/"), (HIERARCHY,)),
    Row("sf", re.compile(r"(?:some|full) avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+) total=(\d+)"), (USAGE,) * 4),
    Row("VRHS", re.compile(r"(?:Vm|Rss|Hugetlb)\w+:\s+(\d+) kB$"), (USAGE,)),
    Row("MBCAIS", re.compile(r"(?:Mem(?:Free|Available)|Buffers|Cached|(?:A|Ina)ctive\S*|SwapFree|Slab):\s+(\d+) kB$"), (USAGE,)),
    Row("vn", re.compile(r"(?:non)?voluntary_ctxt_switches:\s+(\d+)$"), (COUNT,)),
    Row("FS", re.compile(r"(?:FDSize|SigQ):\s+([\d/]+)$"), (COUNT,)),
    Row(" \t", re.compile(r"\s+Memory: ([\d.]+[BKMGT].*)$"), (USAGE,)),
    Row(" \t", re.compile(r"\s+Tasks: (\d+(?: \(limit: \d+\))?)$"), (COUNT,)),
    Row(" \t", re.compile(r"\s+CPU: (.+)$"), (USAGE,)),
    Row(" 0123456789", re.compile(r"( *\d.*--:--:--.*)$"), (METER,)),
    Row("0", re.compile(r"0x[0-9a-f]{8} (\d+) +\S+ +\d{3} "), (IPC,)),
    Row("tui", re.compile(r"(?:tcp|udp|icmp|unknown) +\d+ +(\d+) "), (COUNT,)),
)
BY_START = {character: tuple(form for form in ROWS if character in form.starts) for form in ROWS for character in form.starts}
# Lines of /proc/PID/status that list one process in every PID namespace that it is in.
PROCESS_ROW = re.compile(r"(?:Tgid|Ngid|Pid|PPid|TracerPid|NS(?:tgid|pid|pgid|sid)):\s")


def row(line: str) -> list[Token]:
    """The values of a line that its whole form tells."""
    for form in BY_START.get(line[0], ()):
        if match := form.regex.match(line):
            pairs = ((match.span(group), meaning) for group, meaning in enumerate(form.meanings, 1))
            return [Token(*span, meaning) for span, meaning in pairs if not _constant(line, span, meaning)]
    if line[0] in "TNP" and PROCESS_ROW.match(line):
        return processes(line)
    return []


def processes(line: str) -> list[Token]:
    """Every number of a line, as the number of a process."""
    found = ((match.span(), checks.process(line, *match.span())) for match in DIGITS.finditer(line))
    return [Token(*span, meaning) for span, meaning in found if meaning and meaning != checks.EXACT]


def _constant(line: str, span: tuple[int, int], meaning: Meaning) -> bool:
    return (meaning, line[slice(*span)]) in {(INDEX, "1"), (HIERARCHY, "0")}
