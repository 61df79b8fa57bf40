"""Lets files keep their owners in a sandbox whose root is nobody outside; a program of its own, run as real root.

The sandbox of real root has a user namespace whose 65536 users are nobody's on the machine, so that its root can change nothing of
the machine: not even the files, kernel settings and groups that belong to the machine's root. To see the system's files as theirs
nevertheless, each layer's lower directory is mounted with the same mapping. Where a file system cannot do that (before Linux 5.19,
or one that lies on an overlay itself), nothing is mounted and its files belong to nobody.

Arguments: first user outside, number of users, directories ..., ``--``, a command that is run as root of the new user namespace. It
finds the directories as /tmp/owners/0, 1, ...; the mount namespace must be a private one already.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
OPEN_TREE_CLONE = 1
MOVE_MOUNT_F_EMPTY_PATH = 4
AT_FDCWD = -100
AT_EMPTY_PATH = 0x1000
MOUNT_ATTR_IDMAP = 0x100000

libc = ctypes.CDLL(None, use_errno=True)


class MountAttributes(ctypes.Structure):
    """``struct mount_attr`` of linux/mount.h."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def system_call(number: int, *arguments: int | bytes | ctypes.Structure) -> int:
    """Make a system call that the C library has no function for.

    Raises:
        OSError: When the kernel refuses.
    """
    words = (ctypes.c_long(word) if isinstance(word, int) else word for word in arguments)
    result: int = libc.syscall(
        ctypes.c_long(number), *(ctypes.byref(word) if isinstance(word, ctypes.Structure) else word for word in words)
    )
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def user_namespace(first: str, count: str) -> int:
    """Make a user namespace with that mapping; a descriptor keeps it."""
    with subprocess.Popen(["unshare", "--user", "--", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"\n")
        child.stdin.flush()
        child.stdout.readline()  # cat answers: the namespace is there
        for kind in ("gid_map", "uid_map"):
            Path(f"/proc/{child.pid}/{kind}").write_text(f"0 {first} {count}\n", encoding="utf-8")
        return os.open(f"/proc/{child.pid}/ns/user", os.O_RDONLY)


def mount_mapped(directory: Path, target: Path, namespace: int) -> None:
    """Mount a directory a second time, its owners mapped."""
    tree = system_call(OPEN_TREE, AT_FDCWD, os.fsencode(directory), OPEN_TREE_CLONE)
    try:
        attributes = MountAttributes(set=MOUNT_ATTR_IDMAP, user_namespace=namespace)
        system_call(MOUNT_SETATTR, tree, b"", AT_EMPTY_PATH, attributes, ctypes.sizeof(attributes))
        target.mkdir()
        system_call(MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH)
    finally:
        os.close(tree)


def main(first: str, count: str, *rest: str) -> None:
    """Mount the directories and become the command."""
    split = rest.index("--")
    namespace = user_namespace(first, count)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "sandbox", "/tmp"], check=True)
    owners = Path("/tmp/owners")
    owners.mkdir()
    for number, directory in enumerate(rest[:split]):
        try:
            mount_mapped(Path(directory), owners / str(number), namespace)
        except OSError as error:
            print(f"{directory} without its owners: {error.strerror}", file=sys.stderr)
    os.dup2(namespace, 9)  # inherited; sandbox.sh closes it
    os.execvp("nsenter", ["nsenter", "--user=/proc/self/fd/9", "--", *rest[split + 1 :]])


if __name__ == "__main__":
    main(*sys.argv[1:])
