"""Files of control groups and processes, mounts, directories, capabilities."""

from __future__ import annotations

from tests.kinds.reading import drift, kind, names, noise

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


def test_controllers_are_a_set() -> None:
    assert drift("cat /sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids", "cpu cpuset io memory pids") == []
    assert drift("cat /sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids", "cpu io memory pids")


def test_fields_of_a_process_are_told_by_name() -> None:
    command = "cat /proc/$PID/status"
    assert drift(command, STATUS, STATUS.replace("4711", "9").replace("3220", "4100")) == []
    assert drift(command, STATUS, STATUS.replace("a80425fb", "a80425fa")) == [
        'line 3: "00000000a80425fa" where "00000000a80425fb" was'
    ]
    assert drift(command, STATUS, STATUS.replace("CapBnd:\t00000000a80425fb\n", "")) == ["the field CapBnd is gone (it was line 3)"]


def test_options_of_a_mount_are_a_set_and_mounts_are_told_by_their_place() -> None:
    command = "cat /proc/$PID/mounts"
    assert drift(command, MOUNTS, MOUNTS.replace("rw,nosuid,nodev", "nodev,rw,nosuid")) == []
    assert drift(command, MOUNTS, "".join(reversed(MOUNTS.splitlines(keepends=True)))) == []
    assert drift(command, MOUNTS, MOUNTS.replace(",uuid=on", "")) == ['"uuid=on" is gone (it was line 3)']
    assert drift(command, MOUNTS, "".join(MOUNTS.splitlines(keepends=True)[:2])) == ["the mount /dev/shm is gone (it was line 3)"]
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
    assert drift("capsh --decode=21", line, line + ",cap_bpf") == ['line 1 is new: "cap_bpf"']


def test_processes_of_a_list_are_names_wherever_they_are_listed() -> None:
    assert noise("cat /sys/fs/cgroup/x/pids.current", "17") == ["17"]
