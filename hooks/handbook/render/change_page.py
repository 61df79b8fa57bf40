"""Pages about what changed, as Markdown: both outputs side by side, the difference marked inside the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import chain, groupby

from handbook.catalogue import KnownChange
from handbook.changes.between import Changed, anchor
from handbook.changes.excerpt import places
from handbook.changes.explanation import Explainer
from handbook.changes.markdown import alone_sentences, only_sentences, plain, reasons
from handbook.changes.report import counted
from handbook.compare import Comparison
from handbook.drift import Drift
from handbook.recording import RecordedStep
from handbook.render.markup import attribute, escape
from handbook.tree import Place

WHOLE = 24  # lines of an output that are shown whatever differs
AROUND = 2  # lines that are shown in front of and behind one that differs
IN_VIEW = 30  # characters of a line that half of a page shows, with some of what follows
STYLE = "<style>{}</style>\n"


def pages(changes: Sequence[Changed], catalogue: Sequence[KnownChange]) -> Iterator[tuple[str, str]]:
    """Every page with its path below the folder of the chapters; none where there is nothing to compare.

    Parameters:
        changes: The neighbouring environments.
        catalogue: The known changes.
    """
    if not changes:
        return
    yield "changes/index.md", _index(changes, catalogue)
    for changed in changes:
        yield f"changes/{changed.name}.md", _page(changed)


def _index(changes: Sequence[Changed], catalogue: Sequence[KnownChange]) -> str:
    rows = [_row(changed) for changed in changes]
    shown = {name for changed in changes for name in changed.shown}
    missing = [change for change in catalogue if change.name not in shown]
    parts = [
        "# What changed",
        "The same chapters, run in two environments that differ in a version or a setting. What only looks different is left out.",
        "\n".join(["| from | to | steps that differ | not explained |", "|---|---|---|---|", *rows]),
        _not_shown(missing) if missing else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _row(changed: Changed) -> str:
    link = f"[{changed.new.name}]({changed.name}.md)"
    return f"| {changed.old.name} | {link} | {len(changed.drifts)} | {changed.unexplained or ''} |"


def _not_shown(missing: Sequence[KnownChange]) -> str:
    """Known changes that nobody can see here, by component."""
    lines = ["## Known changes that no page here shows"]
    for component, changes in groupby(missing, key=lambda change: change.component):
        lines.append(f"### {component}")
        lines.append(
            "\n".join(f"- *{plain(change.when)}*: {plain(change.sentence)} [Source]({change.source})" for change in changes)
        )
    return "\n\n".join(lines)


def _page(changed: Changed) -> str:
    style = resources.files("handbook").joinpath("assets", "change.css").read_text(encoding="utf-8")
    facts = [f"| {fact.name} | {plain(fact.old or '—')} | {plain(fact.new or '—')} |" for fact in changed.explainer.facts]
    table = "\n".join([f"| | {changed.old.name} | {changed.new.name} |", "|---|---|---|", *facts]) if facts else ""
    told = [comparison for comparison in changed.comparisons if comparison.tells_something]
    agreed = [comparison.chapter for comparison in changed.comparisons if not comparison.tells_something]
    parts = [f"# From {changed.old.name} to {changed.new.name}", STYLE.format(style), table]
    parts += ["\n\n".join(_chapter(comparison, changed.explainer)) for comparison in told]
    parts.append(f"Nothing else differs, and nothing at all in {', '.join(agreed)}." if agreed else "")
    parts += alone_sentences(changed.alone)
    return "\n\n".join(filter(None, parts)) + "\n"


def _chapter(comparison: Comparison, explainer: Explainer) -> Iterator[str]:
    yield f"## [{plain(comparison.chapter)}](../{comparison.chapter}.md)"
    for drift in comparison.drifts:
        if drift.means_something:
            yield f"### {drift.snippet}, step {drift.step} {{: #{anchor(drift)} }}"
            yield _figure(drift, comparison)
            yield "\n".join(reasons(drift, explainer))
    yield from only_sentences(comparison)


def _figure(drift: Drift, comparison: Comparison) -> str:
    """Both outputs side by side; their lines are broken where a difference would be out of view."""
    before, now = (list(chain.from_iterable(found)) for found in places(drift, drift.meaningful))
    old, new = _output(drift.old, before), _output(drift.new, now)
    look = "handbook-change" + (" handbook-change-broken" if any(place.start > IN_VIEW for place in [*before, *now]) else "")
    command = "".join(f'<span class="handbook-change-line">{escape(line)}</span>\n' for line in drift.command.split("\n"))
    return (
        f'<div class="{look}"><pre class="handbook-change-command">{command}</pre>'
        f"{_side(comparison.old, drift.old, old)}{_side(comparison.new, drift.new, new)}</div>"
    )


def _side(environment: str, step: RecordedStep, output: str) -> str:
    status = f" · exit {step.exit}" if step.exit else ""
    title = f'<span class="handbook-change-title">{escape(environment)}{status}</span>'
    return f'<div class="handbook-change-side" data-environment="{attribute(environment)}">{title}<pre>{output}</pre></div>'


def _output(step: RecordedStep, found: Sequence[Place]) -> str:
    """The lines of an output, those around a difference where there are many."""
    text = step.output.removesuffix("\n").split("\n") if step.output else []
    differing = {place.line for place in found}
    near = {line + distance for line in differing for distance in range(-AROUND, AROUND + 1)}
    shown = range(1, len(text) + 1) if len(text) <= WHOLE else sorted(line for line in near if 1 <= line <= len(text))
    lines, last = [], 0
    for number in shown:
        if number > last + 1:
            lines.append(f'<span class="handbook-change-gap">{counted(number - last - 1, "equal line")}</span>')
        lines.append(_line(text[number - 1], [place for place in found if place.line == number], number in step.stderr))
        last = number
    return "\n".join(lines) or '<span class="handbook-change-gap">nothing</span>'


def _line(text: str, places: Sequence[Place], is_error: bool) -> str:
    """One line, with what differs marked in it."""
    look = "handbook-change-line" + (" handbook-change-differs" if places else "")
    if is_error:
        look += ' handbook-change-error" title="standard error'
    parts, last = [], 0
    for place in sorted(places):
        start, end = max(last, place.start), max(last, place.end)
        parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>" if start < end else ""]
        last = end
    return f'<span class="{look}">{"".join(parts)}{escape(text[last:])}</span>'
