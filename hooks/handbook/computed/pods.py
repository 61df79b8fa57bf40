"""Pods: where the control group of each must be, from its UID and its quality of service, which its chapter prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from handbook.computed.control_groups import LEVELS
from handbook.drift import Change, Difference
from handbook.tree import Place

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UID = r"[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}"
CLASS = re.compile(rf"\b(?:{'|'.join(LEVELS)})\b")
NAMED = re.compile(UID)
GROUP = re.compile(
    rf"kubepods(?:/(?P<level>burstable|besteffort))?/pod(?P<uid>{UID})"
    rf"|kubepods(?:-(?P<level_of_slice>burstable|besteffort))?-pod(?P<uid_of_slice>{UID})\.slice"
)


def qualities_of(outputs: Iterator[str]) -> Mapping[str, str]:
    """The quality of service of every pod that a chapter tells it of, by UID: in one line, or in an object of the API.

    Parameters:
        outputs: What the chapter's steps printed.
    """
    found: dict[str, str] = {}
    for output in outputs:
        if "qosClass" in output:
            found.update(_of_objects(output))
        if CLASS.search(output):
            found.update(pair for line in output.split("\n") for pair in _of_line(line))
    return found


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    uids, classes = NAMED.findall(line), CLASS.findall(line)
    if len(uids) == len(classes) == 1:
        yield uids[0], classes[0]


def _of_objects(output: str) -> Iterator[tuple[str, str]]:
    try:
        value: Any = json.loads(output) if output.lstrip().startswith("{") else yaml.load(output, Loader=LOADER)
    except (ValueError, yaml.YAMLError, RecursionError):
        return
    if isinstance(value, dict):
        for pod in value.get("items") or [value]:
            uid, quality = (pod.get("metadata") or {}).get("uid"), (pod.get("status") or {}).get("qosClass")
            if uid and quality in LEVELS:
                yield uid, quality


def misplaced(number: int, line: str, qualities: Mapping[str, str]) -> Iterator[Difference]:
    """Groups that are not below the group of their pod's quality of service.

    Parameters:
        number: Of the line, counted from 1.
        line: The line.
        qualities: What is known of pods.
    """
    for match in GROUP.finditer(line):
        uid = (match["uid"] or match["uid_of_slice"]).replace("_", "-")
        level, quality = match["level"] or match["level_of_slice"] or "", qualities.get(uid, "")
        if quality and LEVELS[quality] != level:
            where = f"below {level}" if level else "in no group of a quality of service"
            sentence = f"line {number}: the pod {uid} is {quality}, and its group {match[0]} is {where}"
            yield Difference(Change.RELATION, sentence, None, Place(number, *match.span()))
