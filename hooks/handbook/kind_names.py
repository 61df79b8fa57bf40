"""The names of the kinds: all that a chapter's reader needs to know of them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path


@cache
def kind_names() -> tuple[str, ...]:
    """Names of all kinds; neither they nor what they need is imported for that."""
    files = (Path(file.name) for file in resources.files("handbook").joinpath("kinds").iterdir())
    return tuple(sorted(file.stem for file in files if file.suffix == ".py" and file.stem != "__init__"))
