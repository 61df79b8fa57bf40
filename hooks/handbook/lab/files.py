"""Laying files of the book over a root file system."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from handbook.lab.digest import is_executable


def lay_over(folder: Path, root: Path) -> None:
    """Copy every file below ``folder`` to the same place below ``root``, owned by root.

    Modes follow from what git knows (executable or not), since owner, group and the rest depend on who cloned.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        target = root / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o755 if is_executable(path) else 0o644)
        os.chown(target, os.geteuid(), os.getegid())
