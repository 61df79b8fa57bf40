"""Figures: a snippet in every environment that printed it, as one piece of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handbook.changes.pages import ChangePages
from handbook.chapter import Chapter
from handbook.edition import Edition, PrintedSnippet, PrintedStep
from handbook.render.markup import attribute, escape, inside_quotes
from handbook.render.panel import screen
from handbook.render.provenance import facts_that_matter, provenance
from handbook.render.values import values_of
from handbook.snippet import Snippet


def recorded_figure(chapter: Chapter, snippet: Snippet, editions: Sequence[Edition], changes: ChangePages | None = None) -> str:
    """The figure of a snippet that at least one environment printed.

    Every environment is a panel of the figure. The first is shown; a page's script shows another one.

    Parameters:
        chapter: The snippet's chapter.
        snippet: One of its snippets.
        editions: The chapter's editions, the one to show in front.
        changes: The site's pages about what changed; None where it has none.
    """
    panels = [(edition, printed) for edition in editions if (printed := edition.of(snippet)) and printed.printed]
    names = [edition.environment.name for edition, _ in panels]
    facts = facts_that_matter(chapter, panels[0][1])
    here = editions[0].environment.name in names
    body = "".join(_panel(chapter, *panel, facts, changes, shown=position == 0) for position, panel in enumerate(panels))
    if len(panels) < len(editions):
        body = _variant(snippet, names, body, shown=here) if snippet.when.text else _elsewhere(names, shown=not here) + body
    return frame(figure_anchor(chapter, snippet), body)


def unrecorded_figure(chapter: Chapter, snippet: Snippet, remark: str) -> str:
    """The figure of a snippet that no environment printed: its commands, and why there is nothing else.

    Parameters:
        chapter: The snippet's chapter.
        snippet: One of its snippets.
        remark: A sentence about it.
    """
    steps = [PrintedStep(step, step.command, None) for step in snippet.steps]
    body = screen(steps, snippet.trailing, snippet.target or chapter.target)
    return frame(figure_anchor(chapter, snippet), body + note(remark))


def plain_figure(snippet: Snippet, remark: str = "", text: str = "") -> str:
    """The figure of a block that is not recorded: what its author wrote.

    Parameters:
        snippet: The block.
        remark: A sentence about what is wrong with it, if anything is.
        text: What it holds, where it holds no command.
    """
    steps = [PrintedStep(step, step.command, None) for step in snippet.steps]
    body = screen(steps, snippet.trailing, snippet.target) if steps else f'<pre class="handbook-screen">{escape(text)}</pre>'
    return frame("", body + (note(remark) if remark else ""))


def figure_anchor(chapter: Chapter, snippet: Snippet) -> str:
    """The id of a snippet's figure on its page, for links; variants that share a snippet's id are numbered."""
    same = [other for other in chapter.snippets if other.id == snippet.id]
    number = same.index(snippet) + 1
    return f"figure-{snippet.id}" + (f"-{number}" if number > 1 else "")


def frame(anchor: str, body: str) -> str:
    """Put a figure round its content.

    Parameters:
        anchor: The figure's id; empty where it has none.
        body: HTML.
    """
    return f'<figure class="handbook"{f" id={chr(34)}{attribute(anchor)}{chr(34)}" if anchor else ""}>{body}</figure>'


def note(remark: str) -> str:
    """A note that nobody overlooks: something is wrong here, or missing."""
    return f'<p class="handbook-note" role="note">{escape(remark)}</p>'


def _panel(
    chapter: Chapter, edition: Edition, printed: PrintedSnippet, facts: Iterable[str], changes: ChangePages | None, *, shown: bool
) -> str:
    """One environment. Those that are not shown lie in an attribute: nothing lays out or searches them before."""
    snippet, target = printed.snippet, printed.snippet.target or chapter.target
    content = screen(printed.steps, snippet.trailing, target, values_of(edition.values), "Not recorded since it changed.")
    content += provenance(chapter, edition, printed, facts, changes)
    place = f'class="handbook-panel" data-environment="{attribute(edition.environment.name)}" data-order="{edition.order}"'
    return f"<div {place}>{content}</div>" if shown else f"<div {place} hidden data-content='{inside_quotes(content)}'></div>"


def _variant(snippet: Snippet, names: Iterable[str], body: str, *, shown: bool) -> str:
    """A variant of an exercise says which environments it is for, and folds where the chosen one has another."""
    summary = f"<summary>For {escape(_listed(names))} <span>{escape(snippet.when.text)}</span></summary>"
    return f'<details class="handbook-variant"{" open" if shown else ""}>{summary}{body}</details>'


def _elsewhere(names: Sequence[str], *, shown: bool) -> str:
    state = "" if shown else " hidden"
    return f'<p class="handbook-elsewhere"{state}>Recorded in {escape(_listed(names))} only.</p>'


def _listed(names: Iterable[str]) -> str:
    *front, last = names
    return f"{', '.join(front)} and {last}" if front else last
