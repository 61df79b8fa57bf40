"""What the engine costs a site build: this book's pages with and without it, in turn, processor time of the whole process.

Run it with ``python -m tests.benchmarks.site_build [ROUNDS]``; it builds a copy of the book, with the recordings of snippets/.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from handbook.files import write
from handbook.superfences import Shelf

from tests.benchmarks.cost import seconds

ROOT = Path(__file__).parents[2]
PARTS = ("docs", "snippets", "resources", "hooks/handbook_hook.py")
FENCE = re.compile(r"  - pymdownx\.superfences:\n(?: {6,}.*\n)+")
HOOK = re.compile(r"^hooks:\n(?:  .*\n)+", re.MULTILINE)


def copy_book(folder: Path) -> None:
    """A copy of what a build reads, with the two configurations: as it is, and as somebody has it who does not know the engine."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, folder / part)
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    bare = FENCE.sub("  - pymdownx.superfences\n", HOOK.sub("", f"docs_dir: plain\n{text}"))
    (folder / "bare.yml").write_text(bare, encoding="utf-8")
    shutil.copytree(folder / "docs", folder / "plain")
    shelf = Shelf()
    shelf.use(folder, folder / "docs")
    for path, page in shelf.pages(directory_urls=False).items():
        write(folder / "plain" / path, page)  # the same pages, those included that no file holds


def command(configuration: Path) -> Sequence[str | Path]:
    """A build; both compile their modules once, as installed packages are, whatever the surroundings say."""
    bytecode = f"PYTHONPYCACHEPREFIX={configuration.parent / 'bytecode'}"
    surroundings = ["env", "-u", "PYTHONDONTWRITEBYTECODE", bytecode, "NO_MKDOCS_2_WARNING=1"]
    build = ["-m", "mkdocs", "build", "-q", "-f", str(configuration), "-d", str(configuration.with_suffix(""))]
    return [*surroundings, sys.executable, *build]


def measure(rounds: int) -> tuple[float, float]:
    """Processor seconds of a build with the engine and of one without: the least of several rounds.

    What else a machine does only ever adds to a time. They go in turn, and take turns in going first.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_book(folder)
        builds = [command(folder / configuration) for configuration in ("mkdocs.yml", "bare.yml")]
        for build in builds:
            seconds(build, folder)  # compiles
        runs = [_round(builds, folder, turned=bool(number % 2)) for number in range(rounds)]
    given, bare = (min(column) for column in zip(*runs, strict=True))
    return given, bare


def _round(builds: Sequence[Sequence[str | Path]], folder: Path, *, turned: bool) -> list[float]:
    times = [seconds(build, folder) for build in (reversed(builds) if turned else builds)]
    return times[::-1] if turned else times


def share(given: float, bare: float) -> float:
    """The engine's share of a build."""
    return max(0.0, (given - bare) / given)


def main(rounds: int) -> None:
    """Print the times and the share."""
    given, bare = measure(rounds)
    print(f"with the engine {given:.2f} s, without {bare:.2f} s, its share {share(given, bare):.1%} (the least of {rounds} each)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
