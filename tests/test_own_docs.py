"""The engine in somebody else's project, made from nothing as docs/engine/own-docs.md says: the lines are read from that page."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environments.sandbox import Sandbox
from handbook.reading.fences import fences

CHECKOUT = Path(__file__).parents[1]
PAGE = CHECKOUT / "docs" / "engine" / "own-docs.md"


def fences_of(language: str) -> list[str]:
    return ["\n".join(fence.lines) + "\n" for fence in fences(PAGE.read_text(encoding="utf-8")) if fence.language == language]


def run(script: str, folder: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as somebody would who has activated a virtual environment."""
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder), "NO_MKDOCS_2_WARNING": "1"}
    words = ["bash", "-ec", script]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with this package; its dependencies are those of the running one, so no network is needed."""
    if not importlib.util.find_spec("hatchling"):
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("hatchling, which builds the package, is not installed; next: make setup")
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True, timeout=60)
    python = folder / "venv" / "bin" / "python"
    library = next((folder / "venv" / "lib").glob("python*/site-packages"))
    # A path in a .pth file adds packages, but not the .pth files among them: the checkout itself stays out of sight.
    (library / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps"]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", folder, CHECKOUT], check=True, timeout=180)
    (wheel,) = folder.glob("*.whl")
    words: list[str | Path] = [*pip, "--python", python, "install", *offline, "--ignore-installed", wheel]
    subprocess.run(words, check=True, timeout=180)
    return python.parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the page says to write, and nothing else."""
    root = tmp_path_factory.mktemp("my project")
    (configuration,), (page,) = fences_of("yaml"), fences_of("markdown")
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(configuration, encoding="utf-8")
    (root / "docs" / "index.md").write_text(page, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(project: Path, programs: Path) -> Path:
    """The project after the commands of the page."""
    if missing := Sandbox(Book(project).environment("sandbox"), f"own-docs-{os.getpid()}").missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no sandbox here: {missing[0]}")
    for commands in fences_of("sh")[1:]:
        done = run(commands, project, programs)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


def figure(root: Path) -> str:
    (found,) = re.findall(r'<figure class="handbook".*?</figure>', (root / "site" / "index.html").read_text("utf-8"), re.DOTALL)
    return str(found)


def test_the_installed_package_is_the_one_that_works(programs: Path) -> None:
    asked = subprocess.run(
        [programs / "python", "-c", "import handbook; print(handbook.__file__)"], capture_output=True, text=True, check=True
    )
    assert Path(asked.stdout.strip()).is_relative_to(programs.parent)


def test_the_page_shows_what_was_recorded(built: Path) -> None:
    assert (built / "snippets" / "sandbox" / "index.yml").is_file()
    assert re.search(r"\$ ip -br link\nlo +UNKNOWN +00:00:00:00:00:00 &lt;LOOPBACK", re.sub("<[^>]*>", "", figure(built)))
    assert 'data-environment="sandbox"' in figure(built)


def test_properdocs_builds_the_same_figure(built: Path, programs: Path) -> None:
    expected = figure(built)
    done = run("rm -r site; python -m properdocs build --strict", built, programs)
    assert done.returncode == 0, done.stderr
    assert figure(built) == expected


def test_what_changed_in_the_page_is_noticed(built: Path, programs: Path) -> None:
    page = built / "docs" / "index.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("ip -br link", "ip -br address"), encoding="utf-8")
    try:
        done = run("handbook check", built, programs)
        assert done.returncode == 1, done.stderr
        assert "stale from step 1 of #loopback" in done.stdout
    finally:
        page.write_text(text, encoding="utf-8")


def test_a_project_whose_page_is_not_recorded_is_no_strict_build(project: Path, programs: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("mkdocs.yml", "docs/index.md"):
        (tmp_path / name).write_bytes((project / name).read_bytes())
    done = run("handbook build --strict", tmp_path, programs)
    assert done.returncode == 1
    assert "found no recording of this chapter" in done.stderr
