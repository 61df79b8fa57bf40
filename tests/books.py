"""Small books for tests: pages as an author writes them, and what environments printed of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from handbook.book import Book
from handbook.chapter import Chapter, recorded
from handbook.edition import Edition, make_edition
from handbook.fingerprint import Fingerprint
from handbook.reading.chapter_parser import parse_chapter
from handbook.recording import RecordedEnvironment, RecordedSnippet, RecordedStep, Recording
from handbook.snippet import Snippet

FACTS = {
    "kernel": "6.18.44",
    "distribution": "debian-13",
    "docker": "26.1.5",
    "iptables": "1.8.11",
    "iptables-backend": "nf_tables",
}
Outputs = Mapping[str, Sequence[str | RecordedStep]]

CONFIGURATION = """\
site_name: A small book
use_directory_urls: false
markdown_extensions:
  - admonition
  - attr_list
  - pymdownx.details
  - pymdownx.tabbed:
      alternate_style: true
  - pymdownx.superfences:
      custom_fences:
        - name: console
          class: handbook
          validator: !!python/name:handbook.superfences.validator
          format: !!python/name:handbook.superfences.formatter
"""


def write_book(root: Path, pages: Mapping[str, str], theme: str = "material") -> Book:
    """Write a project with these pages; its recordings come from ``record``."""
    for name, text in pages.items():
        path = root / "docs" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "mkdocs.yml").write_text(f"{CONFIGURATION}theme:\n  name: {theme}\n", encoding="utf-8")
    return Book(root)


def chapter_of(text: str, name: str = "page") -> Chapter:
    return parse_chapter(text, Path(f"docs/{name}.md"), name)


def block(body: str, header: str = "{#one}") -> str:
    return f"# Title\n\n```console {header}\n{body.rstrip()}\n```\n"


def recording_of(chapter: Chapter, outputs: Outputs, environment: str = "debian-13", facts: Mapping[str, str] = FACTS) -> Recording:
    """A recording of a chapter as it is written; of a snippet that is not in ``outputs`` there is none."""
    run = recorded(chapter.variant(Fingerprint(facts)))
    snippets = (_recorded_snippet(chapter, snippet, outputs[snippet.id]) for snippet in run if snippet.id in outputs)
    return Recording(chapter.name, environment, tuple(snippets))


def _recorded_snippet(chapter: Chapter, snippet: Snippet, outputs: Sequence[str | RecordedStep]) -> RecordedSnippet:
    steps = (
        output
        if isinstance(output, RecordedStep)
        else RecordedStep(step.command, step.option_text, step.options.exit, 0.25, output)
        for step, output in zip(snippet.steps, outputs, strict=True)
    )
    return RecordedSnippet(snippet.id, snippet.target or chapter.target or "node", tuple(steps))


def edition_of(
    chapter: Chapter,
    outputs: Outputs,
    environment: str = "debian-13",
    facts: Mapping[str, str] = FACTS,
    order: int = 13,
    *,
    local: bool = False,
) -> Edition:
    recording = recording_of(chapter, outputs, environment, facts)
    known = RecordedEnvironment(environment, Fingerprint(facts), "2026-11-23", local)
    return make_edition(chapter, recording, known, order, "node")


def record(
    book: Book, name: str, environment: str, outputs: Outputs, facts: Mapping[str, str] = FACTS, *, local: bool = False
) -> None:
    """Keep outputs of a page as an environment's recording."""
    store = book.local_store if local else book.store
    chapter = Book(book.root).chapter(name)
    store.save(recording_of(chapter, outputs, environment, facts))
    store.save_environment(RecordedEnvironment(environment, Fingerprint(facts), "2026-11-23", local))


def describe_environment(book: Book, name: str, text: str) -> None:
    path = book.root / "resources" / "environments" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
