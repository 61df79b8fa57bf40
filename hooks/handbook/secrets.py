"""Secrets in outputs: replaced by stable stand-ins before a recording is written, and looked for again in what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handbook.recording import RecordedStep, Recording

# Where a pattern has a group, that is the secret; else all that it matches. None matches a stand-in.
PATTERNS = {
    # Also the first lines of one.
    "private-key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----|(?:\s+[A-Za-z0-9+/=]{16,})+)",
    "certificate": r"-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----",
    "jwt": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    # What a kubeconfig or a Secret holds of PEM files, in base64.
    "encoded-pem": r"\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}",
    # kubeadm: [a-z0-9]{6}.[a-z0-9]{16} (k8s.io/cluster-bootstrap/token/api)
    "bootstrap-token": r"(?<![^\s:=\"'])[a-z0-9]{6}\.[a-z0-9]{16}(?![^\s\"',])",
    "certificate-key": r"(?i)certificate[ -]key[:= ]\s*([0-9a-f]{64})\b",
    "credential": r"(?i)(?:password|api[_-]?key|secret|secret[_-]key|token)[\"']?[ \t]*[=:][ \t]*[\"']?([^\s\"',;<]{8,})",
    "authorization": r"(?i)authorization: (?:bearer|basic) ([^\s\"'<]{8,})",
}
# What stands where a secret was.
STAND_IN = re.compile(rf"<(?:{'|'.join(PATTERNS)})-\d+>")
UNMISTAKABLE = re.compile(r"\d|[\s\S]{20}")
# Only what holds one of these can hold a secret; nearly no output does.
HINT = re.compile(
    r"-----BEGIN|eyJ|LS0tLS1|\b[a-z0-9]{6}\.[a-z0-9]{16}\b|(?i:certificate[ -]key|passw|api[_-]?key|secret|token|authorization)"
)


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in a stored recording.

    Parameters:
        snippet: The id of the snippet.
        step: Which step of it, counted from 1.
        what: What it looks like.
    """

    snippet: str
    step: int
    what: str


class StandIns:
    """Stand-ins for secrets: the same secret gets the same one everywhere in a chapter, in the order of their first appearance."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def learn(self, text: str) -> None:
        """Give a stand-in to every secret of a text."""
        for kind, secret in _secrets(text):
            if secret not in self._known:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                # As many lines as before, so that the numbers of the lines behind it stay right.
                self._known[secret] = f"<{kind}-{self._counts[kind]}>" + "\n" * secret.count("\n")

    def clean(self, text: str) -> str:
        """The text without the secrets that were learnt; one that is no mere word goes also where nothing gives it away."""
        if not self._known:
            return text
        for pattern in PATTERNS.values():
            text = re.sub(pattern, self._replaced, text)
        for secret in sorted(filter(UNMISTAKABLE.search, self._known), key=len, reverse=True):
            text = text.replace(secret, self._known[secret])
        return text

    def _replaced(self, match: re.Match[str]) -> str:
        secret = match[match.re.groups]
        return match[0].replace(secret, self._known.get(secret, secret))


def _secrets(text: str) -> Iterator[tuple[str, str]]:
    """Every secret in a text with the first kind that it is of, in the order in which the kinds are known."""
    kinds: dict[str, str] = {}
    if HINT.search(text):
        for kind, pattern in PATTERNS.items():
            for match in re.finditer(pattern, text):
                kinds.setdefault(match[match.re.groups], kind)
    yield from ((kind, secret) for secret, kind in kinds.items())


def without_secrets(recording: Recording) -> Recording:
    """A recording with a stand-in for every secret."""
    stand_ins = StandIns()
    for snippet in recording.snippets:
        for step in snippet.steps:
            for text in _texts(step):
                stand_ins.learn(text)
    snippets = tuple(
        replace(snippet, steps=tuple(_clean(step, stand_ins) for step in snippet.steps)) for snippet in recording.snippets
    )
    return replace(recording, snippets=snippets)


def _texts(step: RecordedStep) -> tuple[str, ...]:
    return (step.output, *(value for _, value in step.captured))


def _clean(step: RecordedStep, stand_ins: StandIns) -> RecordedStep:
    output = stand_ins.clean(step.output)
    captured = tuple((name, stand_ins.clean(value)) for name, value in step.captured)
    return step if output == step.output and captured == step.captured else replace(step, output=output, captured=captured)


def leaks(recording: Recording) -> Iterator[Leak]:
    """Every secret that stands in a recording."""
    for snippet in recording.snippets:
        for number, step in enumerate(snippet.steps, 1):
            kinds = dict.fromkeys(kind for text in _texts(step) for kind, _ in _secrets(text))
            yield from (Leak(snippet.id, number, kind) for kind in kinds)
