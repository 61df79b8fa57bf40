"""Files are written whole or not at all, and only when they change."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from handbook.files import remove_halves, write


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "sandbox" / "linux" / "a.yml"
    assert write(path, "größer\n")
    assert path.read_bytes() == "größer\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_the_same_text_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    write(path, "same\n")
    os.utime(path, (1, 1))
    assert not write(path, "same\n")
    assert path.stat().st_mtime == 1


def test_what_fails_in_between_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yml"
    write(path, "old\n")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fchmod", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, "new\n")
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("a.yml", "old\n")]


def test_what_cannot_be_written_is_told_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "a.yml").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "a.yml", tmp_path / "file" / "b.yml"):
        with pytest.raises(OSError, match=r"[Dd]irectory|exists") as caught:
            write(path, "text\n")
        assert caught.value.filename == str(path)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.yml", "file"]


def test_what_a_killed_writer_left_is_removed_and_what_others_write_now_stays(tmp_path: Path) -> None:
    killed = "import os, signal\nfrom handbook import files\nfrom pathlib import Path\n"
    killed += "files.os.fchmod = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    killed += f"files.write(Path({str(tmp_path)!r}) / 'deep' / 'a.yml', 'half')"
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
    (half,) = (tmp_path / "deep").iterdir()
    others = tmp_path / f".b.yml.{os.getpid()}.abc.new"
    foreign = tmp_path / ".something.new"
    others.touch()
    foreign.touch()
    remove_halves(tmp_path)
    assert not half.exists()
    assert others.exists()
    assert foreign.exists()
