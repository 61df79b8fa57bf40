"""What an author writes is what the engine understands; every mistake of a file is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.chapter import Chapter
from handbook.errors import InputError
from handbook.kind_names import kind_names
from handbook.reading.chapter_parser import parse_chapter, read_chapter
from handbook.step import Capture, StepOptions

from tests.books import block, chapter_of

SAMPLE = Path(__file__).parents[1] / "samples" / "syntax.md"


@pytest.fixture(scope="module")
def sample() -> Chapter:
    return read_chapter(SAMPLE, "syntax")


def mistakes(text: str) -> list[str]:
    """The mistakes of a page as people see them, without the page's name."""
    with pytest.raises(InputError) as caught:
        parse_chapter(text, Path("page.md"), "page")
    assert all(str(mistake).startswith("page.md:") for mistake in caught.value.mistakes)
    return [str(mistake).removeprefix("page.md:") for mistake in caught.value.mistakes]


def test_the_front_matter_speaks_for_the_page(sample: Chapter) -> None:
    assert sample.title == "Everything that an author may write"
    assert sample.target == "node"
    assert sample.requires.text == "kernel >= 4.18 and not (windows or cgroup == 3)"


def test_the_snippets_are_the_console_blocks_that_run(sample: Chapter) -> None:
    found = [(snippet.id, snippet.line, snippet.target, snippet.when.text, snippet.cleanup) for snippet in sample.snippets]
    assert found == [
        ("plain", 9, "", "", False),
        ("other", 29, "container:web", "docker >= 20.10 and distribution == debian-12", False),
        ("other", 39, "pod:web", "not docker", False),
        ("bye", 43, "", "", True),
        ("", 51, "", "", False),
    ]


def test_comments_continuations_and_here_documents_belong_to_their_commands(sample: Chapter) -> None:
    first, second, third = sample.snippets[0].steps
    assert (first.command, first.line, first.comments) == ("echo hello", 12, ("A comment", "of two lines"))
    assert first.expected == ("hello",)
    assert (second.command, second.line) == ("sudo nginx -t \\\n  -c /etc/nginx.conf", 15)
    assert third.command == "cat <<END > file\nit's {{ first }}\n\n> quoted\nEND"
    assert sample.snippets[0].trailing == ("The last words",)


def test_options_are_read_and_kept_as_written_with_one_space_between_them(sample: Chapter) -> None:
    second = sample.snippets[0].steps[1]
    captures = (Capture("first", r"^(\w+)"), Capture("second", "two words"))
    assert second.options == StepOptions(exit=3, timeout=0.5, captures=captures)
    assert second.option_text == r'exit=3 timeout=500ms capture first=^(\w+) capture second="two words"'
    every, template, raw = sample.snippets[1].steps
    assert every.options == StepOptions(until='a "quoted"  blank', tty=True, hidden=True, kind="text", ignore=r"\d+")
    assert every.option_text == r"""until='a "quoted"  blank' tty hidden kind=text ignore=\d+"""
    assert template.options == StepOptions()
    assert raw.options == StepOptions(raw=True, duration=120.0)


def test_expected_lines_are_kept_with_their_dots_and_what_looks_like_a_comment_below_them(sample: Chapter) -> None:
    assert sample.snippets[3].steps[0].expected is None
    assert sample.snippets[3].steps[1].expected == ("a ... line", "...", "# printed")


def test_a_comment_above_a_command_is_the_authors_even_behind_output() -> None:
    (snippet,) = chapter_of(block("$ ls\na\n# Now the other\n$ ls -l\nb")).snippets
    assert [(step.expected, step.comments) for step in snippet.steps] == [(("a",), ()), (("b",), ("Now the other",))]


def test_lines_that_begin_like_a_continuation_are_output_where_nothing_is_open() -> None:
    (snippet,) = chapter_of(block("$ diff a b\n1c1\n< a\n---\n> b")).snippets
    assert snippet.steps[0].expected == ("1c1", "< a", "---", "> b")


def test_a_document_with_carriage_returns_is_the_same_document(tmp_path: Path, sample: Chapter) -> None:
    path = tmp_path / "syntax.md"
    path.write_bytes(SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert read_chapter(path, "syntax").snippets == sample.snippets
    assert parse_chapter(path.read_bytes().decode(), path, "syntax").snippets == sample.snippets


def test_a_byte_order_mark_hides_nothing(tmp_path: Path, sample: Chapter) -> None:
    path = tmp_path / "syntax.md"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.read_bytes())
    found = read_chapter(path, "syntax")
    assert (found.title, found.snippets) == (sample.title, sample.snippets)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One #\n", "One"),
        ("# C#\n", "C#"),
        ("```sh\n# no heading\n```\n\n# One\n", "One"),
        ("---\nx: 1\n---\n# One\n", "One"),
        ("---\nx: 1\n...\n# One\n", "One"),
        ("---\ntitle: 2026-11-23\n---\n# One\n", "2026-11-23"),
        ("text\n\n---\n\n# One\n", "One"),
        ("text\n", ""),
    ],
)
def test_the_title_is_that_of_the_front_matter_or_the_first_heading(text: str, title: str) -> None:
    assert chapter_of(text).title == title


