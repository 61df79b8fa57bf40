"""A desk: a small book and the program on it, as a person has them."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from handbook.book import Book
from handbook.cli import main

NUMBERS = count()


class Desk:
    """A book in a folder of its own, and the program run in this very process.

    Its environment is this machine itself, under a name that no other test has.
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.name = f"desk-{os.getpid()}-{next(NUMBERS)}"
        (root / "mkdocs.yml").write_text("site_name: x\n")
        self.environment(self.name, "provider: here\ntarget: node\n")
        monkeypatch.chdir(root)
        self.snippets = root / "snippets" / self.name

    def environment(self, name: str, text: str) -> None:
        """Describe an environment."""
        path = self.root / "resources" / "environments" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def page(self, name: str, *blocks: str) -> Path:
        """Write a page; a block is its content, with its header in the first line where that begins with a brace."""
        path = self.root / "docs" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title\n\n" + "\n".join(map(fenced, blocks)))
        return path

    def run(self, *words: str) -> Result:
        """Run the program."""
        return CliRunner().invoke(main, list(words))

    @property
    def book(self) -> Book:
        """The book as it is now."""
        return Book(self.root)

    def record(self, *words: str) -> Result:
        """Record in the desk's environment."""
        return self.run("record", self.name, *words)

    def files(self) -> dict[str, str]:
        """Every file of recordings with its content, hidden ones too."""
        folder = self.root / "snippets"
        return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*"), key=str) if path.is_file()}


def fenced(block: str) -> str:
    """A console block."""
    header, _, body = block.partition("\n") if block.startswith("{") else ("", "", block)
    return f"```console {header}\n{body}\n```\n"
