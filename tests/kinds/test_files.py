"""Files of control groups and processes, mounts, directories, capabilities."""

from __future__ import annotations

import pytest
from handbook.comparison.capability_masks import mask_difference

from tests.kinds.reading import drift, kind, names, noise, subjects

STAT = "nr_periods 22\nnr_throttled 21\nthrottled_time 579102210\n"
STATUS = "Name:\tcat\nPid:\t4711\nCapBnd:\t00000000a80425fb\nVmRSS:\t    3220 kB\nThreads:\t1\n"
MOUNTS = (
    "overlay / overlay rw,relatime,lowerdir=/l/A:/l/B,upperdir=/u 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"
    "shm /dev/shm tmpfs rw,nosuid,size=65536k,uuid=on 0 0\n"
)
LS = "total 8\ndrwxr-xr-x 2 root root 4.0K Nov 23 21:45 dir\n-rw-r--r-- 1 root root    6 Nov 23 21:45 hello_world.txt\n"


def test_each_file_is_its_kind() -> None:
    assert kind("cat /sys/fs/cgroup/cpu/docker/${CID}/cpu.cfs_quota_us") == "cgroup_files"
    assert kind("cat /sys/fs/cgroup/kubepods.slice/memory.max") == "cgroup_files"
    assert (
        kind("sudo cat /proc/{{ pid }}/status")
        == kind("grep Cap /proc/self/status")
        == kind("cat /proc/self/uid_map")
        == "process_files"
    )
    assert kind("cat /proc/$PID/mounts") == kind("mount | grep overlay") == kind("findmnt -n -o FSTYPE,OPTIONS /") == "mounts"
    assert kind("cat $CG/cpu.max") == kind("grep . cpu.shares burstable/cpu.shares") == kind("cat /proc/cgroups") == "cgroup_files"
    assert kind("cat cpu.md") == kind("cat events") == "text"
    assert kind("cut -d : -f 2,3 /proc/$PID/cgroup") == kind("sudo readlink /proc/$PID/ns/net") == "process_files"
    assert kind("sudo setpriv --bounding-set=-all grep Cap /proc/self/status") == "process_files"
    assert kind("grep -v cgroup /proc/$PID/mounts | cut -d ' ' -f 2") == "mounts"
    assert kind(r"capsh --decode={{ mask }} | cut -d = -f 2 | tr ',' '\n'") == "capabilities"
    assert kind("sudo ls -lah $UPPER") == "listing"
    assert kind("capsh --decode=00000000a80425fb") == kind("getpcaps $$") == "capabilities"


def test_values_of_a_control_group_are_lessons_and_counters_are_not() -> None:
    assert drift("cat /sys/fs/cgroup/x/memory.max", "134217728", "max")
    assert drift("cat /sys/fs/cgroup/x/cpu.weight", "29", "30")
    assert drift("cat /sys/fs/cgroup/x/memory.current", "134217728", "99") == []
    assert drift("cat /sys/fs/cgroup/x/cpu.stat", STAT, STAT.replace("22", "31").replace("579102210", "1")) == []
    assert names("cat /sys/fs/cgroup/x/cgroup.procs", "4711\n4712") == [("process", "4711"), ("process", "4712")]


def test_keys_that_a_kernel_adds_are_told_by_name() -> None:
    assert drift("cat /sys/fs/cgroup/x/cpu.stat", STAT, STAT + "nr_bursts 0\n") == ["line 4 is new: the key nr_bursts"]
    assert drift("cat /sys/fs/cgroup/x/cpu.stat", STAT, "throttled_time 1\nnr_throttled 2\nnr_periods 3\n") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("000001fffeffffff", "000001ffffffffff", "with CAP_SYS_RESOURCE"),
        ("0000000000000003", "0000000000000420", "with CAP_KILL CAP_NET_BIND_SERVICE, without CAP_CHOWN CAP_DAC_OVERRIDE"),
        ("0000000000000000", "0000060000000000", "with CAP_41 CAP_42"),
        ("8e9e05c52164694d", "8e9e05c52164694e", ""),
    ],
)
def test_masks_are_told_by_the_capabilities_in_them(old: str, new: str, said: str) -> None:
    assert mask_difference(old, new) == said


