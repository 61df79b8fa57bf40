"""What keeps a machine from running a sandbox, and the remedy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from handbook.environment import Missing

TOOLS = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "mount": "util-linux",
    "bash": "bash",
    "hostname": "hostname",
    "timeout": "coreutils",
}
SETTINGS = Path("/proc/sys")
USE = "the sandbox, which is made of namespaces"


def missing_tools() -> tuple[Missing, ...]:
    """The programs that the sandbox is made with and that are not there."""
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    return tuple(Missing(tool, USE, f"sudo apt-get install {TOOLS[tool]}") for tool in absent)


def explain(refused: str, settings: Path = SETTINGS) -> Missing:
    """Say why a sandbox did not come up.

    Parameters:
        refused: What was said when it did not.
        settings: Where the kernel's settings are.
    """
    for name, bad, good in (
        ("user/max_user_namespaces", "0", "15000"),
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
    ):
        if _setting(settings / name) == bad and (name.startswith("user/") or os.geteuid() != 0):
            dotted = name.replace("/", ".")
            return Missing("user namespaces", f"{USE}; {dotted} is {bad}", f"sudo sysctl -w {dotted}={good}")
    if "overlay" in refused:
        return Missing(
            "overlay mounts in a user namespace", f"{USE} ({refused})", "run Linux 5.11 or newer with the module overlay loaded"
        )
    return Missing("namespaces", f"{USE} ({refused})", "run on a machine, or in a container, that may make and mount in namespaces")


def _setting(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
