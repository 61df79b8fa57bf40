"""The cache of the lab: built once, whole or not at all, by one command at a time."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from handbook.lab.cache import LONGEST_UNUSED, Cache
from handbook.progress import Quiet

from tests.lab.lab_node import BOOK

BUILD_AND_HANG = """
import sys, time
from pathlib import Path
from handbook.lab.cache import Cache
from handbook.progress import Quiet

def build(path):
    path.mkdir()
    (path / "half").touch()
    print("half", flush=True)
    time.sleep(60)

Cache(Path(sys.argv[1])).get("root", "key", build, Quiet())
"""


class Words(Quiet):
    """Progress whose words a test can read."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.heard = threading.Event()

    def say(self, text: str) -> None:
        self.said.append(text)
        self.heard.set()


def write(path: Path) -> None:
    path.write_text("built")


def never(path: Path) -> None:
    raise AssertionError(f"{path} was built again")


def test_a_part_is_built_once(tmp_path: Path) -> None:
    first = Cache(tmp_path).get("root", "key", write, Quiet())
    assert Cache(tmp_path).get("root", "key", never, Quiet()) == first
    assert first.read_text() == "built"


def test_a_build_that_fails_leaves_no_part(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        write(path)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the very error of the builder
        Cache(tmp_path).get("root", "key", fail, Quiet())
    assert Cache(tmp_path).get("root", "key", write, Quiet()).read_text() == "built"


def test_what_a_killed_build_left_is_gone_before_the_next_one(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(BOOK / "hooks")}
    words = [sys.executable, "-c", BUILD_AND_HANG, str(tmp_path)]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == b"half\n"
        killed.kill()
    part = Cache(tmp_path).get("root", "key", Path.mkdir, Quiet())
    assert list(part.iterdir()) == []


def test_a_second_command_waits_for_the_first_ones_build_and_says_so(tmp_path: Path) -> None:
    words, found = Words(), []

    def build(path: Path) -> None:
        second.start()
        assert words.heard.wait(10)
        write(path)

    second = threading.Thread(target=lambda: found.append(Cache(tmp_path).get("root", "key", never, words)))
    first = Cache(tmp_path).get("root", "key", build, Quiet())
    second.join(10)
    assert found == [first]
    assert words.said == [f"waiting for another command that builds {first}"]


def test_parts_that_nobody_asks_for_any_more_are_deleted_by_the_next_build(tmp_path: Path) -> None:
    old, used = (Cache(tmp_path).get("root", key, write, Quiet()) for key in ("old", "used"))
    for path in (old, used):
        os.utime(path, (0, path.stat().st_mtime - LONGEST_UNUSED - 60))
    Cache(tmp_path).get("root", "used", never, Quiet())
    Cache(tmp_path).get("root", "new", write, Quiet())
    assert (old.exists(), used.exists()) == (False, True)


def test_logs_begin_empty_and_old_ones_go(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for instance in ("old", "mine"):
        cache.begin_logs(instance)
        (cache.logs(instance) / "console.log").touch()
    os.utime(cache.logs("old"), (0, cache.logs("old").stat().st_mtime - LONGEST_UNUSED - 60))
    cache.begin_logs("mine")
    assert [path.relative_to(tmp_path / "logs") for path in (tmp_path / "logs").rglob("*")] == [Path("mine")]


def test_the_environment_says_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBOOK_CACHE", str(tmp_path))
    assert Cache().disk("one") == tmp_path / "instances/one"


def test_logs_that_another_command_deletes_at_the_same_moment_are_in_nobodys_way(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.begin_logs("mine")
    cache.logs("theirs").symlink_to(tmp_path / "gone")  # listed, and not there when somebody looks
    cache.begin_logs("mine")
    assert cache.logs("mine").is_dir()
