"""What the fences of one page share: whether it is new, and the style and script that the page needs once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

NAME = "handbook"
# What may not stand in an attribute or in a URL as it is; blanks, which are most of a program, may.
QUOTED = re.compile(r"""[^\w !$()*+,\-./:;<=>?@\[\]^`{|}~']+""", re.ASCII)


class Page:
    """One page in the making.

    It is a postprocessor of the page's Markdown instance, so that any generator gets style and script without configuration,
    and only on pages that hold a figure in the end.

    Parameters:
        md: The Markdown instance.
    """

    def __init__(self, md: Any) -> None:
        self._md = md
        self._said: set[str] = set()
        self.is_new = True

    @property
    def text(self) -> str:
        """The page's Markdown."""
        return "\n".join(self._md.lines)

    def news(self, problems: Iterable[str]) -> list[str]:
        """Of some problems those that were not reported for this page."""
        news = [problem for problem in dict.fromkeys(problems) if problem not in self._said]
        self._said.update(news)
        return news

    def run(self, text: str) -> str:
        """Put the style behind the page's heading, before anything that it styles, and the script at the end."""
        self.is_new = True
        self._said.clear()
        if '<figure class="handbook"' not in text:
            return text
        style = f'<link rel="stylesheet" href="{_address("figure.css", "text/css")}">'
        script = f'<script src="{_address("figure.js", "text/javascript")}"></script>'
        heading, end, rest = text.partition("</h1>")
        page = f"{heading}{end}\n{style}\n{rest}" if end else f"{style}\n{text}"
        return f"{page}\n{script}"


def page_of(md: Any) -> Page:
    """The page that a Markdown instance is working on."""
    if NAME not in md.postprocessors:
        md.postprocessors.register(Page(md), NAME, 0)
    page: Page = md.postprocessors[NAME]
    return page


@cache
def _address(name: str, kind: str) -> str:
    """A file of the engine's assets as a ``data:`` URL: the search of many a theme would index the words of a style or script."""
    text = resources.files("handbook").joinpath("assets", name).read_text(encoding="utf-8")
    return f"data:{kind};charset=utf-8,{QUOTED.sub(lambda match: quote(match[0]), text)}"
