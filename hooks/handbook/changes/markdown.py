"""Drift as Markdown: for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handbook.changes.excerpt import excerpt
from handbook.changes.explanation import Explainer, Explanation
from handbook.changes.gathering import gathered
from handbook.changes.report import alone_lines, counted, only_lines
from handbook.compare import Alone, Comparison
from handbook.drift import Drift

SPECIAL = re.compile(r"([\\`*_{}\[\]>#|])")
SHOWN = 12  # differences of one step
LONGEST = 60_000  # characters; GitHub takes no more than 65,536 as the text of a pull request


def report_markdown(comparisons: Sequence[Comparison], explainer: Explainer, alone: Sequence[Alone] = ()) -> str:
    """What comparisons found, as Markdown.

    Parameters:
        comparisons: One for each chapter, of the same two environments.
        explainer: Knows in what the two environments differ.
        alone: Chapters that only one of them recorded.
    """
    old, new = comparisons[0].old, comparisons[0].new
    facts = [f"- {fact.name}: `{fact.old or '(absent)'}` → `{fact.new or '(absent)'}`" for fact in explainer.facts]
    told = {one.chapter: "\n\n".join(_chapter(one, explainer)) for one in comparisons if one.tells_something}
    shown, left = _as_long_as_may_be(told)
    parts = [f"# What changed from {old} to {new}", "\n".join(facts), *shown]
    parts.append(f"Too long to be shown here: {', '.join(left)}. `handbook diff {old} {new}` shows it." if left else "")
    agreed = [comparison.chapter for comparison in comparisons if not comparison.tells_something]
    parts.append(f"Nothing that means something changed in {', '.join(agreed)}." if agreed else "")
    return "\n\n".join(filter(None, [*parts, *alone_sentences(alone)]))


def _as_long_as_may_be(told: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The chapters of a report that there is room for, and the names of the others."""
    shown: list[str] = []
    left: list[str] = []
    for chapter, text in told.items():
        if sum(map(len, shown)) + len(text) < LONGEST:
            shown.append(text)
        else:
            left.append(chapter)
    return shown, left


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
    # Not every reader of Markdown takes a backslash off & < ~; GitHub would tell a user of the name behind an @.
    escaped = SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return escaped.replace("~", "&#126;").replace("@", "@<!-- -->")


def _chapter(comparison: Comparison, explainer: Explainer) -> Iterator[str]:
    yield f"## {plain(comparison.chapter)}"
    for drift in comparison.drifts:
        if drift.means_something:
            yield f"### {drift.snippet}, step {drift.step}"
            yield from _step(drift, explainer)
    yield from only_sentences(comparison)


def _step(drift: Drift, explainer: Explainer) -> Iterator[str]:
    shown = excerpt(drift, drift.meaningful)
    yield _fenced("console", ["$ " + drift.command.replace("\n", "\n> ")])
    yield "\n".join(reasons(drift, explainer))
    if lines := [f"{line.mark}{line.text}" for line in shown.lines if line.mark != " "]:
        yield _fenced("diff", lines)
    if shown.left:
        yield f"And {counted(shown.left, 'line')} more."


def reasons(drift: Drift, explainer: Explainer) -> Iterator[str]:
    """A list of what differs in a step, by what it comes from."""
    if drift.note:
        yield f"- {plain(drift.note[:1].upper() + drift.note[1:])}."
    for reason, differences in explainer.by_reason(drift, drift.meaningful).items():
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


def _fenced(language: str, lines: Sequence[str]) -> str:
    """A code block that its own text cannot close."""
    text = "\n".join(lines)
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"
