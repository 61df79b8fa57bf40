from __future__ import annotations

from handbook.edition import Edition, make_edition
from handbook.recording import RecordedEnvironment, RecordedStep

from tests.books import Outputs, chapter_of, edition_of, recording_of

PAGE = """\
```console {#start}
$ docker run -d nginx
#: capture id=[0-9a-f]+
```

```console {#look}
$ docker inspect {{ id }}
$ docker ps --format '{{.ID}} {{ id }}'
#: raw
```

```console {#tidy .cleanup}
$ docker rm -f {{ id }}
```
"""
RUN = RecordedStep("docker run -d nginx", "capture id=[0-9a-f]+", 0, 1.0, "4b1f2c\n", (), (("id", "4b1f2c"),))
OUTPUTS: Outputs = {"start": [RUN], "look": ["[]\n", "\n"], "tidy": [""]}


def edition(page: str = PAGE) -> Edition:
    """The page as it is written now, beside a recording of what it was."""
    return make_edition(chapter_of(page), recording_of(chapter_of(PAGE), OUTPUTS), RecordedEnvironment("debian-13"), 13, "node")


def commands(edition: Edition) -> dict[str, list[str]]:
    return {printed.snippet.id: [step.command for step in printed.steps] for printed in edition.snippets}


def test_a_command_shows_the_values_that_were_captured_before_it() -> None:
    assert commands(edition()) == {
        "start": ["docker run -d nginx"],
        "look": ["docker inspect 4b1f2c", "docker ps --format '{{.ID}} {{ id }}'"],
        "tidy": ["docker rm -f 4b1f2c"],
    }


def test_a_step_that_changed_shows_no_output_and_what_follows_is_stale() -> None:
    changed = edition(PAGE.replace("docker inspect", "docker container inspect"))
    start, look, tidy = changed.snippets
    assert [printed.stale for printed in (start, look, tidy)] == [False, True, True]
    assert [bool(step.record) for step in look.steps] == [False, True]
    assert changed.stale is not None
    assert changed.stale.snippet == "look"


def test_a_new_step_does_not_take_the_output_of_its_neighbour() -> None:
    look = edition(PAGE.replace("$ docker inspect", "$ docker images\n$ docker inspect")).snippets[1]
    assert [step.record.output if step.record else None for step in look.steps] == [None, "[]\n", "\n"]


def test_a_variant_for_other_environments_is_not_in_an_edition() -> None:
    chapter = chapter_of('```console {#a when="docker < 26"}\n$ old\n```\n\n```console {#a when="docker >= 26"}\n$ new\n```\n')
    ours = edition_of(chapter, {"a": ["new\n"]})
    old, new = chapter.snippets
    assert ours.of(old) is None
    assert ours.of(new) is not None
    assert ours.stale is None
