"""Contradictions: names and numbers in one output that do not follow from each other as they must."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.computed.control_groups import LEVELS, pod_path
from handbook.computed.known import NOTHING_KNOWN, Known
from handbook.computed.limits import beyond_limits
from handbook.computed.pods import misplaced
from handbook.computed.service_rules import wrong_rules
from handbook.drift import Change, Difference
from handbook.recording import RecordedStep
from handbook.tree import Place

TELLING = re.compile(r"KUBE-S|KUBE-EXT-|KUBE-FW-|kubepods|(?:service|external)-[A-Z2-7]{8}-|numgen random mod")
POD_SLICE = re.compile(r"/kubepods\S*?/?kubepods(?:-(?P<level>burstable|besteffort))?-pod(?P<hash>[0-9a-f_]{32,36})\.slice")
QUALITIES = {level: quality for quality, level in LEVELS.items()}


def contradictions(step: RecordedStep, known: Known = NOTHING_KNOWN) -> Iterator[Difference]:
    """What cannot be right in a step's output.

    Parameters:
        step: The step.
        known: What its chapter says.
    """
    yield from beyond_limits(step, known.limits)
    if not TELLING.search(step.output):
        return
    lines = step.output.split("\n")
    for number, line in enumerate(lines, 1):
        yield from _group(number, line)
        yield from misplaced(number, line, known.qualities)
    yield from wrong_rules(lines)


def _group(number: int, line: str) -> Iterator[Difference]:
    """A pod's slice lies in the slices of its quality of service."""
    if match := POD_SLICE.search(line):
        right = pod_path(match["hash"], QUALITIES[match["level"] or ""], "systemd")
        if not match[0].endswith(right):
            sentence = f"line {number}: the group {match[0]} is not where a pod of its quality of service is, {right}"
            yield Difference(Change.RELATION, sentence, None, Place(number, *match.span()))
