"""Programs of this package that are processes of their own: small, often started, so without what a site adds to Python."""

from __future__ import annotations

import sys
from pathlib import Path

import handbook

MAIN = "from handbook.lab.uml.{} import main; main()"


def python(module: str) -> tuple[str, ...]:
    """Words that run a module beside this one."""
    package = str(Path(handbook.__file__).parents[1])
    return (sys.executable, "-E", "-s", "-S", "-c", f"import sys; sys.path.insert(0, {package!r}); {MAIN.format(module)}")
