"""Commands that make the same thing take turns."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock
from handbook.errors import CouldNotRun
from handbook.lab import turns
from handbook.lab.kubernetes.release import Release
from handbook.progress import Lines, Quiet


def test_who_waits_too_long_is_told_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    path = tmp_path / "v1.2.3" / "bin"
    path.parent.mkdir()
    with FileLock(path.with_name("fetch.lock")), pytest.raises(CouldNotRun, match=r"another command has held .*fetch\.lock for"):
        Release("1.2.3").fetch(path, Quiet())


def test_who_waits_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    with FileLock(tmp_path / "lock"), pytest.raises(CouldNotRun):
        turns.take_turn(tmp_path / "lock", "builds a house", Lines())
    assert capsys.readouterr().err == "waiting for another command that builds a house\n"
    with turns.take_turn(tmp_path / "lock", "builds a house", Lines()):
        assert capsys.readouterr().err == ""
