"""Drift for people at a terminal, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handbook.changes.excerpt import ExcerptLine, excerpt
from handbook.changes.explanation import Explainer, Explanation
from handbook.changes.gathering import gathered
from handbook.compare import Alone, Comparison
from handbook.comparison.step_pairs import Unmatched
from handbook.drift import Difference, Drift, FactChange
from handbook.tree import Place

SHOWN = 12  # differences of one step; who needs more reads both recordings
WIDTH = 120  # columns of a line that are shown


def report_text(comparisons: Iterable[Comparison], explainer: Explainer | None = None, alone: Iterable[Alone] = ()) -> str:
    """What comparisons found, for a terminal.

    Parameters:
        comparisons: One for each chapter.
        explainer: Knows in what the two environments differ; None where they are one.
        alone: Chapters that only one of them recorded.
    """
    found = list(comparisons)
    parts = ["\n".join(_chapter_lines(comparison, explainer)) for comparison in found]
    facts = explainer.facts if explainer else ()
    explained = [f"the environments differ in {', '.join(map(str, facts))}"] if facts else []
    return "\n\n".join([*filter(None, parts), "\n".join([*alone_lines(alone), *explained, _summary(found)])])


def _summary(found: Sequence[Comparison]) -> str:
    """How many chapters agreed, and what became of the others."""
    agreed = sum(not comparison.tells_something for comparison in found)
    drifted = sum(comparison.means_something for comparison in found)
    steps = sum(drift.means_something for comparison in found for drift in comparison.drifts)
    alone = [number for one in found if (number := len(one.only_old) + len(one.only_new))]
    parts = (
        f"{counted(agreed, 'chapter')} agreed",
        f"{counted(steps, 'step')} of {counted(drifted, 'chapter')} drifted" if drifted else "",
        f"{counted(sum(alone), 'step')} of {counted(len(alone), 'chapter')} only in one of them" if alone else "",
    )
    return ", ".join(filter(None, parts))


def alone_lines(alone: Iterable[Alone]) -> list[str]:
    """Chapters that only one of two environments recorded, for people."""
    return [
        f"only in {environment}: {'chapter' if len(chapters) == 1 else 'chapters'} {', '.join(chapters)}"
        for environment, chapters in alone
        if chapters
    ]


def since_line(facts: Iterable[FactChange]) -> str:
    """In what an environment is no longer the one that was recorded; empty where it is the same."""
    found = ", ".join(map(str, facts))
    return f"since it was recorded the environment has changed: {found}" if found else ""


def drift_lines(drift: Drift, explainer: Explainer | None = None) -> list[str]:
    """What differs in one step, for a terminal.

    Parameters:
        drift: The step.
        explainer: Says why, where two environments are compared.
    """
    shown = drift.meaningful or drift.differences
    told = list(_by_reason(drift, shown, explainer)) if explainer else _told(shown)
    return [*told, *filter(None, [drift.note]), *_excerpt_lines(drift, shown)]


def _told(differences: Sequence[Difference]) -> list[str]:
    groups = gathered(differences)
    more = [f"... and {len(groups) - SHOWN} more"] if len(groups) > SHOWN else []
    return [*(group.sentence for group in groups[:SHOWN]), *more]


def _by_reason(drift: Drift, differences: Sequence[Difference], explainer: Explainer) -> Iterator[str]:
    """Every reason once, and below it what it explains."""
    for reason, explained in explainer.by_reason(drift, differences).items():
        yield f"because of {reason}" if reason else "unexplained"
        yield from (f"  {line}" for line in _told(explained))


def report_data(
    comparisons: Iterable[Comparison], explainer: Explainer | None = None, alone: Iterable[Alone] = ()
) -> dict[str, object]:
    """The same for programs: strings, numbers, lists and mappings only."""
    why = explainer or Explainer()
    return {
        "facts": facts_data(why.facts),
        "chapters": [_chapter_data(comparison, why) for comparison in comparisons],
        "only_in": [{"environment": environment, "chapters": list(chapters)} for environment, chapters in alone if chapters],
    }


def facts_data(facts: Iterable[FactChange]) -> list[dict[str, str]]:
    """In what two environments differ, for programs."""
    return [{"name": fact.name, "old": fact.old, "new": fact.new} for fact in facts]


def counted(number: int, noun: str) -> str:
    """``1 chapter``, ``2 chapters``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _chapter_lines(comparison: Comparison, explainer: Explainer | None) -> Iterator[str]:
    drifts = [drift for drift in comparison.drifts if drift.means_something]
    layout = len(comparison.drifts) - len(drifts)
    if not (drifts or layout or comparison.only_old or comparison.only_new or comparison.notes):
        return
    yield f"{comparison.chapter}: {comparison.old} -> {comparison.new}"
    for drift in drifts:
        yield f"  {drift.snippet}, step {drift.step}: $ {_first_line(drift.command)}"
        yield from (f"    {line}" for line in drift_lines(drift, explainer))
    if layout:
        yield f"  {counted(layout, 'step')} with another layout only"
    yield from (f"  {note}" for note in comparison.notes)
    yield from (f"  {line}" for line in only_lines(comparison))


