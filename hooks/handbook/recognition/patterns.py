"""How values look that running text shows by themselves: one list of patterns, tried in order at the beginning of every word."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from handbook.recognition import checks, durations
from handbook.recognition.checks import Meaning

DAY = "[FMSTW](?:on|ue|ed|hu|ri|at|un)"
MONTH = "[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)"
CLOCK = r"\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?"
ZONE = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?(?: UTC\b)?"
SPAN = r"(?:second|minute|hour|day|week|month|year)s?"
LONG = rf"[0-9AL](?:\d*|bout an?|ess than an?) {SPAN}"
SHORT = rf"\d+(?:us|ms|s|min|h|d|w|y|month| {SPAN})"
UNIT = "(?:[nuµm]s|[smhdw])"
HEX = "[0-9a-f]"
END = r"(?![0-9A-Za-z_])"


class Pattern(NamedTuple):
    """How one sort of value looks.

    Parameters:
        meaning: What a match is.
        regex: A regular expression with at most one group. Where it has one, that is the value, and the rest is what tells it. It
            should begin with a literal or a set of characters: then it costs next to nothing where it does not match.
        check: Looks again at the line and the value's bounds; returns what it is, or None where it is nothing.
    """

    meaning: Meaning
    regex: str
    check: Callable[[str, int, int], Meaning | None] | None = None


def _name(role: str, regex: str, check: Callable[[str, int, int], Meaning | None] | None = None) -> Pattern:
    return Pattern(Meaning("name", role), regex, check)


def _noise(what: str, *regexes: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(Meaning("noise", what), regex) for regex in regexes)


# The first moment that Go knows means never.
NEVER = (Pattern(checks.EXACT, rf"0001-01-01[T ]{CLOCK}{ZONE}"),)
DATES = _noise(
    "date",
    rf"\d{{4}}-\d\d-\d\d[T ]{CLOCK}{ZONE}",
    rf"{DAY} \d{{4}}-\d\d-\d\d {CLOCK}{ZONE}",
    rf"\d{{4}}/\d\d/\d\d {CLOCK}",
    rf"\d\d/{MONTH}/\d{{4}}:\d\d:\d\d:\d\d [+-]\d{{4}}",
    rf"{DAY}, \d\d? {MONTH} \d{{4}} {CLOCK}{ZONE}",
    rf"{DAY} {MONTH} [ \d]\d (?:{CLOCK}{ZONE}(?: \d{{4}}\b)?|\d{{4}}\b)",
    rf"{MONTH} [ \d]\d (?:{CLOCK}{ZONE}(?: \d{{4}}\b)?| ?\d{{4}}\b)",
    rf"\d\d? {MONTH} \d{{4}}(?: {CLOCK}{ZONE})?",
    rf"\d{{4}}-\d\d-\d\d{END}",
    r"\d\d?:\d\d:\d\d(?:[.,]\d+)?(?![\w:])",
)
DURATIONS = (
    *_noise("age", rf"{LONG} ago\b", rf"Up ({LONG})", rf"{SHORT}(?: {SHORT})* ago\b", r"\d+[smhdy][\dsmhdy]* ago\b"),
    *_noise("duration", r"\d+\.\d+(?:/\d+\.\d+){2,3} ms\b"),
    Pattern(durations.MEASURED, r"\d+\.\d+ ?s(?:ec(?:ond)?s?)?\b", durations.span),
    Pattern(durations.MEASURED, r"\d+(?:\.\d+)? ?[nuµm]s\b", durations.span),
    *_noise("duration", r"expires (\d\w*)"),
    *_noise("load", r"load average: ([\d., ]+)"),
)
IDS = (
    _name("id", rf"{HEX}{{64}}{END}", checks.identifier),
    _name("UUID", rf"{HEX}{{8}}(?:[-_]{HEX}{{4}}){{3}}[-_]{HEX}{{12}}{END}", checks.universal),
    _name("UUID", rf"pod({HEX}{{8}}(?:[-_]{HEX}{{4}}){{3}}[-_]{HEX}{{12}}){END}", checks.universal),
    # The holder of a lease is a host and a UUID.
    _name("UUID", rf"[a-z][0-9a-z.-]*_({HEX}{{8}}(?:-{HEX}{{4}}){{3}}-{HEX}{{12}}){END}", checks.universal),
    _name("id", rf"{HEX}{{32}}{END}", checks.identifier),
    _name("id", rf"pod({HEX}{{32}}){END}", checks.identifier),
    _name("id", rf"{HEX}{{12,13}}{END}", checks.identifier),
    _name("id", rf"{HEX}{{13,63}}(?=…)"),
    _name("id", rf"netns/({HEX}{{12}}){END}"),
    _name("id", r"ID: ([0-9A-Z]{4}(?::[0-9A-Z]{4}){11})"),
    _name("id", r"overlay2/([0-9a-z]{25})\b"),
    _name("layer link", r"[A-Z2-7]{26}(?![0-9A-Za-z])"),
    _name("lease", rf"lease ({HEX}{{16}}){END}"),
    _name("temporary name", r"tmp\.([0-9A-Za-z]{6,12})\b"),
    _name("temporary name", rf"\.#[a-z_-]+?({HEX}{{16}})\b"),
    _name("snapshot", r"snapshots/(\d+)/"),
)
NETWORK = (
    _name("MAC address", r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![:\w])", checks.hardware),
    _name("address", r"[0-9a-fA-F:]+:[0-9a-fA-F]*:[0-9a-fA-F:]*(?![\w:])", checks.address6),
    _name("address", r"Node: +[a-z0-9.-]+/(\d{1,3}(?:\.\d{1,3}){3})(?=\s|$)", checks.given_address),
    _name("address", r"\d{1,3}(?:\.\d{1,3}){3}(?![\w+~-]|\.\d{1,4}(?!\d))", checks.address),
    _name("interface", rf"veth{HEX}{{7,8}}{END}"),
    _name("interface index", r"if(\d+)\b", checks.peer_index),
    _name("network namespace id", r"link-netnsid (\d+)"),
    _name("network namespace id", r"\(id: (\d+)\)"),
    _name("port", r"[sd]port=(\d+)", checks.port),
    _name("port", r"[dst]pts?:(\d+)", checks.port),
    _name("port", r"[Pp]ort:? (\d+)", checks.port),
    _name("port", r'HostPort": "(\d+)', checks.port),
)
PROCESSES = (
    _name("process", r"[Pp]{1,2}[Ii][Dd]s?(?:\"?: ?\"?|=\"?| )(\d+)\b", checks.process),
    _name("process", r"[EM][A-Za-z]*PID=(\d+)", checks.process),
    _name("process", r"process (\d+)\b", checks.process),
    _name("process", r"Process: (\d+)\b", checks.process),
    _name("process", r"proc/(\d+)\b", checks.process),
    _name("inode", r"[a-z_]+:\[(\d+)\]", checks.inode),
    _name("terminal", r"pts/(\d+)\b"),
    _name("peer group", r"[sm](?:hared|aster):(\d+)"),
    _name("IPC id", r"[qSm](?:ueue|emaphore|emory) id: (\d+)"),
)
COUNTERS = (
    *_noise(
        "counter",
        r"packets (\d+)(?= bytes )",
        r"bytes (\d+)(?= |$)",
        r"\d+[KMGTP]? packets, \d+[KMGTP]? bytes",
        r"\[(\d+:\d+)\]",
        r"[saveid](?:eq|ck|al|cr|d) (\d{5,}(?::\d+)?)\b",
        r"code=\d id=(\d+)",
        r"fd=(\d+)\)",
        r"(?i:x-raft-index): (\d+)",
        r"(?i:raft_?(?:applied_?)?index)\"?: ?(\d+)",
        r"\[(\d+) bytes data\]",
    ),
    *_noise("uptime", r"up +((?:\d+ days?, +)?(?:\d+:\d\d|\d+ min)),"),
    *_noise("span", rf"spanID=({HEX}{{16}})\b"),
    *_noise("device", r"Device: (\S+)"),
    *_noise("inode", r"\(#(\d+)\)"),
    _name("inode", r"Inode: (\d+)"),
    *_noise("kernel time", r"\[( *\d+\.\d{6})\]"),
    *_noise("memory address", r"0x(?:0000)?(?:7[ef]|5[56])[0-9a-f]{10}\b"),
    *_noise("ETag", r"(?i:etag): (\S+)"),
    *_noise("descriptor", r"fd=(\d+,pgrp=\d+)", r"pipe_ino=(\d+)"),
    *_noise("handle", r"handle (\d+)"),
    Pattern(Meaning("shape", "share of the memory"), r"size=(\d+k,nr_inodes=\d+k?)"),
    Pattern(Meaning("shape", "size"), r"\(virtual (\d[\d.]*[kMGT]?B)\)"),
    Pattern(Meaning("shape", "size"), r"(?i:content-length): (\d+)"),
    Pattern(Meaning("shape", "size"), r"(?i:db_?size)\"?: ?(\d+)"),
    Pattern(Meaning("shape", "size"), r"[a-z_]+_size_(?:in_use_)?in_bytes (\d+)"),
)
# What Kubernetes makes up; its names are of letters that spell no words.
RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"
KUBERNETES = (
    _name("template hash", rf"pod-template-hash(?:=|\"?: \"?)({RANDOM}{{6,10}}){END}"),
    Pattern(Meaning("name", "endpoint chain"), r"--probability [\d.]+ -j KUBE-SEP-([A-Z2-7]{16})\b", checks.endpoint),
    _name("endpoint chain", r"KUBE-SEP-([A-Z2-7]{16})\b"),
    _name("endpoint chain", r"endpoint-[A-Z2-7]{8}-[^\s\"]+__[0-9.]+/\d+"),
    _name("pod chain", rf"CNI-({HEX}{{24}})\b"),
    _name("port", r"\d+:(\d+)/(?:TCP|UDP|SCTP)\b", checks.port),
    _name("port", r"[tus](?:cp|dp|ctp) \. (\d+)", checks.port),
    _name("port", r"\d+(?=/(?:TCP|UDP|SCTP)\b)", checks.port),
    *_noise("age", r"x(\d+) over \d+[smhd][\dsmhd]*"),
)
# Letters and digits of a generated name can spell a duration: 2m45s, 786ns.
SUFFIXES = (_name("name suffix", rf"[2456789](?<=[0-9a-z]-.){RANDOM}{{4}}(?![0-9A-Za-z-])", checks.name_suffix),)
# Behind ages, which begin like them; what stands behind the hyphen of a name is the end of it.
SPANS = (Pattern(durations.MEASURED, rf"\d(?<!\w-\d)\d*(?:\.\d+)?{UNIT}(?:\d+(?:\.\d+)?{UNIT})*{END}", durations.span),)
NUMBERS = (Pattern(Meaning("exact"), rf"\d+{END}", checks.number),)
# The last ones: a look at them would hide what else a word is.
GENERATED = (
    _name("template hash", rf"{RANDOM}{{8,10}}(?![0-9A-Za-z])", checks.template_hash),
    _name("name suffix", rf"{RANDOM}{{5}}(?![0-9A-Za-z-])", checks.name_suffix),
)
PATTERNS = (*NEVER, *DATES, *SUFFIXES, *DURATIONS, *KUBERNETES, *IDS, *NETWORK, *PROCESSES, *COUNTERS, *SPANS, *NUMBERS, *GENERATED)
