"""systemd's tools: trees of control groups, units, properties."""

from __future__ import annotations

from handbook.compare import compare
from handbook.recording import RecordedStep, Recording

from tests.kinds.reading import drift, kind, names, noise
from tests.recordings import recording

TREE = """Control group /:
-.slice
├─init.scope
│ └─1 /sbin/init
└─system.slice
  ├─docker.service …
  │ └─105 /usr/sbin/dockerd -H fd://
  └─dbus.service
    └─83 /usr/bin/dbus-daemon --system --systemd-activation…
"""
TOP = """CGroup                                         Tasks   %CPU   Memory  Input/s Output/s
/                                                 26    0.6    59.4M        -        -
system.slice/docker.service                        9      -      29M        -        -
"""
UNITS = """  UNIT                  LOAD   ACTIVE SUB    DESCRIPTION
  -.slice               loaded active active Root Slice
  system-modprobe.slice loaded active active Slice /system/modprobe

LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.

2 loaded units listed. Pass --all to see loaded but inactive units, too.
"""
STATUS = """● docker.service - Docker Application Container Engine
     Loaded: loaded (/usr/lib/systemd/system/docker.service; enabled; preset: enabled)
     Active: active (running) since Mon 2026-11-23 21:45:36 UTC; 5min ago
   Main PID: 105 (dockerd)
      Tasks: 9
     Memory: 29.0M (peak: 31M)
     CGroup: /system.slice/docker.service
             └─105 /usr/sbin/dockerd -H fd://

Nov 23 21:45:36 node dockerd[105]: time="2026-11-23T21:45:36" level=info msg="API listen"
"""
SHOW = "MainPID=105\nActiveState=active\nDropInPaths=/etc/systemd/system/docker.service.d/10.conf\n"


def test_each_tool_is_its_kind() -> None:
    assert kind("sudo systemd-cgls --no-pager /docker") == "systemd_cgls"
    assert kind("systemd-cgtop --order=path --iterations=2") == "systemd_cgtop"
    showing = "systemctl show docker -p MainPID"
    for command in ("systemctl list-units --type slice", "systemctl status docker", showing, f"{showing} --value"):
        assert kind(command) == "systemctl"
    assert kind("systemctl start docker") == "text"


def test_a_group_with_a_name_of_its_own_is_told_by_what_runs_in_it() -> None:
    pod = """├─pod11a24108-6d1c-4d1f-b058-45dc57e3048f
│ ├─6fe623f8994d857e52be8363acec5c5a4f0eaf0eaf1b1f9b3ec5fdb1f6e1c6d2
│ │ └─331 /pause
│ └─0c4ad1b6a8a5d7a1e1f1b7c9d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f
│   └─412 /coredns -conf /etc/coredns/Corefile
"""
    rest = "└─podf9ae22f3-6f5b-4a9d-8d0c-2d8b0c1c2f10\n  └─77 etcd\n"
    command = "systemd-cgls --no-pager /kubepods"
    assert drift(command, f"{pod}{rest}", rest) == ['"pod /pause /coredns -conf /etc/coredns/Corefile" is gone (it was line 1)']


def test_branches_have_no_order_and_processes_other_numbers() -> None:
    lines = TREE.splitlines(keepends=True)
    other = "".join([*lines[:5], lines[7].replace("└", "├"), lines[8].replace("    ", "  │ ").replace("83", "99"), *lines[5:7]])
    other = other.replace("├─docker", "└─docker").replace("  │ └─105", "    └─61")
    assert drift("systemd-cgls", TREE, other) == []


def test_where_a_line_is_cut_says_nothing() -> None:
    assert noise("systemd-cgls", TREE) == ["…", "--systemd-activation…"]


def test_where_a_line_is_cut_depends_on_the_digits_of_its_process() -> None:
    flags = "--advertise-client-urls=https://192.168.49.2:2379 --cert-file=/etc/kubernetes/pki"
    short, long = (f"CGroup /:\n└─etcd\n  └─{process} etcd {flags[:end]}…\n" for process, end in (("45", 78), ("11111", 74)))
    assert drift("systemd-cgls", short, long) == []
    assert drift("systemd-cgls", short, short.replace("etcd --adv", "etcd --listen"))


def test_what_kube_proxy_runs_for_a_moment_does_not_count() -> None:
    alone = "CGroup /:\n└─proxy\n  └─4103 /usr/local/bin/kube-proxy --config=/var/lib/kube-proxy/config.conf\n"
    busy = (
        alone.replace("└─4103", "├─4103")
        + "  └─4343 ip6tables -w 5 -I FORWARD -t filter -m conntrack --ctstate NEW -m comment --comment ku…\n"
    )
    assert drift("systemd-cgls", alone, busy) == []
    assert drift("systemd-cgls", busy, alone) == []
    assert drift("systemd-cgls", alone, busy.replace("ip6tables", "sleep"))