def test_every_mistake_of_a_page_is_told_with_its_line_and_what_could_stand_there() -> None:
    page = """---
target: moon
requires: docker >=
---
```console {#One target=kitchen when="a ===" colour=red .big #two}
$ true
#: exti=1 timeout=0
$ echo {{ nobody }}
#: capture x=[ until=( kind=music
```

```console {#same}
$ true
```

```console {#same}
$ echo 'open
$ true
```

```console {#empty}
# only a comment
```

```console {#never
$ true
"""
    assert mistakes(page) == [
        "2: found target 'moon'\n  expected: laptop, node, container:NAME or pod:NAME",
        "3: found nothing to compare 'docker' with\n  expected: facts such as `docker`, comparisons such as `cgroup == 2` or"
        " `kubernetes >= 1.24`, joined by and, or, not, ( )",
        "5: found the block option 'colour=red'\n  expected: #id, target=, when=\"...\" or .cleanup",
        "5: found the block option '.big'\n  expected: #id, target=, when=\"...\" or .cleanup",
        "5: found the block option '#two' again\n  expected: each option once",
        "5: found the id 'One'\n  expected: small letters, digits and hyphens, a letter first",
        "5: found target 'kitchen'\n  expected: laptop, node, container:NAME or pod:NAME",
        "5: found '=' in the condition 'a ==='\n  expected: facts such as `docker`, comparisons such as `cgroup == 2` or"
        " `kubernetes >= 1.24`, joined by and, or, not, ( )",
        "7: found exti=1\n  expected: exit=, timeout=, until=, for=, tty, capture NAME=REGEX, kind=, ignore=, hidden, raw",
        "7: found timeout=0\n  expected: timeout=SECONDS above 0 and at most a day, or with a unit as in 500ms, 30s, 2m",
        "8: found the undefined name {{ nobody }}\n  expected: one of: none so far\n"
        "  next: capture it above, or say '#: raw' where the braces are not ours",
        "9: found capture=[\n  expected: a regular expression (unterminated character set at position 0)",
        "9: found until=(\n  expected: a regular expression (missing ), unterminated subpattern at position 0)",
        f"9: found kind=music\n  expected: one of {', '.join(kind_names())}",
        "16: found the id #same again (first on line 12)\n  expected: an id of its own\n"
        "  next: variants of one snippet may share an id when each says another when=",
        "18: found '$ true'\n  expected: a line that continues the open command above\n"
        "  next: begin the next line of the command with '> ', or close the quote",
        "21: found the snippet #empty without a command\n  expected: a line that begins with '$ '",
        "25: found a fence that is never closed\n  expected: a closing fence as long as the opening one",
        "25: found the header '{#never'\n  expected: a header in braces, as in ```console {#id}",
    ]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("---\na: [\n---\n", 3, "front matter that is not YAML"),
        ("---\ndate: 2026-13-01\n---\n", 1, "front matter that is not YAML"),
        ("---\n- a\n---\n", 1, "front matter without keys"),
        ("---\nx: 1\ntarget: [node]\n---\n", 3, "target \"['node']\""),
        (block("output\n$ ls"), 4, "'output'"),
        (block("#: exit=1\n$ ls"), 4, "#: exit=1"),
        (block("$ ls\n#:exti=1"), 5, "exti=1"),
        (block("$ ls\n#: capture x"), 5, "capture x"),
        (block("$ ls\n#: capture a-b=c"), 5, "the name 'a-b'"),
        (block("$ ls\n#: capture end=c"), 5, "the name 'end'"),
        (block('$ ls\n#: until="a b'), 5, 'until="a b'),
        (block("$ ls\n#: exit=1\n#: exit=2"), 6, "exit=2 again"),
        (block("$ ls\n#: capture x=a capture x=b"), 5, "capture x=b again"),
        (block("$ ls\n#: for=1 until=a"), 5, "until= beside for="),
        (block("$ \n# more"), 4, "a '$ ' and nothing behind it"),
        (block("$ cat <<END\n> a"), 4, "the unfinished command 'cat <<END'"),
        (block("$ echo {{ x }}\n#: capture x=."), 4, "the undefined name {{ x }}"),
        (block("$ true", "{#a when=docker}") + block("$ true", "{#a when=docker}"), 8, "the id #a again (first on line 3)"),
        (block("$ true", '{#a when="docker"}') + block("$ true", "{#a}"), 8, "the id #a again (first on line 3)"),
        (block("$ true", "{id=a}"), 3, "the block option 'id=a'"),
        (block("$ true", "#a"), 3, "the header '#a'"),
        (
            "```python\nprint()\n\n```console {#a}\n$ ls\n```\n",
            1,
            "a fence that is not closed before line 4, where a console block begins",
        ),
        ("```python\nprint()\n", 1, "a fence that is never closed"),
    ],
)
def test_a_mistake_is_found_where_it_stands(text: str, line: int, found: str) -> None:
    first, *more = mistakes(text)
    assert first.split("\n")[0] == f"{line}: found {found}"
    assert not more


def test_bytes_that_are_no_text_are_a_mistake_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes("# größer\n\na\n\xff\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"page\.md:1: found bytes that are not UTF-8"):
        read_chapter(path, "page")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r":1: found a file that cannot be read: Is a directory\n  expected: a Markdown file"):
        read_chapter(tmp_path, "page")


def test_a_block_that_is_never_run_may_hold_anything() -> None:
    assert chapter_of("```console\nanything\n$ it's open\n```\n").snippets == ()


def test_a_value_that_is_captured_may_be_used_by_every_later_step_and_by_clean_up() -> None:
    page = block("$ rm {{ x }}", "{#away .cleanup}") + block("$ ls\n#: capture x=.\n$ cat {{x}}")
    assert [snippet.id for snippet in chapter_of(page).snippets] == ["away", "one"]


def test_variants_of_a_snippet_share_their_id() -> None:
    page = block("$ true", '{#a when="docker"}') + block("$ true", '{#a when="not docker"}')
    assert [snippet.id for snippet in chapter_of(page).snippets] == ["a", "a"]
