"""Applicability: whether any environment of a book could run a snippet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handbook.chapter import Chapter
from handbook.condition import Condition, Fact
from handbook.environment import Environment
from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedEnvironment
from handbook.snippet import Snippet


def could_run(
    chapter: Chapter, snippet: Snippet, recorded: Iterable[RecordedEnvironment], unrecorded: Iterable[Environment]
) -> bool:
    """Tell whether some environment can run a snippet, or may be able to.

    Parameters:
        chapter: The snippet's chapter.
        snippet: The snippet.
        recorded: Environments whose fingerprint is known.
        unrecorded: Environments of which only the facts in their files are known; what those leave open may be.
    """
    conditions = (chapter.requires, snippet.when)
    known = any(all(condition.holds(environment.fingerprint) for condition in conditions) for environment in recorded)
    return known or any(all(may_hold(condition, environment.facts) for condition in conditions) for environment in unrecorded)


def may_hold(condition: Condition, facts: Mapping[str, str]) -> bool:
    """Tell whether a condition can be true for an environment of which only some facts are known."""
    return _verdict(condition.rule, Fingerprint(facts)) is not False


def _verdict(rule: object, facts: Fingerprint) -> bool | None:
    """True, false, or None for not known."""
    match rule:
        case Fact():
            return rule.holds(facts) if facts.get(rule.name) else None
        case ("not", inner):
            verdict = _verdict(inner, facts)
            return None if verdict is None else not verdict
        case ("and", left, right):
            verdicts = (_verdict(left, facts), _verdict(right, facts))
            return False if False in verdicts else None if None in verdicts else True
        case ("or", left, right):
            verdicts = (_verdict(left, facts), _verdict(right, facts))
            return True if True in verdicts else None if None in verdicts else False
    return True
