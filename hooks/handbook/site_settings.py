"""What a book takes from its mkdocs.yml: where the pages are, and in which order people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handbook.files import read
from handbook.yaml_loader import load_from


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What a book takes from its mkdocs.yml; its other lines are the site generator's.

    Parameters:
        docs: The folder of the pages, from the book's folder.
        pages: Its navigation, from front to back: paths below ``docs``, and whatever else it leads to, each once.
    """

    docs: str = "docs"
    pages: tuple[str, ...] = ()


def read_site_settings(path: Path) -> SiteSettings:
    """Read a mkdocs.yml; where there is none, what MkDocs takes for granted.

    Raises:
        InputError: Where it cannot be read, or is no YAML.
    """
    if not path.is_file():
        return SiteSettings()
    text = read(path, "a MkDocs project's settings")
    settings = load_from(path, text, "MkDocs' keys and values", "settings that are not YAML")
    if not isinstance(settings, Mapping):
        return SiteSettings()
    docs = settings.get("docs_dir")
    return SiteSettings(docs if docs and isinstance(docs, str) else "docs", tuple(dict.fromkeys(_pages(settings.get("nav")))))


def _pages(navigation: object) -> Iterator[str]:
    """The pages of a navigation or of a part of it: a path, a list of parts, or parts by title."""
    if isinstance(navigation, str):
        yield navigation
    elif isinstance(navigation, Mapping):
        for part in navigation.values():
            yield from _pages(part)
    elif isinstance(navigation, list):
        for part in navigation:
            yield from _pages(part)
