"""Second looks at what a pattern found: constants are no names, and some numbers are told by what stands around them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import NamedTuple

LAST_PID = 4_194_304  # the kernel's own limit
FIRST_GIVEN_PORT = 30_000  # below it ports are chosen by people; NodePorts and ephemeral ports are given out
ADDRESS_BEFORE = re.compile(r"(?:\d\.\d{1,3}:|\]:|\*:|\d\.\d{1,3}\.)$")
CONSONANTS = frozenset({"https", "tmpfs", "btrfs", "grpcs", "xfrms", "brctl"})
GIVEN_PREFIX = re.compile(r"[23f][0-9a-f]{3}:")  # global, local and group addresses; all others are constants or no addresses
TREE_BEFORE = re.compile(r"[├└]─ *$")
VERSION_BEFORE = re.compile(r"(?:[vV-]|[A-Za-z]/|[Vv]ersions? )$")
NAMESPACES = frozenset({"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"})


class Meaning(NamedTuple):
    """What a value is.

    Parameters:
        leaf: ``exact``, ``name``, ``shape`` or ``noise``; ``duration`` for one that is exact in whatever units.
        what: The role of a name, the form of a shape, what a noise is.
    """

    leaf: str
    what: str = ""


EXACT = Meaning("exact")


def identifier(line: str, start: int, end: int) -> Meaning | None:
    """An id of hexadecimal digits: not a number, not all zeros."""
    text = line[start:end]
    if not text.strip("0-_"):
        return EXACT
    if text.isdigit() and end - start < 32:
        return Meaning("digits", "id")  # twelve decimal digits: an id only where ids are likely
    return Meaning("name", "id")


def universal(line: str, start: int, end: int) -> Meaning | None:
    """A UUID that is not the empty one."""
    return Meaning("name", "UUID") if line[start:end].strip("0-_") else EXACT


def address(line: str, start: int, end: int) -> Meaning | None:
    """An IPv4 address that somebody gave: not a version, not loopback, not a mask, not a group."""
    return None if VERSION_BEFORE.search(line, max(0, start - 9), start) else given_address(line, start, end)


def given_address(line: str, start: int, end: int) -> Meaning | None:
    """An IPv4 address where no version can stand: not loopback, not a mask, not a group."""
    first, *rest = map(int, line[start:end].split("."))
    if max(first, *rest) > 255:
        return None
    return EXACT if first in {0, 127} or first >= 224 else Meaning("name", "address")


def address6(line: str, start: int, end: int) -> Meaning | None:
    """An IPv6 address that somebody gave: not loopback, not a group, not a bare prefix."""
    text = line[start:end].lower()
    if not GIVEN_PREFIX.match(text):
        return None
    try:
        IPv6Address(text)
    except ValueError:
        return None
    group = text.startswith("ff0") and not text.startswith("ff02::1:ff")  # those end in the digits of one address
    return EXACT if group or text in {"fe80::", "fc00::", "fd00::"} else Meaning("name", "address")


def hardware(line: str, start: int, end: int) -> Meaning | None:
    """A MAC address of one card: not nobody's, everybody's or a group's."""
    text = line[start:end].lower()
    group = text.startswith(("01:00:5e:", "33:33:")) and not text.startswith("33:33:ff:")  # those end in the digits of one address
    constant = group or text in {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}
    return EXACT if constant else Meaning("name", "MAC address")


def process(line: str, start: int, end: int) -> Meaning | None:
    """A process id; 0 and 1 are the same process everywhere."""
    number = int(line[start:end])
    if number > LAST_PID:
        return None
    return EXACT if number <= 1 else Meaning("name", "process")


def interface_index(line: str, start: int, end: int) -> Meaning | None:
    """The number of an interface; 1 is always the loopback."""
    return EXACT if line[start:end] in {"0", "1"} else Meaning("name", "interface index")


def peer_index(line: str, start: int, end: int) -> Meaning | None:
    """The number behind ``@if``."""
    return interface_index(line, start, end) if line[start - 3 : start] == "@if" else None


def inode(line: str, start: int, _end: int) -> Meaning | None:
    """The number in ``net:[4026531840]``, ``socket:[12345]``."""
    word = re.search(r"[a-z_]+$", line[: start - 2])
    return Meaning("name", "namespace" if word and word[0] in NAMESPACES else "inode")


def port(line: str, start: int, end: int) -> Meaning | None:
    """A port that the system gave out."""
    return Meaning("name", "port") if FIRST_GIVEN_PORT <= int(line[start:end]) <= 65_535 else None


def template_hash(line: str, start: int, end: int) -> Meaning | None:
    """The hash of a pod's template in a name: behind a hyphen, not only digits."""
    behind_name = line[start - 1 : start] == "-" and line[start - 2 : start - 1].isalnum()
    return Meaning("name", "template hash") if behind_name and not line[start:end].isdigit() else None


def name_suffix(line: str, start: int, end: int) -> Meaning | None:
    """The last five letters of a generated name; words that happen to have none but such letters are none."""
    behind_name = line[start - 1 : start] == "-" and line[start - 2 : start - 1].isalnum()
    return Meaning("name", "name suffix") if behind_name and line[start:end] not in CONSONANTS else None


def endpoint(line: str, _start: int, _end: int) -> Meaning | None:
    """An endpoint behind a probability: which one it is cannot be told where the rest of its rule was cut off.

    The last endpoint has no probability, and which one is the last is a matter of addresses as text.
    """
    return Meaning("name", "endpoint with a probability" if line.startswith("--probability") else "endpoint chain")


def number(line: str, start: int, end: int) -> Meaning | None:
    """A number that is told by its neighbours."""
    before, behind = line[start - 1 : start], line[end : end + 2]
    if before == "[" and behind == "]:" and line[start - 2 : start - 1].isalnum():
        return process(line, start, end)
    if (before == "#" and behind[:1] == ":" and line[start - 2 : start - 1].isdigit()) or re.match(r"#\d+:", line[end:]):
        return process(line, start, end)
    if before in {"─", " "} and TREE_BEFORE.search(line, 0, start):
        return process(line, start, end)
    if before in {":", "."} and end - start == 5 and ADDRESS_BEFORE.search(line, 0, start):
        return port(line, start, end)
    if before == "-" and end - start == 5:
        return name_suffix(line, start, end) if not set(line[start:end]) & {"0", "1", "3"} else None
    return Meaning("name", "namespace") if end - start == 10 and line.startswith("402653", start) else None
