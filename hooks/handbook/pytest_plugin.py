"""The pytest plugin: every step of every chapter is a test item.

Without ``--environment`` stored recordings are checked against the chapters, in every environment that has them. With it the
chapters are run there and compared with what is stored. Hooks: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

# What may be the begin of a console block; whether it is one is the parser's business.
CONSOLE = re.compile(r"(?:```|~~~)[^\n]*\bconsole\b")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's options."""
    group = parser.getgroup("handbook", "executable documentation")
    group.addoption("--environment", metavar="NAME", help="run the chapters in this environment and compare with its recordings")
    group.addoption("--update", action="store_true", help="with --environment: accept what drifted by recording it")


def pytest_configure(config: pytest.Config) -> None:
    """Keep a chapter's steps on one worker; clean up after killed commands, and after ourselves whoever ends us."""
    config.addinivalue_line("markers", "handbook: a step of a chapter")
    if not config.getoption("environment"):
        if config.getoption("update"):
            raise pytest.UsageError("--update needs --environment NAME: recordings come from runs only")
        return
    if getattr(config.option, "dist", "no") in {"load", "worksteal"}:
        config.option.dist = "loadfile"
    from handbook.interruption import heed, restore
    from handbook.live import sweep
    from handbook.progress import Quiet

    # A worker is ended by an interrupt of its controller, also where a shell's `&` makes both of them ignore interrupts.
    config.add_cleanup(partial(restore, heed(ignored=hasattr(config, "workerinput"))))
    sweep(Quiet())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take Markdown files that hold steps, and those that were named on the command line."""
    if file_path.suffix != ".md":
        return None
    from handbook.pytest_items import ChapterFile

    named = _is_named(file_path, parent.config)
    if named or CONSOLE.search(file_path.read_text(encoding="utf-8", errors="replace")):
        return ChapterFile.from_parent(parent, path=file_path, named=named)
    return None


def _is_named(path: Path, config: pytest.Config) -> bool:
    """Whether a person asked for this very file; pytest-markdown-docs may have something in a file that holds no step of ours."""
    if config.getoption("markdowndocs", default=False):
        return False
    arguments = (argument.partition("::")[0] for argument in config.invocation_params.args)
    return any(path == (config.invocation_params.dir / argument).resolve() for argument in arguments)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Bring down what the run has brought up."""
    from handbook.pytest_items import close_performers

    close_performers(session.config)
