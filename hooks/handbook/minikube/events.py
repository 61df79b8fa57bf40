"""What ``minikube start --output=json`` says while it works: one event a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from handbook.progress import Progress

TYPE = "io.k8s.sigs.minikube."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a start failed, in minikube's words.

    Parameters:
        name: The stable name of the error, for instance ``DRV_AS_ROOT``.
        message: What happened.
        advice: What minikube advises; may be empty.
    """

    name: str
    message: str
    advice: str

    def __str__(self) -> str:
        text = f"{self.name}: {self.message.strip()}"
        return f"{text}\n  next: {self.advice.strip()}" if self.advice.strip() else text


def follow(lines: Iterable[str], progress: Progress) -> Failure | None:
    """Tell a person each step of a start as it begins.

    Returns:
        The error that ended it; None where it told of none.
    """
    failure = None
    for line in lines:
        kind, data = _parse(line)
        if kind == "step":
            progress.say(f"{data.get('message', '').strip()}")
        # A mere tip comes as an error too, but without an exit status.
        elif kind == "error" and "exitcode" in data:
            failure = Failure(data.get("name", "error"), data.get("message", ""), data.get("advice", ""))
    return failure


def _parse(line: str) -> tuple[str, dict[str, str]]:
    """The kind of an event and what it says; nothing for a line that is none."""
    try:
        event = json.loads(line)
        return event["type"].removeprefix(TYPE), event["data"]
    except (ValueError, KeyError, TypeError):
        return "", {}
