from __future__ import annotations

from pathlib import Path

import pytest
from handbook.applicability import could_run, may_hold
from handbook.condition import parse_condition
from handbook.environment import Environment
from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedEnvironment

from tests.books import chapter_of

PAGE = '---\nrequires: docker\n---\n```console {#one when="cgroup == 2"}\n$ one\n```\n'


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("docker", {}, True),
        ("cgroup == 2", {"cgroup": "1"}, False),
        ("cgroup == 2", {"cgroup": "2"}, True),
        ("not cgroup == 2", {"cgroup": "2"}, False),
        ("not docker", {}, True),
        ("cgroup == 2 and docker", {"cgroup": "1"}, False),
        ("cgroup == 2 and docker", {"cgroup": "2"}, True),
        ("cgroup == 2 or docker", {"cgroup": "1"}, True),
        ("cgroup == 2 or root", {"cgroup": "1", "root": "yes"}, True),
        ("", {}, True),
    ],
)
def test_what_is_not_known_about_an_environment_may_be(condition: str, facts: dict[str, str], expected: bool) -> None:
    assert may_hold(parse_condition(condition), facts) is expected


@pytest.mark.parametrize(
    ("recorded", "unrecorded", "expected"),
    [
        ([{"docker": "26", "cgroup": "2"}], [], True),
        ([{"docker": "26", "cgroup": "1"}, {"cgroup": "2"}], [], False),
        ([], [{"cgroup": "1"}], False),
        ([], [{}], True),
        ([], [], False),
    ],
)
def test_a_snippet_needs_one_environment_that_meets_page_and_variant(
    recorded: list[dict[str, str]],
    unrecorded: list[dict[str, str]],
    expected: bool,
) -> None:
    chapter = chapter_of(PAGE)
    known = [RecordedEnvironment("known", Fingerprint(facts)) for facts in recorded]
    unknown = [Environment("unknown", "lab", Path("unknown.yml"), facts=facts) for facts in unrecorded]
    assert could_run(chapter, chapter.snippets[0], known, unknown) is expected
