"""Lets files keep their owners in a sandbox whose root is nobody outside; a program of its own, run as real root.

The sandbox of real root has a user namespace whose 65536 users are nobody's on the machine, so that its root can change nothing of
the machine: not even the files, kernel settings and groups that belong to the machine's root. To see the system's files as theirs
nevertheless, each layer's lower directory is mounted with the same mapping. Where a file system cannot do that (before Linux 5.19,
or one that lies on an overlay itself), nothing is mounted and its files belong to nobody.

It starts with every sandbox, so it imports as little as it can.

Arguments: first user outside, number of users, directories ..., ``--``, a command that is run as root of the new user namespace. It
finds the directories as /tmp/owners/0, 1, ...; the mount namespace must be a private one already.
"""

from __future__ import annotations

import ctypes
import os
import sys

OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
OPEN_TREE_CLONE = 1
MOVE_MOUNT_F_EMPTY_PATH = 4
AT_FDCWD = -100
AT_EMPTY_PATH = 0x1000
MOUNT_ATTR_IDMAP = 0x100000
CLONE_NEWUSER = 0x10000000
OWNERS = "/tmp/owners"

libc = ctypes.CDLL(None, use_errno=True)


class MountAttributes(ctypes.Structure):
    """``struct mount_attr`` of linux/mount.h."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def checked(result: int) -> int:
    """The result of a system call.

    Raises:
        OSError: When the kernel refused.
    """
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def system_call(number: int, *arguments: int | bytes | ctypes.Structure) -> int:
    """Make a system call that the C library has no function for.

    Raises:
        OSError: When the kernel refuses.
    """
    words = (ctypes.c_long(word) if isinstance(word, int) else word for word in arguments)
    pointers = (ctypes.byref(word) if isinstance(word, ctypes.Structure) else word for word in words)
    return checked(libc.syscall(ctypes.c_long(number), *pointers))


def user_namespace(first: str, count: str) -> int:
    """Make a user namespace with that mapping; a descriptor keeps it."""
    told, tell = os.pipe()
    held, hold = os.pipe()  # the child waits until we close it, or end
    child = os.fork()
    if child == 0:
        os.close(hold)
        os.write(tell, b"y" if libc.unshare(CLONE_NEWUSER) == 0 else b"n")
        os.read(held, 1)
        os._exit(0)
    os.close(held)
    os.close(tell)
    try:
        if os.read(told, 1) != b"y":
            raise OSError("a user namespace was refused")
        for kind in ("gid_map", "uid_map"):
            with open(f"/proc/{child}/{kind}", "w", encoding="utf-8") as file:
                file.write(f"0 {first} {count}\n")
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY)
    finally:
        os.close(hold)
        os.waitpid(child, 0)


def mount_mapped(directory: str, target: str, namespace: int) -> None:
    """Mount a directory a second time, its owners mapped."""
    tree = system_call(OPEN_TREE, AT_FDCWD, os.fsencode(directory), OPEN_TREE_CLONE)
    try:
        attributes = MountAttributes(set=MOUNT_ATTR_IDMAP, user_namespace=namespace)
        system_call(MOUNT_SETATTR, tree, b"", AT_EMPTY_PATH, attributes, ctypes.sizeof(attributes))
        os.mkdir(target)
        system_call(MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH)
    finally:
        os.close(tree)


def main(first: str, count: str, *rest: str) -> None:
    """Mount the directories and become the command."""
    split = rest.index("--")
    namespace = user_namespace(first, count)
    checked(libc.mount(b"sandbox", b"/tmp", b"tmpfs", 0, b"mode=1777"))
    os.mkdir(OWNERS)
    for number, directory in enumerate(rest[:split]):
        try:
            mount_mapped(directory, f"{OWNERS}/{number}", namespace)
        except OSError as error:
            print(f"{directory} without its owners: {error.strerror}", file=sys.stderr)
    os.dup2(namespace, 9)  # inherited; sandbox.sh closes it
    os.execvp("nsenter", ["nsenter", "--user=/proc/self/fd/9", "--", *rest[split + 1 :]])


if __name__ == "__main__":
    main(*sys.argv[1:])
