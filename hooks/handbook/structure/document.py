"""Documents: JSON and YAML as trees whose leaves know where they stand.

The parser is PyYAML's, since it tells where everything stands and JSON's own does not; that a text is JSON is json's to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import yaml

from handbook.quantities import canonical, duration
from handbook.recognition.checks import Meaning
from handbook.recognition.durations import MEASURED, measures
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Exact, Line, Node, Ordered, Place, Unordered, leaves

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONGEST = 200_000  # characters; a longer document costs more than it tells
BETWEEN = re.compile(r"\s*")
# Keys by what stands behind them.
TOLD = {
    "resourceVersion": Meaning("name", "resource version"),
    "generation": Meaning("noise", "generation"),
    "observedGeneration": Meaning("noise", "generation"),
    "Size": Meaning("shape", "size"),
    "VirtualSize": Meaning("shape", "size"),
    "handle": Meaning("noise", "handle"),  # each table counts its own
    "packets": Meaning("noise", "counter"),
    "bytes": Meaning("noise", "counter"),
    "ifindex": Meaning("name", "interface index"),
    "link_index": Meaning("name", "interface index"),
    "valid_life_time": Meaning("noise", "lifetime"),
    "preferred_life_time": Meaning("noise", "lifetime"),
    "pid": Meaning("name", "process"),
    "Pid": Meaning("name", "process"),
    "nodePort": Meaning("name", "port"),
    "expires": Meaning("noise", "lifetime"),
    "raft_index": Meaning("noise", "counter"),
    "raft_applied_index": Meaning("noise", "counter"),
    "raftIndex": Meaning("noise", "counter"),
    "raftAppliedIndex": Meaning("noise", "counter"),
    "dbSize": Meaning("shape", "size"),
    "dbSizeInUse": Meaning("shape", "size"),
    "db_size": Meaning("shape", "size"),
}
SPEC = re.compile(r"\.spec\b")  # what somebody wants of an object: nothing in there was measured
CONSTANT = frozenset({"0", "1", "-1", "null", "true", "false", ""})
COUNTED = frozenset({"counter", "handle"})  # noise however small
QUANTITIES = frozenset({"cpu", "memory", "ephemeral-storage", "hugepages-1Gi", "hugepages-2Mi"})
# Lists whose order somebody else's names decide.
FREE = frozenset({"items", "endpoints", "Mounts", "manifests", "kinds", "elem", "set"})


class NoDocument(ValueError):
    """A text that is none; the message says why."""


def json_parts(text: str) -> list[str]:
    """The JSON documents of a text, each with everything in front of it blank, so that its places hold.

    Raises:
        NoDocument: Where it is not JSON from beginning to end.
    """
    decoder, position, parts = json.JSONDecoder(), 0, []
    while (position := _behind_blanks(text, position)) < len(text):
        try:
            _, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise NoDocument(f"line {error.lineno}: {error.msg}") from error
        except RecursionError:
            raise NoDocument("it is nested too deeply") from None
        parts.append(re.sub(r"[^\n]", " ", text[:position]) + text[position:end])
        position = end
    return parts


def _behind_blanks(text: str, position: int) -> int:
    match = BETWEEN.match(text, position)
    return match.end() if match else position


def read_document(sheet: Sheet, text: str) -> tuple[Node, ...]:
    """Turn JSON or YAML into trees, one for each document.

    Parameters:
        sheet: The output that the text is.
        text: The output, or as much of it as is to be read, at its places.

    Raises:
        NoDocument: Where it is neither.
    """
    if len(text) > LONGEST:
        raise NoDocument(f"it is longer than {LONGEST} characters")
    try:
        # A tab indents as well as a blank and is as wide.
        documents = list(yaml.compose_all(text.replace("\t", " "), Loader=LOADER))
    except (IndexError, ValueError, RecursionError) as error:  # what libyaml makes of some texts
        raise NoDocument(f"the parser gave up ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise NoDocument(f"{where}{getattr(error, 'problem', None) or error}") from error
    try:
        return tuple(_tree(sheet, document, "") for document in documents if document)
    except RecursionError:
        raise NoDocument("it is nested too deeply") from None


def _tree(sheet: Sheet, node: yaml.Node, path: str) -> Node:
    if isinstance(node, yaml.MappingNode) and node.value:
        return Unordered(tuple(_entry(sheet, key, value, path) for key, value in node.value))
    if isinstance(node, yaml.SequenceNode) and node.value:
        children = tuple(_tree(sheet, child, f"{path}[]") for child in node.value)
        return Unordered(children) if path.rpartition(".")[2] in FREE else Ordered(children)
    if isinstance(node, yaml.ScalarNode):
        return Ordered(tuple(_scalar(sheet, node, path)))
    place = Place(node.start_mark.line + 1, node.start_mark.column, node.start_mark.column + 1)
    bracket = sheet.lines[place.line - 1][place.start : place.end]
    empty = "{}" if isinstance(node, yaml.MappingNode) else "[]"  # on however many lines
    return Ordered((Line((Exact(bracket, place, empty),)),))


def _entry(sheet: Sheet, key: yaml.Node, value: yaml.Node, path: str) -> Node:
    name = tuple(_scalar(sheet, key, path))
    text = str(key.value)
    if any(not isinstance(leaf, Exact) for line in name for leaf in leaves(line)):
        return Ordered((*name, _tree(sheet, value, f"{path}.*")))  # the key is a name itself
    below = f"{path}.{text}"
    return Ordered((_tree(sheet, value, below),), f"key {below}")


def _scalar(sheet: Sheet, node: yaml.Node, path: str) -> Iterator[Line]:
    """The lines of a scalar; of one that fills several, each."""
    first, last = node.start_mark, node.end_mark
    for number in range(first.line, min(last.line + 1, len(sheet.lines))):  # an empty one may stand behind the end
        start = first.column if number == first.line else 0
        end = last.column if number == last.line else len(sheet.lines[number])
        yield from _line(sheet, number + 1, start, end, path)


def _line(sheet: Sheet, number: int, start: int, end: int, path: str) -> Sequence[Line]:
    text = sheet.lines[number - 1][start:end]
    quoted = text[:1] in {'"', "'"} and text[-1:] == text[:1]
    inner = text[1:-1] if quoted else text
    low = start + quoted
    key = path.rpartition(".")[2].removesuffix("[]")
    measured = measures(key) and not SPEC.search(path)
    if value := _quantity(key, inner, measured=measured):
        return [Line((Exact(inner, Place(number, low, low + len(inner)), value),))]
    meaning = MEASURED if measured and duration(inner) else TOLD.get(key) if inner.replace(".", "").isdigit() else None
    varies = meaning and (inner not in CONSTANT or meaning.what in COUNTED)
    told = [Token(low, low + len(inner), meaning)] if meaning and varies else []
    return sheet.line(number, told, start, end)


def _quantity(key: str, text: str, *, measured: bool) -> str:
    """What a value says in whatever units; empty where it is no quantity that somebody set."""
    if key in QUANTITIES:
        return canonical(text)
    return "" if measured else duration(text)