def test_processes_of_a_group_that_run_the_same_count_once() -> None:
    one = "CGroup /:\n└─web\n  ├─11 nginx: master process\n  └─12 nginx: worker process\n"
    two = "CGroup /:\n└─web\n  ├─21 nginx: master process\n  ├─22 nginx: worker process\n  └─23 nginx: worker process\n"
    assert drift("systemd-cgls", one, two) == []
    assert drift("systemd-cgls", two, one) == []
    assert drift("systemd-cgls", one, one.replace("worker", "cache"))


def test_another_word_for_a_group_is_drift() -> None:
    assert drift("systemd-cgls", TREE, TREE.replace("Control group", "CGroup")) == ['line 1: "CGroup" where "Control group" was']
    moved = TREE.replace("  ├─docker.service", "├─docker.service").replace("  │ └─105", "│ └─105")
    assert drift("systemd-cgls", TREE, moved)


def test_the_id_of_a_pod_is_a_name_also_where_its_path_was_cut() -> None:
    ids = "5ee4e793-56a2-4993-b308-2cf035747b7a", "dfdd4a80-d6e2-4d8d-891e-ab631fcb13d7"
    row = "kubepods/besteffort…od{}       -      -    15.7M        -        -\n"
    assert drift("systemd-cgtop", TOP + row.format(ids[0]), TOP + row.format(ids[1])) == []
    both = TOP + row.format(ids[0]) + f"kubepods/pod{ids[0]}       -      -    15.7M        -        -\n"
    assert drift("systemd-cgtop", both, both.replace(ids[0], ids[1], 1))


def test_what_groups_use_is_noise_and_which_there_are_is_not() -> None:
    assert drift("systemd-cgtop", TOP, TOP.replace("59.4M", "61.0M").replace("26    0.6", "31      -")) == []
    assert drift("systemd-cgtop", TOP, "".join(TOP.splitlines(keepends=True)[:2])) == [
        "the group system.slice/docker.service is gone (it was line 3)"
    ]


def test_a_path_that_lacks_its_middle_holds_the_name_of_its_pod() -> None:
    row = "kubepods/besteffort…od{}       7      -    10.6M        -        -\n"
    one, other = "f9df34fb-a717-466e-bb3f-d1a6a63a7756", "29058676-7d23-40d8-8d9c-000000000001"
    assert names("systemd-cgtop", TOP + row.format(one)) == [("UUID", one)]
    assert drift("systemd-cgtop", TOP + row.format(one), TOP + row.format(other)) == []


def test_what_is_left_of_a_cut_id_is_a_name_too() -> None:
    row = "kubepods.slice/kube…{}.slice       6    2.9    73.6M        -        -\n"
    one, other = "2947_7df0_462c_8e95_240b64226c91", "2a96_ec47_4729_be7d_c21751b7dd58"
    assert drift("systemd-cgtop", TOP + row.format(one), TOP + row.format(other)) == []
    whole, cut = TOP + row.format("1a57782a73f92d61f25ac6a6830c5eb3"), TOP + row.format("4181e5ab8c2ce8e765bbf9f279abf2c3")
    assert drift("systemd-cgtop", whole, cut) == []
    assert drift("systemd-cgtop", TOP + row.format(one), TOP + row.format("web"))


def test_units_are_told_by_name() -> None:
    lines = UNITS.splitlines(keepends=True)
    without = "".join([*lines[:2], *lines[3:]]).replace("2 loaded", "1 loaded")
    assert drift("systemctl list-units", UNITS, without) == ["the row system-modprobe.slice is gone (it was line 3)"]
    assert drift("systemctl list-units", UNITS, UNITS.replace("LOAD   = Reflects", "Legend: LOAD   → Reflects"))


def test_a_status_is_what_does_not_change_by_itself() -> None:
    other = STATUS.replace("105", "99").replace("29.0M (peak: 31M)", "30M").replace("API listen", "other").replace("5min", "1h")
    assert drift("systemctl status docker", STATUS, other) == []
    assert drift("systemctl status docker", STATUS, STATUS.replace("active (running)", "failed"))
    assert drift("systemctl status docker", STATUS, STATUS.replace("; enabled;", "; disabled;"))


def test_drop_ins_of_a_unit_are_no_processes() -> None:
    drawn = "     Loaded: loaded\n    Drop-In: /etc/systemd/system/kubelet.service.d\n             └─10-kubeadm.conf\n"
    below = "     CGroup: /system.slice/kubelet.service\n             └─2136 /usr/local/bin/kubelet\n"
    other = drawn.replace("10-kubeadm", "20-minikube") + below.replace("2136", "99")
    assert drift("systemctl status kubelet", drawn + below, other) == ['line 3: "20-minikube.conf" where "10-kubeadm.conf" was']


