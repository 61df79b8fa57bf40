"""Secrets in outputs: replaced by stable stand-ins before a recording is written, and looked for again in what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handbook.recording import RecordedStep, Recording

PATTERNS = {
    "private-key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----",
    "certificate": r"-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----",
    "jwt": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    # What a kubeconfig or a Secret holds of PEM files, in base64.
    "encoded-pem": r"\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}",
    # kubeadm: [a-z0-9]{6}.[a-z0-9]{16} (k8s.io/cluster-bootstrap/token/api)
    "bootstrap-token": r"(?<=[\s:=\"'])[a-z0-9]{6}\.[a-z0-9]{16}(?=[\s\"',]|$)",
    "certificate-key": r"(?<=certificate-key )[0-9a-f]{64}",
    "credential": r"(?i)(?:(?<=password[=:])|(?<=api_key[=:])|(?<=secret[=:]))(?!<)[^\s\"',;<]{8,}",
    "authorization": r"(?i)(?<=authorization: bearer )(?!<)[^\s\"']{8,}",
}
# Only what holds one of these can hold a secret; nearly no output does.
HINT = re.compile(
    r"-----BEGIN|eyJ|LS0tLS1|\b[a-z0-9]{6}\.[a-z0-9]{16}\b|certificate-key|(?i:password|api_?key|secret|authorization)"
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

    def clean(self, text: str) -> str:
        """The text without its secrets."""
        if not HINT.search(text):
            return text
        for kind, pattern in PATTERNS.items():
            text = re.sub(pattern, lambda match, kind=kind: self._stand_in(kind, match[0]), text)  # type: ignore[misc]
        return text

    def _stand_in(self, kind: str, secret: str) -> str:
        if secret not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            # As many lines as before, so that the numbers of the lines behind it stay right.
            self._known[secret] = f"<{kind}-{self._counts[kind]}>" + "\n" * secret.count("\n")
        return self._known[secret]


def without_secrets(recording: Recording) -> Recording:
    """A recording with a stand-in for every secret."""
    stand_ins = StandIns()
    snippets = tuple(
        replace(snippet, steps=tuple(_clean(step, stand_ins) for step in snippet.steps)) for snippet in recording.snippets
    )
    return replace(recording, snippets=snippets)


def _clean(step: RecordedStep, stand_ins: StandIns) -> RecordedStep:
    output = stand_ins.clean(step.output)
    captured = tuple((name, stand_ins.clean(value)) for name, value in step.captured)
    return step if output == step.output and captured == step.captured else replace(step, output=output, captured=captured)


def leaks(recording: Recording) -> Iterator[Leak]:
    """Every secret that stands in a recording."""
    for snippet in recording.snippets:
        for number, step in enumerate(snippet.steps, 1):
            for text in (step.output, *(value for _, value in step.captured)):
                if HINT.search(text):
                    yield from (Leak(snippet.id, number, kind) for kind, pattern in PATTERNS.items() if re.search(pattern, text))
