from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from handbook import runtime
from handbook.environment import Shell
from handbook.session import Command, Session

pytest_plugins = ["pytester"]
# Input of tests, not chapters of a book.
collect_ignore_glob = ["samples/*"]

# A shell that starts us in the background has us ignore Ctrl-C, and nohup SIGHUP, and every program that a test starts with us.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

# A shell of this very machine, in an environment as clean as a provider makes it.
LOCAL = ("env", "-i", "HOME=/tmp", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")


@pytest.fixture
def session() -> Iterator[Session]:
    live = Session(lambda: Shell(LOCAL))
    yield live
    live.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A file to which steps append, so that a test knows what really ran."""
    return tmp_path / "log"


@pytest.fixture
def private_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """No other test's command finds what a test leaves for its own to clean up; begins the scripts that a test runs in Python."""
    base = tmp_path / "runtime"
    monkeypatch.setattr(runtime, "_base", lambda: base)
    return f"import handbook.runtime\nfrom pathlib import Path\nhandbook.runtime._base = lambda: Path({str(base)!r})\n"


def commands(*texts: str, timeout: float = 20.0) -> list[Command]:
    return [Command(text, timeout) for text in texts]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Outside CI a live part that cannot run here is skipped and says so; in CI it fails by itself."""
    if os.environ.get("CI"):
        return
    for item in items:
        for marker, environment in (("lab", "debian-12"), ("minikube", "minikube")):
            if item.get_closest_marker(marker) and (reason := _cannot_run(environment)):
                item.add_marker(pytest.mark.skip(reason=reason))


def _cannot_run(environment: str) -> str:
    from handbook.book import Book
    from handbook.environments import make_provider

    missing = make_provider(Book.find(Path(__file__).parent).environment(environment)).missing()
    return f"{environment} cannot run here: {missing[0].what}; {missing[0].remedy}" if missing else ""
