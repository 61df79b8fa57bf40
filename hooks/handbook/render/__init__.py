"""Rendering: snippets and what environments printed of them, as HTML figures. Knows neither Markdown nor a site generator."""

from __future__ import annotations

from handbook.render.figure import figure_anchor, note, plain_figure, recorded_figure, unrecorded_figure

__all__ = ["figure_anchor", "note", "plain_figure", "recorded_figure", "unrecorded_figure"]
