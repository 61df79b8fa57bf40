"""What the engine costs a site build: this book's pages with and without the fence, in turn, processor time of the whole process.

Run it with ``python tests/benchmarks/site_build.py [ROUNDS]`` where something is recorded; the book in this folder stays as it is.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"  - pymdownx\.superfences:\n(?: {6,}.*\n)+")
HOOK = re.compile(r"^hooks:\n(?:  .*\n)+", re.MULTILINE)


def configurations(folder: Path) -> tuple[Path, Path]:
    """mkdocs.yml as it is, and as somebody would have it who does not know the engine."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("site_name:", f"docs_dir: {ROOT / 'docs'}\nsite_name:", 1)
    given, bare = folder / "with.yml", folder / "without.yml"
    given.write_text(HOOK.sub("", text), encoding="utf-8")
    bare.write_text(FENCE.sub("  - pymdownx.superfences\n", HOOK.sub("", text)), encoding="utf-8")
    return given, bare


def seconds(configuration: Path) -> float:
    """Processor time of one build."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(configuration), "-d", str(configuration.with_suffix(""))]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    """Print the middle of every round's times and the engine's share."""
    with tempfile.TemporaryDirectory() as folder:
        given, bare = configurations(Path(folder))
        times = [(seconds(given), seconds(bare)) for _ in range(rounds)]
    one, other = (median(column) for column in zip(*times, strict=True))
    print(f"with the engine {one:.2f} s, without {other:.2f} s, its share {max(0.0, (one - other) / one):.1%} (median of {rounds})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
