"""``handbook status``: every chapter by environment."""

from __future__ import annotations

import json

from tests import books
from tests.commands.desk import Desk


def test_every_chapter_stands_in_one_of_five_states(desk: Desk) -> None:
    desk.page("fine", "{#fine}\n$ true")
    desk.page("linux/stale", "{#stale}\n$ true")
    desk.page("failing", "{#failing}\n$ echo a\nb")
    desk.page("missing", "{#missing}\n$ true")
    desk.page("elsewhere", "{#elsewhere when=podman}\n$ true")
    desk.page("untagged", "$ echo a\na")
    for name in ("fine", "linux/stale", "failing"):
        books.record(desk.book, name, "lab", {name.rpartition("/")[2]: ["a\n"]})
    desk.page("linux/stale", "{#stale}\n$ false")
    told = desk.run("status")
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "chapter      lab",
        "elsewhere    not applicable",
        "failing      failing",
        "fine         recorded",
        "linux/stale  stale",
        "missing      not recorded",
        "verified on  2026-11-23",
        "",
        "not applicable:",
        "  elsewhere holds nothing for it: not lab",
    ]
    states = {state["chapter"]: state for state in json.loads(desk.run("status", "--json").stdout)}
    recorded = {"chapter": "fine", "environment": "lab", "state": "recorded", "verified": "2026-11-23", "reason": ""}
    assert states["fine"] == recorded
    assert "untagged" not in states


def test_environments_stand_beside_each_other(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    books.record(desk.book, "a", "one", {"a": [""]})
    books.record(desk.book, "a", "two", {"a": [""]}, {"kernel": "5"})
    told = desk.run("status")
    assert (told.exit_code, told.stdout.splitlines()[:2]) == (
        0,
        ["chapter      one         two", "a            recorded    recorded"],
    )


def test_why_a_chapter_is_not_applicable_is_told_once_for_all_environments(desk: Desk) -> None:
    page = desk.page("new", "{#new}\n$ true")
    page.write_text(f"---\nrequires: docker >= 29\n---\n{page.read_text()}")
    desk.page("any", "{#any}\n$ true")
    for environment, docker in (("one", "20.10"), ("two", "26.1"), ("three", "29.0")):
        books.record(desk.book, "any", environment, {"any": [""]}, {"docker": docker})
    told = desk.run("status")
    assert told.stdout.splitlines()[-2:] == ["not applicable:", "  new requires docker >= 29: not one, two"]


def test_a_book_without_recordings_says_what_to_do(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    told = desk.run("status")
    assert (told.exit_code, told.stdout) == (0, "nothing is recorded; next: handbook record ENVIRONMENT\n")


def test_a_broken_recording_is_bad_input(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    books.record(desk.book, "a", "one", {"a": [""]})
    (desk.root / "snippets" / "one.yml").write_text("<<<<<<<")
    told = desk.run("status")
    assert told.exit_code == 2
    assert "snippets/one.yml:1: found format" in told.stderr
