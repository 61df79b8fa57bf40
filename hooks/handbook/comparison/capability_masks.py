"""Masks of capabilities: which capability a bit stands for, as <linux/capability.h> numbers them."""

from __future__ import annotations

import re

MASK = re.compile(r"00000[0-9a-f]{11}")
LISTED = (
    "chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service "
    "net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin "
    "sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override "
    "mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore"
)
NAMED = 8  # so many are called by their names
NAMES = tuple(LISTED.split())


def mask_difference(old: str, new: str) -> str:
    """What one mask has and another has not, such as ``with CAP_CHOWN, without CAP_KILL``; empty where a text is no mask.

    A mask that has nothing is ``without any``, and many capabilities are counted.

    Parameters:
        old: Sixteen hexadecimal digits.
        new: Likewise.
    """
    if not (MASK.fullmatch(old) and MASK.fullmatch(new)):
        return ""
    before, now = int(old, 16), int(new, 16)
    if not now and before:
        return "without any"
    parts = (("with", _named(now & ~before)), ("without", _named(before & ~now)))
    return ", ".join(f"{word} {_listed(names)}" for word, names in parts if names)


def _named(bits: int) -> list[str]:
    names = (NAMES[bit] if bit < len(NAMES) else str(bit) for bit in range(bits.bit_length()) if bits >> bit & 1)
    return [f"CAP_{name.upper()}" for name in names]


def _listed(names: list[str]) -> str:
    return " ".join(names) if len(names) <= NAMED else f"{len(names)} capabilities"
