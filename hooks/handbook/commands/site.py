"""``handbook build`` and ``handbook serve``: MkDocs on the book's mkdocs.yml."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import click

from handbook.book import Book
from handbook.errors import ExitStatus, UsageError

# Material announces the end of MkDocs 1.x with every build; the book's readers cannot do anything about it.
QUIET = {"NO_MKDOCS_2_WARNING": "1"}


def build(book: Book, *, strict: bool) -> int:
    """Build the site into ``site/`` and say where it is."""
    status = _mkdocs(book, "build", *(["--strict"] if strict else []))
    if status:
        return ExitStatus.DRIFT
    click.echo(f"the site is in {book.root / 'site'}; open {(book.root / 'site' / 'index.html').as_uri()}")
    return ExitStatus.AGREED


def serve(book: Book) -> int:
    """Serve the site until interrupted."""
    # MkDocs serves from a copy of the site, which it leaves behind when it is ended at once: give it a place that goes with us.
    with tempfile.TemporaryDirectory(prefix="handbook-serve.") as place:
        return _mkdocs(book, "serve", "--livereload", TMPDIR=place)


def _mkdocs(book: Book, *words: str, **variables: str) -> int:
    configuration = book.root / "mkdocs.yml"
    if not configuration.is_file():
        raise UsageError(
            f"{configuration}:1: found no such file\n  expected: a MkDocs project\n  next: see 'Use it in your own docs'"
        )
    argv = [sys.executable, "-m", "mkdocs", *words, "--config-file", str(configuration)]
    return subprocess.run(argv, cwd=book.root, env={**os.environ, **QUIET, **variables}, check=False).returncode
