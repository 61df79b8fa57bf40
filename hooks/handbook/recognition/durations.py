"""Durations: those that somebody set are lessons, and those that were measured are noise; what stands before one tells."""

from __future__ import annotations

import re

from handbook.quantities import duration
from handbook.recognition.checks import Meaning

MEASURED = Meaning("noise", "duration")
SET = Meaning("duration")
# Forms that what was measured has in running text: a single 5s or 3h may be anything there.
FINE = re.compile(r".*(?:\dm[\d.]+s|\.\d+ ?s(?:ec(?:ond)?s?)?|\d ?[nuµm]s)")
# Names of what is measured, in fields and in logs; all others are names of settings.
MEASURES = re.compile(
    r"(?:real|user|sys|time|time_\w+|duration|age|latency|rtt|lag|min|max|avg|mean|mdev|p\d+"
    r"|(?:\w*[_ -])?(?:took|elapsed|uptime|spent|taken)(?:[_ -]\w*)*)",
    re.IGNORECASE,
)
NAME = r"[\w.-]+"
BEFORE = re.compile(
    rf"(?:--{NAME}[= ][\"']?"  # a flag, whatever it is called
    rf"|(?P<equated>{NAME})=[\"']?|\"(?P<key>{NAME})\": ?\"?|^\s*(?:- )?(?P<field>[a-z]{NAME}): +[\"']?"
    r"|\b(?:\w+_)?(?:delay(?: +\d\S*)?|timeout|interval|period|jitter|target|slack|lat|rto_min|[Ee]very) +)$"
)
LONGEST = 80  # characters in front of a duration that may tell what it is


def span(line: str, start: int, end: int) -> Meaning | None:
    """A duration in running text; None where it may be none."""
    if duration(line[start:end]) and _is_set(line, start, end):
        return SET
    return MEASURED if FINE.fullmatch(line, start, end) else None


def measures(name: str) -> bool:
    """Tell whether a field of this name says how long something took, or how old it is."""
    return bool(MEASURES.fullmatch(name))


def _is_set(line: str, start: int, end: int) -> bool:
    match = BEFORE.search(line, max(0, start - LONGEST), start)
    if not match or (match["field"] and line[end:].strip(" '\"")):
        return False
    name = match["equated"] or match["key"] or match["field"] or ""
    return match[0].startswith("--") or not measures(name)
