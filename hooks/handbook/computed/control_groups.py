"""Control groups of pods: their paths and their weights."""

from __future__ import annotations

from math import ceil, log2

LEVELS = {"Guaranteed": "", "Burstable": "burstable", "BestEffort": "besteffort"}


def pod_path(uid: str, quality: str, driver: str) -> str:
    """Where the control group of a pod is, below the root.

    Parameters:
        uid: Of the pod; of a static pod its annotation ``kubernetes.io/config.hash``.
        quality: ``Guaranteed``, ``Burstable`` or ``BestEffort``.
        driver: ``systemd`` or ``cgroupfs``.
    """
    level = LEVELS[quality]
    if driver == "cgroupfs":
        return "/".join(filter(None, ("/kubepods", level, f"pod{uid}")))
    parts = ["kubepods", *filter(None, (level,)), f"pod{uid.replace('-', '_')}"]
    return "/" + "/".join(f"{'-'.join(parts[: count + 1])}.slice" for count in range(len(parts)))


def cpu_shares(thousandths: int) -> int:
    """The shares of a request for processors.

    Parameters:
        thousandths: The request, in thousandths of a processor.
    """
    return max(2, thousandths * 1024 // 1000)


def linear_weight(shares: int) -> int:
    """``cpu.weight`` as the kubelet writes it, and as runc did before 1.3.2."""
    return 1 + ((shares - 2) * 9999) // 262142


def quadratic_weight(shares: int) -> int:
    """``cpu.weight`` as runc writes it since 1.3.2 and crun since 1.23."""
    power = log2(shares)
    return ceil(10 ** ((power**2 + 125 * power) / 612 - 7 / 34))


def probability(rule: int, endpoints: int) -> float:
    """With which probability a rule of a Service's chain takes a connection; the last rule has none written.

    Parameters:
        rule: Which one, counted from 0.
        endpoints: How many there are.
    """
    return 1 / (endpoints - rule)
