from __future__ import annotations

from dataclasses import replace

import pytest
from handbook.fingerprint import Fingerprint
from handbook.recording import Recording
from handbook.staleness import Place, first_stale

from tests.books import chapter_of, recording_of

PAGE = """\
Some prose.

```console {#first}
# A comment
$ one
$ two
#: exit=1
```

```console {#second target=container:web}
$ three
```

```console {#last .cleanup}
$ tidy
```
"""
OUTPUTS = {"first": ["1\n", "2\n"], "second": ["3\n"], "last": [""]}


def stale(page: str, recording: Recording) -> Place | None:
    chapter = chapter_of(page)
    return first_stale(chapter, chapter.variant(Fingerprint()), recording)


@pytest.fixture
def recording() -> Recording:
    return recording_of(chapter_of(PAGE), OUTPUTS)


def test_a_recording_of_the_chapter_as_it_is_holds(recording: Recording) -> None:
    assert stale(PAGE, recording) is None


def test_prose_comments_and_expected_output_make_nothing_stale(recording: Recording) -> None:
    page = PAGE.replace("Some prose", "Other prose").replace("A comment", "Another").replace("$ three", "$ three\n3")
    assert stale(page, recording) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("$ two", "$ deux", ("first", 2, 6)),
        ("exit=1", "exit=2", ("first", 2, 6)),
        ("$ three", "$ three\n$ four", ("second", 2, 12)),
        ("$ one\n", "", ("first", 1, 5)),
        ("container:web", "container:db", ("second", 1, 11)),
        (" target=container:web", "", ("second", 1, 11)),
        ("{#second", "{#other", ("other", 1, 11)),
        ("$ tidy", "$ untidy", ("last", 1, 15)),
    ],
)
def test_the_first_place_that_changed_is_named(
    recording: Recording, before: str, after: str, expected: tuple[str, int, int]
) -> None:
    place = stale(PAGE.replace(before, after), recording)
    assert place is not None
    assert (place.snippet, place.step, place.line) == expected
    assert place.reason


def test_a_snippet_that_was_moved_is_stale_though_its_text_is_not(recording: Recording) -> None:
    turned = PAGE.replace("{#first}", "{#x}").replace("{#second", "{#first").replace("{#x}", "{#second}")
    place = stale(turned, recording)
    assert place is not None
    assert place.position == 0


def test_the_place_of_clean_up_in_the_page_does_not_matter(recording: Recording) -> None:
    first, *middle, last = recording.snippets
    assert stale(PAGE, replace(recording, snippets=(last, first, *middle))) is None


def test_what_is_recorded_and_no_longer_written_is_found(recording: Recording) -> None:
    place = stale(PAGE[: PAGE.index("```console {#last")], recording)
    assert place is not None
    assert (place.snippet, place.line, place.position) == ("last", 0, 2)


def test_a_chapter_that_runs_on_an_environments_own_target_holds_there() -> None:
    chapter = chapter_of("```console {#one}\n$ one\n```\n")
    recording = recording_of(chapter, {"one": ["1\n"]})
    on_laptop = replace(recording, snippets=(replace(recording.snippets[0], target="laptop"),))
    assert first_stale(chapter, chapter.snippets, on_laptop, default_target="laptop") is None
    assert first_stale(chapter, chapter.snippets, on_laptop, default_target="node") is not None
