"""A small site, built once, in a real browser that opens it from its folder, without any network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from handbook.recording import RecordedStep, Span
from playwright.sync_api import Browser, Page, sync_playwright

from tests.books import FACTS, describe_environment, record, write_book

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
)
OLD = {**FACTS, "distribution": "debian-12", "docker": "20.10.24"}
FIRST = """\
# The first page

Some prose.

```console {#run}
# Start one
$ docker run -d nginx
#: capture id=[0-9a-f]+
$ docker inspect {{ id }}
```

```console {#long}
$ seq 60
```

```console {#colours}
$ ls
#: tty
```

```console {#form when="docker < 26"}
$ the old form
```

```console {#form when="docker >= 26"}
$ the new form
```
"""
SECOND = "# The second page\n\n```console {#second}\n$ cat /etc/debian_version\n```\n"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("a site")
    book = write_book(root, {"index": FIRST, "second": SECOND})
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("  font: false\n  palette:\n")
        file.write('    - {media: "(prefers-color-scheme: light)", scheme: default}\n')
        file.write('    - {media: "(prefers-color-scheme: dark)", scheme: slate}\n')
    for name, facts, form, version in (("debian-13", FACTS, "new\n", "13.1\n"), ("debian-12", OLD, "old\n", "12.9\n")):
        describe_environment(book, name, f"provider: lab\norder: {name[-2:]}\n")
        record(book, "index", name, {**outputs(name), "form": [form]}, facts)
        record(book, "second", name, {"second": [version]}, facts)
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    subprocess.run(words, cwd=root, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=True, timeout=120)
    return root / "site"


def outputs(name: str) -> dict[str, list[str | RecordedStep]]:
    value = "4b1f2c" if name == "debian-13" else "99aa88"
    run = RecordedStep("docker run -d nginx", "capture id=[0-9a-f]+", 0, 0.3, f"{value}\n", captured=(("id", value),))
    coloured = RecordedStep("ls", "tty", 0, 0.1, "bin\n", spans=(Span(1, 0, 3, "bold blue"),))
    wide = "".join(f"{number} {'and more ' * 30}\n" for number in range(60))
    return {"run": [run, f'[{{"Id": "{value}"}}]\n'], "long": [wide], "colours": [coloured]}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{CHROMIUM} is missing; apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        yield launched
        launched.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Path) -> Iterator[Open]:
    """Open a page of the site; whatever goes wrong in it fails the test."""
    contexts, errors = [], list[str]()

    def opened(name: str = "index", **given: object) -> Page:
        context = browser.new_context(**{"offline": True, "viewport": {"width": 1280, "height": 900}, **given})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
