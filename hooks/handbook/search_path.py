"""Where programs of this machine are looked for."""

from __future__ import annotations

import os
import shutil


def search_path() -> str:
    """The folders where programs are looked for: as the reader does, and where Debian keeps those of the administrator."""
    return f"{os.environ.get('PATH', '/usr/local/bin:/usr/bin:/bin')}:/usr/local/sbin:/usr/sbin:/sbin"


def is_there(program: str) -> bool:
    """Whether this machine has a program."""
    return shutil.which(program, path=search_path()) is not None
