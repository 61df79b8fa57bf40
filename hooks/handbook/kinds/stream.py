"""Streams: rollout status, watches, events. Only how they end can be relied on, not the steps on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import Producer, producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.columns import WORD
from handbook.structure.events import came_by_chance
from handbook.tree import Node, Ordered, Unordered

# What kubectl says while it waits; other words are news.
WAITING = re.compile(
    r"Waiting for (?:deployment|daemon set|statefulset) (?:\"\S+\" rollout to finish: |spec update to be observed)"
    r"(?:\d+ out of \d+ new (?:replicas|pods) have been updated|\d+ old replicas are pending termination"
    r"|\d+ of \d+ updated (?:replicas|pods) are available)?\.\.\.$"
    r"|Waiting for \d+ pods to be ready\.\.\.$"
    r"|Waiting for (?:partitioned roll out|statefulset rolling update) to (?:finish|complete).*\.\.\.$"
)
EVENT = re.compile(r"(?:\S+ +)?(?:<\w+>|\d[\dsmhdy]*|<invalid>)(?: \(x\d+ over \S+\))? +(Normal|Warning) +(\S+) +(\w+)/")


class Stream:
    """The end of a rollout; the last line of each watched object; the reasons of events."""

    name = "stream"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program == "kubectl" and not _is_format(made) and _sort(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        match _sort(made) if made else "":
            case "rollout":
                return Ordered(tuple(_end(sheet)))
            case "watch":
                return Unordered(tuple(_last_lines(sheet)))
        return Unordered(tuple(_reasons(sheet)))


def _is_format(made: Producer) -> bool:
    return made.option("-o", "--output") not in {"", "wide"}


def _sort(made: Producer) -> str:
    """Which stream a command prints; empty for none."""
    operands = made.operands
    if "rollout" in operands and "status" in operands:
        return "rollout"
    if "get" in operands and made.has("-w", "--watch"):
        return "watch"
    return "events" if {"events", "event", "ev"} & set(operands) and ({"get"} & set(operands) or "events" in operands[:1]) else ""


def _end(sheet: Sheet) -> Iterator[Node]:
    for number, text in sheet.filled():
        if not WAITING.match(text):
            yield from sheet.line(number)


def _last_lines(sheet: Sheet) -> Iterator[Node]:
    """The last line of each object, which its first word names."""
    last = {match[0]: number for number, text in sheet.filled() if (match := WORD.search(text))}
    return (line for number in last.values() for line in sheet.line(number))


def _reasons(sheet: Sheet) -> Iterator[Node]:
    """The reasons of events, each once for each sort of object: how often and in which order they came is chance."""
    seen: set[tuple[str, ...]] = set()
    for number, text in sheet.filled():
        match = EVENT.match(text)
        if not match:
            yield from sheet.line(number)
        elif match.groups() not in seen and not came_by_chance(text):
            seen.add(match.groups())
            yield Ordered(sheet.line(number, (), match.start(1), match.end(3)), f"event {match[2]} of a {match[3]}")


KIND = Stream()
