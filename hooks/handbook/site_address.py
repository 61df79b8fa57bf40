"""Addresses inside a site, relative to the page that they stand on."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath

INDEXES = ("index", "README")


def site_address(page: str, target: str, *, directory_urls: bool) -> str:
    """The address of a page on another page.

    Parameters:
        page: The path of the page that holds the link, below the folder of the pages and without ``.md``.
        target: The path of the other one, likewise.
        directory_urls: True where the site has a folder for each page.
    """
    address = posixpath.relpath(_file(target, directory_urls), posixpath.dirname(_file(page, directory_urls)) or ".")
    return f"{address.removesuffix('index.html').removesuffix('/') or '.'}/" if directory_urls else address


def _file(page: str, directory_urls: bool) -> str:
    """The file of the site that a page becomes."""
    path = PurePosixPath(page)
    if path.name in INDEXES:
        return str(path.with_name("index.html"))
    return f"{page}/index.html" if directory_urls else f"{page}.html"
