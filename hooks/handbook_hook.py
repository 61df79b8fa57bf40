"""MkDocs events, nothing else: the engine is the installed package ``handbook``."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from handbook.superfences import shelf

CHANGES = "changes/index.md"
log = logging.getLogger("mkdocs.handbook")


def on_pre_build(config: Any) -> None:
    """Say which book the fences read from, and what is wrong with it: a fence sees no page but its own."""
    archive = shelf.use(_root(config), Path(config.docs_dir))
    for mistake in archive.mistakes:
        log.warning("%s", mistake)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that no file holds."""
    for path, text in shelf.pages(directory_urls=config.use_directory_urls).items():
        files.append(type(next(iter(files))).generated(config, path, content=text))
    if config.nav and files.get_file_from_path(CHANGES):
        config.nav.append({"What changed": CHANGES})
    return files


def on_serve(server: Any, config: Any, builder: Any) -> Any:  # noqa: ARG001  # MkDocs passes it by name
    """Build again when a recording changes."""
    folders = (_root(config) / name for name in ("snippets", "resources", ".handbook/snippets"))
    for folder in folders:
        if folder.is_dir():
            server.watch(str(folder))
    return server


def _root(config: Any) -> Path:
    return Path(config.config_file_path).parent
