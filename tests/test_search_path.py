"""Where programs are looked for: an ordinary user of Debian finds those of the administrator, too."""

from __future__ import annotations

import pytest
from handbook.lab import host
from handbook.search_path import is_there


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/games")


@pytest.mark.usefixtures("ordinary")
def test_a_program_of_the_administrator_is_there_and_runs() -> None:
    assert is_there("ip")
    assert is_there("sysctl")
    assert not is_there("no-such-program")
    assert host.run("sysctl", "--values", "kernel.ostype", timeout=20) == "Linux\n"


@pytest.mark.usefixtures("ordinary")
def test_a_command_finds_those_that_it_starts_itself() -> None:
    assert host.run("sh", "-c", "command -v sysctl", timeout=20).endswith("/sysctl\n")