def test_a_drop_in_is_the_same_whichever_comes_behind_it() -> None:
    drawn = "     Loaded: loaded\n    Drop-In: /etc/systemd/system/kubelet.service.d\n             └─10-kubeadm.conf\n"
    more = drawn.replace("└─10", "├─10") + "             └─20-extra.conf\n"
    assert drift("systemctl status kubelet", drawn, more) == ['line 4 is new: "20-extra.conf"']


def test_an_author_may_ignore_a_drop_in() -> None:
    def status(drop_in: str) -> Recording:
        output = f"     Loaded: loaded\n    Drop-In: /etc/systemd/system/kubelet.service.d\n             └─{drop_in}\n"
        return recording(RecordedStep("systemctl status kubelet", options=r'ignore="\d+-\w+\.conf"', output=output))

    assert not compare(status("10-kubeadm.conf"), status("20-minikube.conf")).means_something
    assert compare(status("10-kubeadm.conf"), status("kubeadm.conf")).means_something


def test_a_value_alone_is_what_its_property_is() -> None:
    assert drift("systemctl show docker -p MainPID --value", "105\n", "99\n") == []
    assert drift("systemctl show docker -p ActiveState --value", "active\n", "failed\n")


def test_properties_have_no_order() -> None:
    assert drift("systemctl show docker", SHOW, "".join(reversed(SHOW.splitlines(keepends=True)))) == []
    without = "".join(SHOW.splitlines(keepends=True)[:2])
    assert drift("systemctl show docker", SHOW, without) == ["the property DropInPaths is gone (it was line 3)"]


def test_groups_of_two_drivers_are_no_versions_of_each_other() -> None:
    command = "systemd-cgtop --order=path --iterations=2"
    old = (
        TOP
        + """dev-mqueue.mount                                             -      -     752K        -        -
kubepods.slice/kube…4181e5ab8c2ce8e765bbf9f279abf2c3.slice  10    9.5    69.4M       0B    33.5K
"""
    )
    new = TOP.replace("system.slice/docker.service ", "system.slice/kubelet.service") + (
        "kubepods/burstable/pod1a57782a73f92d61f25ac6a6830c5eb3      11    2.4   238.4M        -        -\n"
    )
    assert set(drift(command, old, new)) == {
        "line 3 is new: the group system.slice/kubelet.service",
        "the group system.slice/docker.service is gone (it was line 3)",
        "the group dev-mqueue.mount is gone (it was line 4)",
        'line 4 is new: "kubepods/burstable/pod1a57782a73f92d61f25ac6a6830c5eb3 11 2.4 238.4..."',
        '"kubepods.slice/kube…4181e5ab8c2ce8e765bbf9f279abf2c3.slice 10 9.5 6..." is gone (it was line 5)',
    }


def test_what_groups_use_is_noise_whichever_columns_an_author_ignores() -> None:
    command = "systemd-cgtop --batch --iterations=2 --depth=2 --order=path | grep kubepods | tail -n 4"
    rows = (
        """kubepods/burstable                                    56    5.3   341.7M        -        -
kubepods/pod9bf0c699-b78a-4ddd-9d0d-e6f0dd7f8b1c       4      -     3.3M        -        -
""",
        """kubepods/burstable                                     -    6.1   352.4M        -        -
kubepods/pod3145fcbe-642c-47d6-b4f4-546bb983468c       -      -       4M        -        -
""",
    )
    ignoring = r'ignore=" +\d+ +\S+ +\S+ +\S+ +\S+$"'
    old, new = (recording(RecordedStep(command, output=row, options=ignoring)) for row in rows)
    assert compare(old, new).drifts == ()
    assert drift(command, rows[0], rows[0].splitlines(keepends=True)[0]) == [
        '"kubepods/pod9bf0c699-b78a-4ddd-9d0d-e6f0dd7f8b1c 4 - 3.3M - -" is gone (it was line 2)'
    ]


def test_a_status_tells_what_runs_in_its_group_and_not_how_often() -> None:
    command = "systemctl status docker"
    said = drift(command, STATUS, STATUS.replace(" -H fd://", " -H fd:// --debug"))
    assert said == ['line 8: "--debug" is new']
    worker = "             └─2108 /usr/sbin/dockerd -H fd://\n"
    another = STATUS.replace("105", "2107").replace("└─", "├─").replace("fd://\n", f"fd://\n{worker}")
    assert drift(command, STATUS, another) == []
    assert drift(command, STATUS, STATUS.replace("└─105", "└─106"))  # the main process is another one
