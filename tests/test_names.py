"""Captured values and the braces that use them."""

from __future__ import annotations

import pytest
from handbook.names import NothingCaptured, capture, fill, used_names
from handbook.step import Capture, Step, StepOptions

FOREIGN = [
    "docker inspect -f '{{.State.Pid}}' web",
    "docker inspect -f '{{ .State.Pid }}' web",
    "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
    "docker ps --format '{{json .}}'",
    "x='{{ if .A }}a{{ else }}b{{ end }}'",
    "x='{{range .A}}{{break}}{{ continue }}{{- end -}}'",
    "echo {{ two words }} {{ a-b }} {{}} {{ 1a }} { name } {name}",
    "echo {{ a.b }} ${{ secrets.TOKEN }}",
]


@pytest.mark.parametrize("command", FOREIGN)
def test_what_is_no_plain_name_in_braces_is_left_alone(command: str) -> None:
    assert used_names(Step(command, 1)) == ()
    assert fill(command, {"end": "x", "else": "x", "json": "x", "name": "x", "a": "x", "break": "x"}) == command


def test_a_plain_name_in_braces_becomes_its_value() -> None:
    command = "echo {{ pid }} {{pid}} x{{ other_1 }}y {{ unknown }}"
    assert used_names(Step(command, 1)) == ("pid", "pid", "other_1", "unknown")
    assert fill(command, {"pid": "17", "other_1": "\\1 {{ pid }}"}) == "echo 17 17 x\\1 {{ pid }}y {{ unknown }}"


def test_raw_leaves_all_braces_alone() -> None:
    assert used_names(Step("echo {{ pid }}", 1, options=StepOptions(raw=True))) == ()
    assert fill("echo {{ pid }}", {"pid": "17"}, raw=True) == "echo {{ pid }}"


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("KUBE-SVC-[A-Z]{4}", "KUBE-SVC-ABCD"),
        ("^pid=(\\d+)$", "17"),
        ("pid=\\d+|(x)", "pid=17"),
        ("(?P<n>\\d)(\\d)", "1"),
        ("a*$", ""),
    ],
)
def test_a_capture_is_the_first_group_or_the_whole_match_of_any_line(pattern: str, value: str) -> None:
    step = Step("x", 1, options=StepOptions(captures=(Capture("name", pattern),)))
    assert capture(step, "first\npid=17\nKUBE-SVC-ABCD\n") == (("name", value),)


def test_a_capture_that_matches_nothing_says_which() -> None:
    step = Step("x", 1, options=StepOptions(captures=(Capture("a", "."), Capture("chain", "KUBE-\\w+"))))
    with pytest.raises(NothingCaptured, match=r"capture chain=KUBE-\\w\+ matches nothing in the output"):
        capture(step, "x\n")
