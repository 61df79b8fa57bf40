"""What keeps a machine from running a sandbox, and the remedy."""

from __future__ import annotations

from pathlib import Path

from handbook.environment import Missing
from handbook.search_path import is_there

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
    absent = [tool for tool in TOOLS if not is_there(tool)]
    return tuple(Missing(tool, USE, f"sudo apt-get install {TOOLS[tool]}") for tool in absent)


def explain(refused: str, settings: Path = SETTINGS, *, privileged: bool) -> Missing:
    """Say why a sandbox did not come up.

    Parameters:
        refused: What was said when it did not.
        settings: Where the kernel's settings are.
        privileged: Whether we are root, for whom some settings do not count.
    """
    restrictions = [("user.max_user_namespaces", "0", "15000")]
    if not privileged:
        restrictions.append(("kernel.unprivileged_userns_clone", "0", "1"))
        restrictions.append(("kernel.apparmor_restrict_unprivileged_userns", "1", "0"))
    for name, bad, good in restrictions:
        if _setting(settings / name.replace(".", "/")) == bad:
            return Missing("user namespaces", f"{USE}; {name} is {bad}", f"sudo sysctl -w {name}={good}")
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
