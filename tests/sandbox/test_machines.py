"""Sandboxes on machines that are not as simple as this one; each is imitated in a mount namespace of its own."""

import ctypes
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from handbook.environment import Missing
from handbook.sandbox.obstacles import explain, missing_tools

from tests.sandbox.sandbox_owner import Owner, User, as_ourselves

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
Owners = Callable[..., Owner]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can imitate other machines")


def with_mounts(script: str) -> Callable[[], object]:
    """What an owner does first, so that it lives on a machine with these mounts."""

    def prepare() -> None:
        assert ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0
        subprocess.run(["sh", "-ec", f"mount --make-rprivate /\n{script}"], check=True)

    return prepare


@needs_root
def test_a_container_with_files_mounted_into_etc(owners: Owners, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("mounted\n")
    owner = owners(prepare=with_mounts(f"mount --bind {tmp_path}/hosts /etc/hosts"))
    owner.ask("up")
    assert "sandbox" in owner.says(
        "cat /etc/hosts; sed -n '/^root:/s/:.*//p' /etc/passwd; touch /etc/new /etc/apt/new; mkdir /etc/netns"
    )
    assert (tmp_path / "hosts").read_text() == "mounted\n"


@needs_root
def test_a_separate_file_system_below_the_system(owners: Owners) -> None:
    owner = owners(prepare=with_mounts("mount -t tmpfs own /usr/local/share; echo there >/usr/local/share/file"))
    owner.ask("up")
    assert (
        owner.says("cd /usr/local/share; cat file; touch new; ls; command -v bash ls")
        == "there\nfile\nnew\n/usr/bin/bash\n/usr/bin/ls\n"
    )


@needs_root
def test_a_system_that_lies_on_an_overlay_itself(owners: Owners, user: User) -> None:
    script = """mount -t tmpfs none /mnt; mkdir /mnt/a /mnt/b
      mount -t overlay overlay -o lowerdir=/opt,upperdir=/mnt/a,workdir=/mnt/b /opt; touch /opt/theirs"""
    owner = owners(prepare=with_mounts(script))
    owner.ask("up")
    assert owner.says("stat -c %U /opt/theirs /opt; touch /opt/ours; ls -A /opt/ours") == "nobody\nroot\n/opt/ours\n"
    assert owner.says("stat -c %U /usr/bin/env") == ("nobody\n" if user.words else "root\n")


@needs_root
def test_a_home_within_the_system_is_hidden(owners: Owners) -> None:
    def prepare() -> None:
        with_mounts("mount -t tmpfs none /srv; mkdir /srv/me; touch /srv/me/secret /srv/data; chown -R 65534 /srv/me")()
        os.environ["HOME"] = "/srv/me"

    owner = owners(prepare=prepare)
    owner.ask("up")
    assert owner.says("ls -A /srv /srv/me") == "/srv:\ndata\nme\n\n/srv/me:\n"


@as_ourselves
def test_a_machine_without_user_namespaces_says_so(owners: Owners) -> None:
    def prepare() -> None:
        """A user namespace in which we are root, and in which there may be no other."""
        uid, gid = os.geteuid(), os.getegid()
        assert ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        Path("/proc/sys/user/max_user_namespaces").write_text("0")

    (missing,) = owners(prepare=prepare).ask("missing")
    assert "user.max_user_namespaces is 0" in missing
    assert "sudo sysctl -w user.max_user_namespaces=" in missing


def test_tools_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Missing("unshare", "the sandbox, which is made of namespaces", "sudo apt-get install util-linux") in missing_tools()


def test_the_restriction_of_ubuntu_is_named_and_does_not_concern_root(tmp_path: Path) -> None:
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel/apparmor_restrict_unprivileged_userns").write_text("1\n")
    refused = "unshare: write failed"
    assert explain(refused, tmp_path, privileged=False).remedy == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    assert refused in explain(refused, tmp_path, privileged=True).why


def test_a_kernel_that_refuses_overlays_is_named(tmp_path: Path) -> None:
    refused = "mount: /tmp/root/etc: unknown filesystem type 'overlay'."
    assert explain(refused, tmp_path, privileged=True).what == "overlay mounts in a user namespace"