def test_controllers_are_a_set() -> None:
    assert drift("cat /sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids", "cpu cpuset io memory pids") == []
    assert drift("cat /sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids", "cpu io memory pids")


def test_fields_of_a_process_are_told_by_name() -> None:
    command = "cat /proc/$PID/status"
    assert drift(command, STATUS, STATUS.replace("4711", "9").replace("3220", "4100")) == []
    assert drift(command, STATUS, STATUS.replace("a80425fb", "a80425fa")) == [
        'line 3: "00000000a80425fa" where "00000000a80425fb" was, without CAP_CHOWN'
    ]
    assert drift(command, STATUS, STATUS.replace("CapBnd:\t00000000a80425fb\n", "")) == ["the field CapBnd is gone (it was line 3)"]


def test_options_of_a_mount_are_a_set_and_mounts_are_told_by_their_place() -> None:
    command = "cat /proc/$PID/mounts"
    assert drift(command, MOUNTS, MOUNTS.replace("rw,nosuid,nodev", "nodev,rw,nosuid")) == []
    assert drift(command, MOUNTS, "".join(reversed(MOUNTS.splitlines(keepends=True)))) == []
    assert drift(command, MOUNTS, MOUNTS.replace(",uuid=on", "")) == ['"uuid=on" is gone (it was in line 3)']
    assert drift(command, MOUNTS, "".join(MOUNTS.splitlines(keepends=True)[:2])) == ["the mount /dev/shm is gone (it was line 3)"]
    found = "/          overlay overlay rw,relatime\n├─/proc    proc    proc    rw,nosuid\n└─/dev     tmpfs   tmpfs   rw,nosuid\n"
    other = "/          overlay overlay rw,relatime\n├─/dev     tmpfs   tmpfs   rw,nosuid\n└─/proc    proc    proc    rw,nosuid\n"
    assert drift("findmnt", found, other) == []
    assert drift("findmnt", found, found.replace("└─/dev     tmpfs   tmpfs   rw,nosuid\n", "")) == [
        "the mount /dev is gone (it was line 3)"
    ]
    said = "overlay on / type overlay (rw,relatime)\n"
    assert drift("mount", said, said.replace("overlay (", "ext4 ("))


def test_entries_are_told_by_name() -> None:
    assert drift("ls -lah /", LS, LS.replace("21:45", "23:59").replace("4.0K", "12K").replace("total 8", "total 16")) == []
    assert drift("ls -lah /", LS, "".join(LS.splitlines(keepends=True)[:2])) == [
        "the entry hello_world.txt is gone (it was line 3)"
    ]
    assert drift("ls -lah /", LS, LS.replace("   6 Nov", "  60 Nov")) == ['line 3: "60" where "6" was']
    assert drift("ls", "a\nb\n", "b\na\n") == []


def test_capabilities_are_a_set() -> None:
    line = "0x0000000000000021=cap_chown,cap_kill"
    assert drift("capsh --decode=21", line, "0x0000000000000021=cap_kill,cap_chown") == []
    assert drift("capsh --decode=21", line, line + ",cap_bpf") == ['line 1: "cap_bpf" is new']


def test_controllers_are_told_by_name_and_how_many_groups_they_have_is_noise() -> None:
    listed = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t3\t10\t1\nmemory\t4\t44\t1\n"
    header, cpu, memory = listed.splitlines(keepends=True)
    assert drift("cat /proc/cgroups", listed, header + memory.replace("44", "45") + cpu.replace("3", "2")) == []
    assert drift("cat /proc/cgroups", listed, header + cpu) == ["the controller memory is gone (it was line 3)"]
    assert drift("cat /proc/cgroups", listed, listed.replace("44\t1", "44\t0")) == ['line 3: "0" where "1" was']


