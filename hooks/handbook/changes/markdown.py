"""Drift as Markdown: for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from handbook.changes.explanation import Explainer, Explanation
from handbook.changes.gathering import gathered
from handbook.changes.report import alone_lines, only_lines
from handbook.compare import Alone, Comparison
from handbook.drift import Difference, Drift
from handbook.tree import Place

SPECIAL = re.compile(r"([\\`*_{}\[\]>#|])")
SHOWN = 12  # differences of one step


def report_markdown(comparisons: Sequence[Comparison], explainer: Explainer, alone: Sequence[Alone] = ()) -> str:
    """What comparisons found, as Markdown.

    Parameters:
        comparisons: One for each chapter, of the same two environments.
        explainer: Knows in what the two environments differ.
        alone: Chapters that only one of them recorded.
    """
    old, new = comparisons[0].old, comparisons[0].new
    facts = [f"- {fact.name}: `{fact.old or '(absent)'}` → `{fact.new or '(absent)'}`" for fact in explainer.facts]
    told = [comparison for comparison in comparisons if comparison.tells_something]
    parts = [f"# What changed from {old} to {new}", "\n".join(facts), *("\n\n".join(_chapter(one, explainer)) for one in told)]
    agreed = [comparison.chapter for comparison in comparisons if not comparison.tells_something]
    parts.append(f"Nothing that means something changed in {', '.join(agreed)}." if agreed else "")
    return "\n\n".join(filter(None, [*parts, *alone_sentences(alone)]))


def alone_sentences(alone: Sequence[Alone]) -> list[str]:
    """Chapters that only one of two environments recorded, as Markdown."""
    return _sentences(alone_lines(alone))


def only_sentences(comparison: Comparison) -> list[str]:
    """Steps of a chapter that only one of two environments ran, as Markdown."""
    return _sentences(only_lines(comparison))


def _sentences(lines: Iterable[str]) -> list[str]:
    return [plain(f"{line[:1].upper()}{line[1:]}.") for line in lines]


def plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    # Not every reader of Markdown takes a backslash off these two.
    return SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _chapter(comparison: Comparison, explainer: Explainer) -> Iterator[str]:
    yield f"## {plain(comparison.chapter)}"
    for drift in comparison.drifts:
        if drift.means_something:
            yield f"### {drift.snippet}, step {drift.step}"
            yield from _step(drift, explainer)
    yield from only_sentences(comparison)


def _step(drift: Drift, explainer: Explainer) -> Iterator[str]:
    shown = [difference for difference in drift.differences if difference.means_something][:SHOWN]
    yield _fenced("console", ["$ " + drift.command.replace("\n", "\n> ")])
    yield "\n".join(reasons(drift, explainer))
    if excerpt := list(dict.fromkeys(line for difference in shown for line in _lines(drift, difference))):
        yield _fenced("diff", excerpt)


def reasons(drift: Drift, explainer: Explainer) -> Iterator[str]:
    """A list of what differs in a step, by what it comes from."""
    meaningful = [difference for difference in drift.differences if difference.means_something]
    if drift.note:
        yield f"- {plain(drift.note[:1].upper() + drift.note[1:])}."
    for reason, differences in explainer.by_reason(drift, meaningful).items():
        groups = gathered(differences)
        yield f"- {because(reason)}"
        yield from (f"    - {plain(group.sentence)}" for group in groups[:SHOWN])
        if len(groups) > SHOWN:
            yield f"    - and {len(groups) - SHOWN} more"


def because(reason: Explanation | None) -> str:
    """An explanation as Markdown."""
    if reason is None:
        return "*Unexplained.*"
    source = f" [Source]({reason.source})" if reason.source else ""
    return f"*{plain(reason.component)}*: {plain(reason.sentence.removesuffix('.'))}.{source}"


def _lines(drift: Drift, difference: Difference) -> Iterator[str]:
    if difference.old:
        yield f"-{_line(drift.old.output, difference.old)}"
    if difference.new:
        yield f"+{_line(drift.new.output, difference.new)}"


def _line(output: str, place: Place) -> str:
    return output.split("\n")[place.line - 1]


def _fenced(language: str, lines: Sequence[str]) -> str:
    """A code block that its own text cannot close."""
    text = "\n".join(lines)
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"
