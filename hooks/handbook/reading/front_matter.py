"""Front matter: what stands between the first two lines of dashes of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from handbook.reading.console import Complain
from handbook.yaml_loader import SafeLoader

LINES = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says about itself; keys that other programs read are left to them.

    Parameters:
        title: The page's title.
        target: The target of snippets that name none.
        requires: The condition for environments, as written.
        files: Files of the book that lie in the working directory when the chapter begins.
        length: How many lines of the page it takes.
    """

    title: str = ""
    target: str = ""
    requires: str = ""
    files: tuple[str, ...] = ()
    length: int = 0


def parse_front_matter(text: str, complain: Complain) -> FrontMatter:
    """Read the front matter of a page.

    Parameters:
        text: The page.
        complain: Called with line, what was found, what was expected and a hint, for every mistake.
    """
    match = LINES.match(text)
    if not match:
        return FrontMatter()
    length = match[0].count("\n") + 1
    try:
        data = yaml.load(match[1], SafeLoader) or {}
    except (yaml.YAMLError, ValueError) as error:  # a date such as 2026-13-01 is a ValueError
        mark = getattr(error, "problem_mark", None)
        complain(mark.line + 2 if mark else 1, "front matter that is not YAML", "keys and values between --- lines", "")
        return FrontMatter(length=length)
    if not isinstance(data, dict):
        complain(1, "front matter without keys", "keys and values between --- lines", "")
        return FrontMatter(length=length)
    words = {key: str(data[key]) for key in ("title", "target", "requires") if data.get(key) is not None}
    return FrontMatter(**words, files=_files(data, text, complain), length=length)


def line_of(key: str, text: str) -> int:
    """The line of a key of the front matter."""
    match = re.search(rf"^{key}\b", text, re.MULTILINE)
    return text[: match.start()].count("\n") + 1 if match else 1


def _files(data: Mapping[str, Any], text: str, complain: Complain) -> tuple[str, ...]:
    files = data.get("files") or []
    if isinstance(files, list) and all(isinstance(name, str) for name in files):
        return tuple(files)
    complain(line_of("files", text), f"files: {files!r}", "a list of paths of files, for instance [resources/web.yml]", "")
    return ()