def test_a_controller_without_a_hierarchy_belongs_to_no_tree_of_version_1() -> None:
    header = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
    one, other = f"{header}memory\t4\t429\t1\nnet_cls\t0\t40\t1\n", f"{header}memory\t0\t36\t1\nnet_cls\t0\t36\t1\n"
    for command in ("cat /proc/cgroups", "docker exec web cat /proc/cgroups | grep -v hugetlb"):
        assert drift(command, one, other) == ['line 2: "0" where "4" was']
        assert drift(command, one, one.replace("y\t4", "y\t11").replace("429", "1")) == []


def test_groups_of_a_process_have_no_order_also_where_their_numbers_were_cut_off() -> None:
    groups = "pids:/docker/x\nmemory:/docker/x\n:/\n"
    command = "cut -d : -f 2,3 /proc/$PID/cgroup"
    assert drift(command, groups, "memory:/docker/x\npids:/docker/x\n:/\n") == []
    assert drift(command, groups, groups.replace("memory:", "cpu:"))


def test_a_group_of_a_process_is_told_by_its_hierarchy() -> None:
    old, new = "4:memory:/docker/x\n0::/docker/x\n", "0::/system.slice/docker-x.scope\n"
    command = "cat /proc/$PID/cgroup"
    assert subjects(command, old, new) == {"hierarchy memory", "hierarchy unified"}


def test_namespaces_are_names() -> None:
    assert names("sudo readlink /proc/$PID/ns/net", "net:[4026532281]\n") == [("namespace", "4026532281")]


def test_where_something_is_mounted_is_told_by_name() -> None:
    command = "grep -v cgroup /proc/$PID/mounts | cut -d ' ' -f 2"
    assert drift(command, "/\n/proc\n/dev\n", "/\n/dev\n/proc\n") == []
    assert drift(command, "/\n/proc\n/dev\n", "/\n/dev\n") == ["the mount /proc is gone (it was line 2)"]


def test_what_stat_is_asked_for_tells_what_it_prints() -> None:
    assert names("stat -c '%n %i' x", "x 4711\n") == [("inode", "4711")]
    assert names("sudo stat -c 'net:[%i]' $NETNS", "net:[4026532281]\n") == [("namespace", "4026532281")]
    assert names("stat -c %i /var/run/netns/test", "4026532281\n") == [("namespace", "4026532281")]
    assert noise("stat -c '%A %s %h %Y' dir", "drwxr-xr-x 4096 2 1764000000\n") == ["4096", "2", "1764000000"]
    assert noise("stat -c '%A %s %h %Y' file", "-rw-r--r-- 6 1 1764000000\n") == ["1764000000"]
    assert drift("stat -c '%A %s bytes %n' lower/x upper/x", "-rw-r--r-- 6 bytes lower/x\n", "-rw-r--r-- 7 bytes lower/x\n")
    assert drift("stat -f -c '%T %a' /sys/fs/cgroup", "tmpfs 17\n", "tmpfs 19\n") == []
    assert drift("stat -f -c %T /sys/fs/cgroup", "tmpfs\n", "cgroup2fs\n")
    usual = "  File: /etc/passwd\n  Size: 839       \tBlocks: 8          IO Block: 4096   regular file\n"
    usual += "Device: 0,44\tInode: 17  Links: 1\n"
    assert drift("stat /etc/passwd", usual, usual.replace("0,44", "0,51").replace("Inode: 17", "Inode: 23")) == []
    assert drift("stat /etc/passwd", usual, usual.replace("839", "840"))


def test_capabilities_one_in_a_line_are_a_set() -> None:
    command = r"capsh --decode={{ mask }} | cut -d = -f 2 | tr ',' '\n'"
    assert drift(command, "cap_chown\ncap_kill\n", "cap_kill\ncap_chown\n") == []
    assert drift(command, "cap_chown\ncap_kill\n", "cap_chown\n")


def test_processes_of_a_list_are_names_wherever_they_are_listed() -> None:
    assert noise("cat /sys/fs/cgroup/x/pids.current", "17") == ["17"]
