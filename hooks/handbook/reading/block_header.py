"""The header of a console block: ``{#id target=node when="cgroup == 2" .cleanup}``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handbook.condition import ALWAYS, GRAMMAR, Condition, ConditionError, parse_condition
from handbook.reading.console import Complain

ATTRIBUTE = re.compile(
    r"""\s*(?:\#(?P<id>[^\s}]+)|\.(?P<class>[\w-]+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s}]+)))"""
)
IDENTIFIER = re.compile(r"[a-z][a-z0-9-]*")
TARGET = re.compile(r"laptop|node|(?:container|pod):[A-Za-z0-9][\w.-]*")
TARGETS = "laptop, node, container:NAME or pod:NAME"


@dataclass(frozen=True, slots=True)
class BlockHeader:
    """What the header of a console block says.

    Parameters:
        id: The snippet's id or an empty string.
        target: Where it runs or an empty string.
        when: Which environments it is for.
        cleanup: Whether it runs at the end in any case.
    """

    id: str = ""
    target: str = ""
    when: Condition = ALWAYS
    cleanup: bool = False


def parse_header(info: str, line: int, complain: Complain) -> BlockHeader:
    """Read what stands behind the opening mark of a console block; mistakes are complained about and left out."""
    attributes = _attributes(info, line, complain)
    return BlockHeader(
        id=_identifier(attributes.get("#", ""), line, complain),
        target=check_target(attributes.get("target", ""), line, complain),
        when=check_condition(attributes.get("when", ""), line, complain),
        cleanup=".cleanup" in attributes,
    )


def check_target(target: str, line: int, complain: Complain) -> str:
    """The target if it is one, else an empty string and a complaint."""
    if not target or TARGET.fullmatch(target):
        return target
    complain(line, f"target {target!r}", TARGETS, "")
    return ""


def check_condition(text: str, line: int, complain: Complain) -> Condition:
    """The condition if it is one, else the one that always holds and a complaint."""
    try:
        return parse_condition(text)
    except ConditionError as error:
        complain(line, str(error), GRAMMAR, "")
        return ALWAYS


def _attributes(info: str, line: int, complain: Complain) -> dict[str, str]:
    rest = info.strip().removeprefix("console").lstrip()
    if not rest:
        return {}
    if not (rest.startswith("{") and rest.endswith("}")):
        complain(line, f"the header {rest!r}", "a header in braces, as in ```console {#id}", "")
        return {}
    found: dict[str, str] = {}
    inner, position = rest[1:-1].rstrip(), 0
    while position < len(inner):
        match = ATTRIBUTE.match(inner, position)
        if not match:
            complain(line, repr(inner[position:].strip()), 'attributes such as #id, target=node, when="cgroup == 2", .cleanup', "")
            break
        _add(found, match, line, complain)
        position = match.end()
    return found


def _add(found: dict[str, str], match: re.Match[str], line: int, complain: Complain) -> None:
    value = match["quoted"] if match["quoted"] is not None else match["bare"]
    name = "#" if match["id"] else match["key"] or f".{match['class']}"
    if name in found:
        complain(line, f"the block option {match[0].strip()!r} again", "each option once", "")
    elif name in {"#", "target", "when", ".cleanup", ".console"}:
        found[name] = match["id"] or value or ""
    else:
        complain(line, f"the block option {match[0].strip()!r}", '#id, target=, when="..." or .cleanup', "")


def _identifier(name: str, line: int, complain: Complain) -> str:
    if not name or IDENTIFIER.fullmatch(name):
        return name
    complain(line, f"the id {name!r}", "small letters, digits and hyphens, a letter first", "")
    return ""
