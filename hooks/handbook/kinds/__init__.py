"""What outputs are: one module per kind; a kind is added by adding its module here, with a ``KIND`` in it."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol

from handbook.kind_names import kind_names
from handbook.recognition.context import Context
from handbook.tree import Node

FALLBACK = "text"


class Unreadable(ValueError):
    """An output that its kind cannot read; the message says why."""


class Kind(Protocol):
    """One kind of output."""

    @property
    def name(self) -> str:
        """The name of its module: what ``kind=`` says."""

    def chooses(self, command: str) -> bool:
        """Tell whether a command prints this kind. Rules of two kinds must not meet; ``text`` takes what nobody chooses."""

    def parse(self, output: str, context: Context) -> Node:
        """Turn an output into a tree.

        Parameters:
            output: What came on standard output; lines of standard error stand in it as empty lines, so that line numbers hold.
            context: What else is known.

        Raises:
            Unreadable: Where the output is not of this kind.
        """


@cache
def kind_named(name: str) -> Kind:
    """The kind of that name, which must be one of ``kind_names()``."""
    kind: Kind = import_module(f"{__name__}.{name}").KIND
    return kind


@lru_cache(maxsize=4096)
def kind_of(command: str, option: str = "") -> Kind:
    """The kind of a command's output.

    Parameters:
        command: As written in the chapter.
        option: What the step's ``kind=`` says; empty where it says nothing.
    """
    if option:
        return kind_named(option)
    others = (kind_named(name) for name in kind_names() if name != FALLBACK)
    return next((kind for kind in others if kind.chooses(command)), kind_named(FALLBACK))
