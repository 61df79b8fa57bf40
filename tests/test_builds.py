"""Whole builds by the generators themselves: MkDocs, ProperDocs and, where it is installed, Zensical."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.errors import ExitStatus

from tests.books import FACTS, block, record, write_book

ROOT = Path(__file__).parents[1]
HOOK = ROOT / "hooks" / "handbook_hook.py"
OLD = {**FACTS, "docker": "20.10.24"}
PAGE = """\
# A chapter

```console {#one}
# Who runs this?
$ whoami
$ ls "/a <b>"
#: exit=2
```

!!! note

    1.  In a list.

        ```console {#two}
        $ docker ps
        ```
"""
OUTPUTS = {"one": ["root\n", "ls: cannot access '/a <b>'\n"], "two": ["CONTAINER ID   IMAGE\n"]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "a book"
    book = write_book(root, {"index": "# Start\n", "page": PAGE})
    record(book, "page", "debian-13", OUTPUTS)
    record(book, "page", "debian-12", OUTPUTS, OLD)
    return root


def build(generator: str, root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    argv = [sys.executable, "-m", generator, "build", *words]
    return subprocess.run(argv, cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False)


def figures(root: Path, page: str = "page") -> list[str]:
    html = (root / "site" / f"{page}.html").read_text(encoding="utf-8")
    found: list[str] = re.findall(r'<figure class="handbook".*?</figure>', html, re.DOTALL)
    return found


def test_a_strict_build_shows_every_environment(project: Path) -> None:
    built = build("mkdocs", project, "--strict")
    assert built.returncode == 0, built.stderr
    assert [re.findall(r'data-environment="(.*?)"', figure) for figure in figures(project)] == [["debian-13", "debian-12"]] * 2
    assert "ls: cannot access '/a &lt;b&gt;'" in figures(project)[0]


def test_a_strict_build_fails_where_a_snippet_is_not_recorded(project: Path) -> None:
    page = project / "docs" / "page.md"
    page.write_text(page.read_text(encoding="utf-8") + block("$ three", "{#three}"), encoding="utf-8")
    assert build("mkdocs", project).returncode == 0
    built = build("mkdocs", project, "--strict")
    assert built.returncode == 1
    assert "found no recording of #three" in built.stderr


def test_properdocs_builds_the_same_figures(project: Path) -> None:
    assert build("mkdocs", project).returncode == 0
    expected = figures(project)
    shutil.rmtree(project / "site")
    built = build("properdocs", project, "--strict")
    assert built.returncode == 0, built.stderr
    assert figures(project) == expected


def test_zensical_builds_the_same_figures(project: Path) -> None:
    if not importlib.util.find_spec("zensical"):
        pytest.skip("zensical is not installed")
    assert build("mkdocs", project).returncode == 0
    expected = figures(project)
    shutil.rmtree(project / "site")
    built = build("zensical", project)
    assert built.returncode == 0, built.stderr
    # It reads what a search leaves out, and leaves out the words that say so.
    assert without_search(figures(project)) == without_search(expected)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this book, for generators that build only beside its pages."""
    root = tmp_path_factory.mktemp("this book")
    shutil.copy(ROOT / "mkdocs.yml", root)
    for folder in ("docs", "hooks", "resources", "snippets"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def built_figures(generator: str, root: Path) -> dict[str, list[str]]:
    built = build(generator, root)
    assert built.returncode == 0, built.stderr
    found = {page: without_links(figures(root, page)) for page in pages(root / "site")}
    shutil.rmtree(root / "site")
    return found


@pytest.fixture(scope="module")
def of_mkdocs(copy: Path) -> dict[str, list[str]]:
    return built_figures("mkdocs", copy)


@pytest.mark.parametrize("generator", ["properdocs", "zensical"])
def test_every_figure_of_this_book_is_the_same_with_another_generator(
    generator: str, copy: Path, of_mkdocs: dict[str, list[str]]
) -> None:
    if not importlib.util.find_spec(generator):
        pytest.skip(f"{generator} is not installed")
    assert sum(map(len, of_mkdocs.values())) > 300
    assert built_figures(generator, copy) == of_mkdocs


def pages(site: Path) -> list[str]:
    """The pages that come from a file of docs/: Zensical runs no hook, so it has no others."""
    found = (path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in found if (ROOT / "docs" / f"{name}.md").exists())


def without_links(figures: list[str]) -> list[str]:
    """The same without links to pages that a hook adds."""
    return [
        re.sub(r' ·</span> <span><a href="[^"]*changes/[^"]*">[^<]*</a></span>', "</span>", figure)
        for figure in without_search(figures)
    ]


def without_search(figures: list[str]) -> list[str]:
    return [figure.replace(" data-search-exclude", "") for figure in figures]


def test_the_hook_finds_a_book_that_is_not_the_working_directory_and_its_mistakes(project: Path, tmp_path: Path) -> None:
    shutil.copy(HOOK, project / "hook.py")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
    configuration = str(project / "mkdocs.yml")
    built = build("mkdocs", tmp_path, "--strict", "-f", configuration)
    assert built.returncode == 0, built.stderr
    assert len(figures(project)) == 2
    (project / "docs" / "page.md").write_text("```console id=one\n$ one\n```\n", encoding="utf-8")
    built = build("mkdocs", tmp_path, "--strict", "-f", configuration)
    assert built.returncode == 1
    assert "page.md:1: found the header 'id=one'" in built.stderr


@pytest.mark.parametrize("generator", ["mkdocs", "properdocs"])
def test_the_hook_adds_pages_about_what_changed_and_figures_lead_there(project: Path, generator: str) -> None:
    record(Book(project), "page", "debian-12", {**OUTPUTS, "one": ["admin\n", "ls: cannot access '/a <b>'\n"]}, OLD)
    shutil.copy(HOOK, project / "hook.py")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\nnav: [index.md, page.md]\n")
    built = build(generator, project, "--strict")
    assert built.returncode == 0, built.stderr
    index = (project / "site" / "changes" / "index.html").read_text(encoding="utf-8")
    assert 'href="debian-12-to-debian-13.html"' in index
    page = (project / "site" / "page.html").read_text(encoding="utf-8")
    assert '<a href="changes/debian-12-to-debian-13.html#one-1">changed since debian-12</a>' in page
    assert "What changed" in page
    changes = (project / "site" / "changes" / "debian-12-to-debian-13.html").read_text(encoding="utf-8")
    assert "<mark>admin</mark>" in changes
    assert 'id="one-1"' in changes


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_figures_need_no_theme_in_particular(theme: str, project: Path) -> None:
    configuration = project / "mkdocs.yml"
    configuration.write_text(
        configuration.read_text(encoding="utf-8").replace("name: material", f"name: {theme}"), encoding="utf-8"
    )
    assert build("mkdocs", project, "--strict").returncode == 0
    assert len(figures(project)) == 2
    index = (project / "site" / "search" / "search_index.json").read_text(encoding="utf-8")
    assert index.count("whoami") < 4
    assert not re.search(r"--handbook|use strict|data-order", index)


def test_a_page_is_built_again_while_it_is_served_when_a_recording_changes(project: Path, tmp_path: Path) -> None:
    shutil.copy(HOOK, project / "hook.py")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
    argv = [sys.executable, "-m", "mkdocs", "serve", "-q", "-a", (address := free_address())]
    with subprocess.Popen(argv, cwd=project, env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "TMPDIR": str(tmp_path)}) as server:
        try:
            assert "root" in served(address, "root")
            record(Book(project), "page", "debian-13", {**OUTPUTS, "one": ["nobody\n", "\n"]})
            assert "nobody" in served(address, "nobody")
        finally:
            server.terminate()


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_what_is_served_is_gone_when_the_server_was_ended(project: Path, tmp_path: Path, how: str) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(f"dev_addr: {(address := free_address())}\n")
    argv = [sys.executable, "-m", "handbook", "serve"]
    with subprocess.Popen(argv, cwd=project, env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True) as server:
        try:
            assert "root" in served(address, "root")
            assert list(temporary.iterdir())
        finally:
            server.send_signal(signal.Signals[how])
    assert server.returncode == ExitStatus.INTERRUPTED
    assert not list(temporary.iterdir())
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://{address}/", timeout=5)


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def served(address: str, word: str) -> str:
    """The page, as soon as it holds a word; the newest one after half a minute."""
    deadline, page = time.monotonic() + 30, ""
    while word not in page and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{address}/page.html", timeout=5) as answer:
                page = answer.read().decode()
        except OSError:
            page = ""
        time.sleep(0.05)
    return page
