"""Limits: what authors ask for in a chapter's commands, and what its control groups must say then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from handbook.command_line import PLACEHOLDER
from handbook.computed.control_groups import cpu_shares, linear_weight, quadratic_weight
from handbook.drift import Change, Difference
from handbook.quantities import canonical
from handbook.recording import RecordedStep
from handbook.tree import Place

MEMORY = re.compile(r"(?:\bmemory[\"']?: *[\"']?|--memory[= ]\"?|\bMemoryMax=|limits=\S*memory=)(\d+(?:\.\d+)?[kKMGbm]?i?)\b")
PROCESSORS = re.compile(r"(?:\bcpu: *[\"']?|--cpus[= ]\"?|limits=\S*cpu=|requests=\S*cpu=)(\d*\.?\d+m?)\b")
SHARE = re.compile(r"\bCPUQuota=(\d+)%")
FILE = re.compile(
    r"\bcat \S*(?:pod(?!s)|docker[/-]|\.service|\.scope)\S*/"
    r"(memory\.max|memory\.limit_in_bytes|cpu\.weight|cpu\.shares|cpu\.max|cpu\.cfs_quota_us)$"
)
UNLIMITED = frozenset({"max", "-1", "2", "1", "9223372036854771712"})
PERIOD = 100_000  # microseconds
PAGE = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """What a chapter asks for.

    Parameters:
        memory: Bytes.
        processors: Thousandths of a processor.
    """

    memory: frozenset[int] = frozenset()
    processors: frozenset[int] = frozenset()


NO_LIMITS = Limits()


def limits_of(commands: Iterable[str]) -> Limits:
    """Everything that commands ask for."""
    text = "\n".join(commands)
    memory = {value for written in MEMORY.findall(text) if (value := _bytes(written))}
    processors = {int(1000 * _number(written)) for written in PROCESSORS.findall(text)}
    return Limits(frozenset(memory), frozenset(processors | {10 * int(share) for share in SHARE.findall(text)}))


def beyond_limits(step: RecordedStep, limits: Limits) -> Iterator[Difference]:
    """What a control group says although nobody asked for it; nothing where nobody asked for anything."""
    match = FILE.search(PLACEHOLDER.sub("CAPTURED", step.command))
    said = step.output.strip()
    if not match or not said or "\n" in said or said.split()[0] in UNLIMITED:
        return
    fitting = _fitting(match[1], limits)
    if fitting and said.split()[0] not in fitting:
        sentence = f"{match[1]} is {said}, which does not follow from what the chapter asks for: {' or '.join(sorted(fitting))}"
        yield Difference(Change.RELATION, sentence, None, Place(1, 0, len(said)))


def _fitting(file: str, limits: Limits) -> set[str]:
    """What a file may say."""
    if file.startswith("memory"):
        return {str(value - value % PAGE) for value in limits.memory}
    shares = {cpu_shares(one) for one in limits.processors}
    match file:
        case "cpu.shares":
            return set(map(str, shares))
        case "cpu.weight":
            return {str(weight(one)) for one in shares for weight in (linear_weight, quadratic_weight)}
    return {str(one * PERIOD // 1000) for one in limits.processors}


def _bytes(written: str) -> int:
    """Bytes as Kubernetes writes them, or as Docker and systemd do, whose units all are powers of 1024."""
    if written.endswith("i") or written.isdigit():
        return int(Fraction(canonical(written) or "0"))
    number, unit = written[:-1], written[-1].lower()
    return int(Fraction(number) * {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30}.get(unit, 0))


def _number(written: str) -> Fraction:
    return Fraction(written[:-1]) / 1000 if written.endswith("m") else Fraction(written)
