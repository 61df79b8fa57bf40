"""Addresses inside a site."""

from __future__ import annotations

import pytest
from handbook.site_address import site_address


@pytest.mark.parametrize(
    ("page", "target", "in_files", "in_folders"),
    [
        ("exercises/class", "linux/cgroups", "../linux/cgroups.html", "../../linux/cgroups/"),
        ("exercises/class", "index", "../index.html", "../../"),
        ("exercises/class", "linux/README", "../linux/index.html", "../../linux/"),
        ("index", "some/page", "some/page.html", "some/page/"),
        ("some/page", "some/other", "other.html", "../other/"),
        ("page", "index", "index.html", "../"),
        ("index", "index", "index.html", "./"),
    ],
)
def test_an_address_leads_from_page_to_page(page: str, target: str, in_files: str, in_folders: str) -> None:
    assert site_address(page, target, directory_urls=False) == in_files
    assert site_address(page, target, directory_urls=True) == in_folders
