"""Mutants that the reference for comparing outputs asks for by name: each of its rows is a rule here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from handbook.kinds import kind_of
from handbook.recording import RecordedStep, Recording

from tests.mutation.mutants import Mutant, with_step

Changed = Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """One change that must not go unheard.

    Parameters:
        name: What it does.
        kinds: Kinds of outputs that it is about; empty for any.
        pattern: What it changes.
        change: What it puts there.
    """

    name: str
    kinds: frozenset[str]
    pattern: re.Pattern[str]
    change: Changed


def _rule(name: str, kinds: str, pattern: str, change: str | Changed) -> Rule:
    made = (lambda match: match.expand(change)) if isinstance(change, str) else change
    return Rule(name, frozenset(kinds.split()), re.compile(pattern, re.MULTILINE), made)


def _more(match: re.Match[str]) -> str:
    return match[0].replace(match[1], str(int(match[1]) + 1))


def _less(match: re.Match[str]) -> str:
    return match[0].replace(match[1], str(int(match[1]) - 1))


RULES = (
    _rule("chains of another family", "iptables", r"KUBE-EXT-", "KUBE-XLB-"),
    _rule("an endpoint lost", "iptables", r"^(?:-A KUBE-SVC-.* -j )?KUBE-SEP-.*\n", ""),
    _rule(
        "two endpoints swapped",
        "iptables",
        r"-j KUBE-SEP-([A-Z2-7]{16})([\s\S]*?)-j KUBE-SEP-(?!\1)([A-Z2-7]{16})",
        r"-j KUBE-SEP-\3\2-j KUBE-SEP-\1",
    ),
    _rule("another probability", "iptables text", r"probability 0\.3333\d+", "probability 0.50000000000"),
    _rule("more random numbers than endpoints", "nft", r"numgen random mod (\d+)", _more),
    _rule("an endpoint from elsewhere", "nft", r"(0 : 10\.244\.\d+\.)\d+ ", r"\g<1>251 "),
    _rule("another hash outside", "nft", r"external-[A-Z2-7]{4}", "external-AAAA"),
    _rule("no limit", "cgroup_files", r"^\d{6,}$", "max"),
    _rule("another weight or share", "cgroup_files", r"^(\d{1,5})$", _more),
    _rule("another quality of service", "", r"kubepods(.)burstable", r"kubepods\1besteffort"),
    _rule("other columns", "table", r"\bREADY   ", "DESIRED   CURRENT   "),
    _rule("a row lost", "table", r"(?<=\n)\S.*\n", ""),
    _rule("not ready", "table", r"\b([1-9])/\1\b", lambda match: f"{int(match[1]) - 1}/{match[1]}"),
    _rule("the label of another set", "describe", r"pod-template-hash=\w{4}", "pod-template-hash=bbbb"),
    _rule("another owner", "describe", r"(Controlled By: +\w+/)\S+", r"\1other"),
    _rule("events lost", "describe", r"^Events:[\s\S]*", ""),
    _rule("a key lost", "json_document", r'"(?:IPAddress|Memory|Name|kind|action|value)": ?"[^"]*",?', ""),
    _rule("a key more", "json_document http", r"\{(?=\s*\")", '{"GraphDriver": null, '),
    _rule("a key twice", "json_document", r'("\w+": ?"[^"]*"),', r"\1, \1,"),
    _rule("an older revision", "json_document", r'"\w*(?:[rR]evision|modifiedIndex)": ?"?(\d+)', _less),
)
WARNING = re.compile(r"[Ww]arning|deprecated")
HASH = re.compile(r"pod-template-hash=([a-z0-9]{8,10})\b")


def asked_for(recording: Recording) -> Iterator[Mutant]:
    """Every rule once where a step can show it, warnings on the other channel, and another hash of a template everywhere."""
    for at, snippet in enumerate(recording.snippets):
        for number, step in enumerate(snippet.steps):
            kind = kind_of(step.command).name
            if "ignore=" in step.options:
                continue
            for rule in RULES:
                text = rule.pattern.sub(rule.change, step.output, count=1) if not rule.kinds or kind in rule.kinds else step.output
                # Lines of standard error are told by their numbers.
                if text != step.output and not step.stderr:
                    yield _mutant(recording, at, number, rule.name, replace(step, output=text))
            if warned := [line for line in step.stderr if WARNING.search(step.output.split("\n")[line - 1])]:
                moved = replace(step, stderr=tuple(line for line in step.stderr if line != warned[0]))
                yield _mutant(recording, at, number, "a warning on standard output", moved)
    yield from _other_template(recording)


def _mutant(recording: Recording, snippet: int, number: int, name: str, step: RecordedStep) -> Mutant:
    other = with_step(recording, snippet, number, lambda _: step)
    return Mutant(name, kind_of(step.command).name, f"{step.command!r}", other)


def _other_template(recording: Recording) -> Iterator[Mutant]:
    """The hash of a template another one in all its places: the same versions make the same hash."""
    steps = [step for snippet in recording.snippets for step in snippet.steps]
    if any("rollout restart" in step.command for step in steps):
        return
    if found := next((match for step in steps if (match := HASH.search(step.output))), None):
        other = ("bbbb" if found[1][:4] != "bbbb" else "cccc") + found[1][4:]
        snippets = tuple(
            replace(snippet, steps=tuple(replace(step, output=step.output.replace(found[1], other)) for step in snippet.steps))
            for snippet in recording.snippets
        )
        yield Mutant("another hash of a template", "describe", found[1], replace(recording, snippets=snippets))