def only_lines(comparison: Comparison) -> Iterator[str]:
    """Steps of a chapter that only one of two environments ran, for people."""
    for environment, steps in ((comparison.old, comparison.only_old), (comparison.new, comparison.only_new)):
        if steps:
            snippets = dict.fromkeys(step.snippet for step in steps)
            yield f"only in {environment}: {counted(len(steps), 'step')} of {', '.join(snippets)}"


def _first_line(command: str) -> str:
    first, *rest = command.split("\n")
    return f"{first} ..." if rest else first


def _excerpt_lines(drift: Drift, differences: Sequence[Difference]) -> Iterator[str]:
    """The lines that differ, old ones marked with ``-`` and new ones with ``+``, each with the line before it."""
    shown = excerpt(drift, differences)
    yield from (f"{line.mark} {line.place.line:>4}  {_cut(line)}" for line in shown.lines)
    if shown.left:
        yield f"... and {counted(shown.left, 'line')} more"


def _cut(shown: ExcerptLine) -> str:
    """A line that is not too long, with what differs in it."""
    line, start = shown.text, shown.place.start
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    return ("..." if first else "") + line[first : first + WIDTH] + ("..." if len(line) > first + WIDTH else "")


def _chapter_data(comparison: Comparison, why: Explainer) -> dict[str, object]:
    return {
        "chapter": comparison.chapter,
        "old": comparison.old,
        "new": comparison.new,
        "drifts": [drift_data(drift, why) for drift in comparison.drifts],
        "only_old": [_unmatched_data(step) for step in comparison.only_old],
        "only_new": [_unmatched_data(step) for step in comparison.only_new],
        "notes": list(comparison.notes),
    }


def drift_data(drift: Drift, why: Explainer) -> dict[str, object]:
    """What differs in one step, for programs."""
    return {
        "snippet": drift.snippet,
        "step": drift.step,
        "command": drift.command,
        "change": str(drift.change),
        "means_something": drift.means_something,
        "note": drift.note,
        "differences": [
            {
                "change": str(difference.change),
                "subject": difference.subject,
                "sentence": difference.sentence,
                "because": _reason_data(why.explain(drift, difference)),
                "old": _place_data(difference.old),
                "new": _place_data(difference.new),
                "height": difference.height,
            }
            for difference in drift.differences
        ],
        "old": {"output": drift.old.output, "exit": drift.old.exit},
        "new": {"output": drift.new.output, "exit": drift.new.exit},
    }


def _reason_data(reason: Explanation | None) -> dict[str, str] | None:
    if reason is None:
        return None
    return {"component": reason.component, "sentence": reason.sentence, "source": reason.source, "known": reason.known}


def _place_data(place: Place | None) -> dict[str, int] | None:
    return place and {"line": place.line, "start": place.start, "end": place.end}


def _unmatched_data(step: Unmatched) -> dict[str, object]:
    return {"snippet": step.snippet, "step": step.step, "command": step.command}
