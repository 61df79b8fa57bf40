"""The readers of YAML. In recordings every scalar is text.

What a number or a truth is depends on the version of YAML and on the library that wrote the file; what an output says does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from handbook.errors import InputError, Mistake

# libyaml's parser where PyYAML was built with it (its wheels are): ten times as fast on long outputs.
Loader: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# The same for what people write, where a scalar may be more than text.
SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """Read a YAML document, written by us or by anybody else, into lists, dictionaries and strings.

    Raises:
        yaml.YAMLError: Where it is none.
    """
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError:
        return yaml.load(text, yaml.BaseLoader)  # libyaml refuses a literal block that begins with a tab, others write it


def load_from(path: Path, text: str, expected: str, found: str = "broken YAML") -> Any:
    """Read the YAML document that a person wrote into a file.

    Parameters:
        path: The file, for the message.
        text: What it holds.
        expected: What it should be, for the message.
        found: What it is where it is none, for the message.

    Raises:
        InputError: Where it is no YAML.
    """
    try:
        return load(text)
    except yaml.YAMLError as error:
        raise InputError([Mistake(path, error_line(error, text), found, expected)]) from None


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line of a value in a YAML document, counted from 1; as near as can be where there is no such value or no such document.

    Parameters:
        text: The document.
        place: Keys and numbers that lead to the value.
    """
    try:
        node = _composed(text)
    except yaml.YAMLError as error:
        return error_line(error, text)
    for step in place:
        node = _inside(node, step) or node
    return node.start_mark.line + 1 if node else 1


@lru_cache(maxsize=1)
def _composed(text: str) -> yaml.Node | None:
    """The nodes of a document; somebody who asks for one line usually asks for more."""
    return yaml.compose(text, Loader)


def error_line(error: yaml.YAMLError, text: str) -> int:
    """The line where a YAML document is none."""
    if isinstance(error, ReaderError):
        return text.count("\n", 0, error.position) + 1
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _inside(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step]  # type: ignore[no-any-return]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None
