"""Fenced blocks are found wherever a page may hold them, with their lines as the author means them."""

from __future__ import annotations

import pytest
from handbook.reading.fences import Fence, fences


def only(text: str) -> Fence:
    (fence,) = fences(text)
    return fence


PLACES = {
    "at the margin": "```console {#a}\n$ ls\n\n  x\n```\n",
    "of tildes": "~~~console {#a}\n$ ls\n\n  x\n~~~\n",
    "with a blank before its language": "``` console {#a}\n$ ls\n\n  x\n```\n",
    "longer than three": "`````console {#a}\n$ ls\n\n  x\n`````\n",
    "with a longer end": "```console {#a}\n$ ls\n\n  x\n``````  \n",
    "in a list": "1. text\n\n    ```console {#a}\n    $ ls\n\n      x\n    ```\n",
    "behind a list's mark": "- ```console {#a}\n  $ ls\n\n    x\n  ```\n",
    "behind a number": "10. ```console {#a}\n    $ ls\n\n      x\n    ```\n",
    "in a list in a list": "- a\n    - b\n\n        ```console {#a}\n        $ ls\n\n          x\n        ```\n",
    "in a quote": "> ```console {#a}\n> $ ls\n>\n>   x\n> ```\n",
    "in a narrow quote": ">```console {#a}\n>$ ls\n>\n>   x\n>```\n",
    "in a quote in a quote": "> > ```console {#a}\n> > $ ls\n> >\n> >   x\n> > ```\n",
    "in a list in a quote": "> - ```console {#a}\n>   $ ls\n>\n>     x\n>   ```\n",
    "in an admonition": "!!! note\n    ```console {#a}\n    $ ls\n\n      x\n    ```\n",
    "in a tab": '=== "One"\n\n    ```console {#a}\n    $ ls\n\n      x\n    ```\n',
    "in details": "<details>\n<summary>x</summary>\n\n```console {#a}\n$ ls\n\n  x\n```\n</details>\n",
    "in details of the generator": '??? note "x"\n\n    ```console {#a}\n    $ ls\n\n      x\n    ```\n',
    "indented by tabs": "- text\n\n\t```console {#a}\n\t$ ls\n\n\t  x\n\t```\n",
    "behind a comment": "<!-- a -->\n<!--\nb\n-->\n```console {#a}\n$ ls\n\n  x\n```\n",
    "behind a comment in code": "Write `<!--` and:\n\n```console {#a}\n$ ls\n\n  x\n```\n",
    "behind a comment that never closes": "a <!-- b\n\n```console {#a}\n$ ls\n\n  x\n```\n",
    "behind inline code of three": "Type ```` ``` ```` or ```a```.\n\n```console {#a}\n$ ls\n\n  x\n```\n",
    "with carriage returns": "text\r\n\r\n```console {#a}\r\n$ ls\r\n\r\n  x\r\n```\r\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fence_is_found(place: str) -> None:
    fence = only(PLACES[place])
    assert fence.language == "console"
    assert fence.info.strip().endswith("{#a}")
    assert fence.lines == ("$ ls", "", "  x")
    assert fence.closed


@pytest.mark.parametrize("place", PLACES)
def test_the_line_of_a_fence_is_the_one_that_an_editor_shows(place: str) -> None:
    lines = PLACES[place].replace("\r\n", "\n").split("\n")
    assert "console {#a}" in lines[only(PLACES[place]).line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- ```console {#a} -->\n",
        "<!--\n```console {#a}\n$ ls\n```\n-->\n",
        "text <!-- more\n```console {#a}\n$ ls\n```\n--> text\n",
        "````markdown\n```console {#a}\n$ ls\n```\n````\n",
        "~~~\n```console {#a}\n$ ls\n```\n~~~\n",
        "```console ``` is inline code\n",
        "``console {#a}\n$ ls\n``\n",
    ],
)
def test_what_is_no_fence_of_the_page_is_none(text: str) -> None:
    assert [fence for fence in fences(text) if fence.language == "console"] == []


def test_tabs_in_the_text_of_an_indented_fence_stay() -> None:
    assert only("- a\n\n\t```console {#a}\n\t$ printf 'a\tb'\n\t```\n").lines == ("$ printf 'a\tb'",)


def test_characters_that_only_some_programs_take_for_line_ends_are_text() -> None:
    strange = "$ printf 'a\x0b\x0c\x1c\x85\u2028b'"
    assert only(f"```console\n{strange}\n```\n").lines == (strange,)


def test_a_shorter_or_other_fence_does_not_close() -> None:
    assert only("````console\n```\n~~~~\n````\n").lines == ("```", "~~~~")


def test_a_mark_that_is_indented_deeply_is_text() -> None:
    assert only("```console\n$ cat\n    ```\n```\n").lines == ("$ cat", "    ```")


def test_a_fence_that_the_page_or_its_quote_ends_is_not_closed() -> None:
    assert not only("```console\n$ ls\n").closed
    first, second = fences("> ```console\n> $ ls\n\ntext\n\n```console\n$ ls\n```\n")
    assert (first.closed, first.lines) == (False, ("$ ls",))
    assert (second.closed, second.line) == (True, 6)
