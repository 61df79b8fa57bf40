"""The pages about what changed, as figures know them: where each figure's changes stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbook.site_address import site_address

FOLDER = "changes"


@dataclass(frozen=True)
class ChangePages:
    """The pages about what changed, and what of a chapter they are about.

    Parameters:
        pages: Markdown by path below the folder of the chapters.
        places: By environment and snippet, the environment before it and where it says what changed.
        directory_urls: True where the site has a folder for each page.
    """

    pages: Mapping[str, str]
    places: Mapping[str, tuple[str, str]]
    directory_urls: bool = False

    def link(self, chapter: str, environment: str, snippet: str) -> tuple[str, str] | None:
        """The environment before, and the address of what changed since; None where nothing did.

        Parameters:
            chapter: The name of the chapter on whose page the link stands.
            environment: The newer environment.
            snippet: The snippet.
        """
        place = self.places.get(f"{environment} {snippet}")
        if not place:
            return None
        before, (page, _, mark) = place[0], place[1].partition("#")
        return before, f"{site_address(chapter, f'{FOLDER}/{page}', directory_urls=self.directory_urls)}#{mark}"
