"""Which commands print tables, how their rows are cut, and whether the order of rows says anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from handbook.command_line import Producer
from handbook.structure.columns import Columns, aligned, barred, counted
from handbook.structure.table import IN_ORDER, Style

Reader = Callable[[str], Columns]
Found = tuple[Reader, Style] | None

OBJECTS = Style(is_sorted=False, keys=("NAMESPACE", "NAME", "CONTAINER", "KIND"))
BY_ID = Style(is_sorted=False)
EVENTS_IN_COLUMNS = Style(is_sorted=False, is_stream=True)
IMAGES = Style(is_sorted=False, keys=("REPOSITORY", "TAG", "REF"))
LISTING = re.compile(r"get|top|api-resources|rollout")
# What a kubectl prints instead of a table.
OTHER_OUTPUTS = re.compile(r"(?:json|yaml|kyaml|name|jsonpath|go-template|template)\b.*")
EVENTS = frozenset({"events", "event", "ev"})
SOCKET_LABELS = re.compile(r"(?:Local|Peer) Address:Port|\S+")
DOCKER_TABLES = {"ps": IN_ORDER, "top": IN_ORDER, "ls": BY_ID, "images": IMAGES, "history": IN_ORDER, "stats": BY_ID}
DOCKER_NOUNS = {"container": IN_ORDER, "image": IMAGES, "network": BY_ID, "volume": BY_ID}


def style_of(made: Producer) -> Found:
    """How a command's table is read; None where it prints none."""
    find = PROGRAMS.get(made.program)
    return find(made) if find else None


def _kubectl(made: Producer) -> Found:
    verb = next((word for word in made.operands if LISTING.fullmatch(word)), "")
    other = OTHER_OUTPUTS.fullmatch(made.option("-o", "--output"))
    if not verb or other or made.has("--no-headers", "-w", "--watch", "--raw", "-k"):
        return None
    if EVENTS & set(made.operands):
        return (aligned, EVENTS_IN_COLUMNS) if made.option("-o", "--output").startswith("custom-columns") else None
    if verb == "rollout":
        return (aligned, IN_ORDER) if "history" in made.operands else None
    return aligned, IN_ORDER if made.option("--sort-by") else OBJECTS


def _docker(made: Producer) -> Found:
    given = made.option("--format", "-f")
    if made.has("-q", "--quiet") or (given and not given.startswith("table")):
        return None
    first, second = (*made.operands, "", "")[:2]
    if first in DOCKER_NOUNS:
        style = DOCKER_NOUNS[first] if second in {"ls", "list"} else DOCKER_TABLES.get(second)
    else:
        style = DOCKER_TABLES.get(first)
    return (counted if first == "top" else aligned, style) if style else None


def _crictl(made: Producer) -> Found:
    listing = {"ps", "pods", "images", "stats", "statsp"} & set(made.operands[:1])
    return (aligned, BY_ID) if listing and not made.has("-o", "-q", "--output", "--quiet") else None


def _ctr(made: Producer) -> Found:
    return (aligned, BY_ID) if made.words[-1] in {"ls", "list"} and not made.has("-q") else None


def _etcdctl(made: Producer) -> Found:
    return (barred, IN_ORDER) if made.option("-w", "--write-out") == "table" else None


def _ps(made: Producer) -> Found:
    untitled = made.has("--no-headers") or any(word.endswith("=") for word in made.words)
    return None if untitled else (counted, IN_ORDER)


def _lsns(made: Producer) -> Found:
    return None if made.has("-n", "-J", "-r", "--noheadings", "--json") else (counted, BY_ID)


def _ss(made: Producer) -> Found:
    return None if made.has("-H", "-s") else (partial(counted, names=SOCKET_LABELS), BY_ID)


PROGRAMS: dict[str, Callable[[Producer], Found]] = {
    "kubectl": _kubectl,
    "docker": _docker,
    "nerdctl": _docker,
    "podman": _docker,
    "crictl": _crictl,
    "ctr": _ctr,
    "etcdctl": _etcdctl,
    "ps": _ps,
    "lsns": _lsns,
    "ss": _ss,
}
