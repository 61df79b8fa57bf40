"""Tables: labels are exact, cells are what their label says, and a column that came or went is told once."""

from __future__ import annotations

from itertools import permutations

import pytest
from handbook.compare import compare
from handbook.recording import RecordedStep

from tests.kinds.reading import drift, kind, names, noise, sample_of, subjects
from tests.recordings import recording

PODS = """NAME                        READY   STATUS    RESTARTS      AGE     IP           NODE   NOMINATED NODE   READINESS GATES
my-nginx-6d897b74dc-4xk2p   1/1     Running   0             3m12s   10.244.0.4   node   <none>           <none>
my-nginx-6d897b74dc-bzq7d   1/1     Running   1 (49s ago)   3m12s   10.244.0.5   node   <none>           <none>
web                         1/1     Running   0             10s     10.244.0.6   node   <none>           <none>
"""
GET = "kubectl get pods -o wide"
LSNS = """        NS TYPE   NPROCS   PID USER COMMAND
4026531834 time       12     1 root /sbin/init
4026532915 mnt         2   584 root unshare -m sleep 2000
"""
SOCKETS = """State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
LISTEN 0      4096         0.0.0.0:8080       0.0.0.0:*    users:(("docker-proxy",pid=723,fd=3))
"""
STATUS = """+----------------+------------------+---------+---------+
|    ENDPOINT    |        ID        | VERSION | DB SIZE |
+----------------+------------------+---------+---------+
| 127.0.0.1:2379 | 8e9e05c52164694d |  3.5.16 |   20 kB |
+----------------+------------------+---------+---------+
"""
UNITS = "kubectl get svc,endpoints"


@pytest.mark.parametrize(
    "command",
    [
        "kubectl get pods",
        "kubectl get po -A -o wide",
        "kubectl get svc,endpoints | sort",
        "kubectl -n kube-system get pods",
        "kubectl rollout history deployment my-nginx",
        "kubectl top node",
        "docker ps -a",
        "docker images",
        "docker image history nginx",
        "docker container ls",
        "docker network ls",
        "docker stats --no-stream",
        "sudo crictl pods",
        "sudo ctr -n k8s.io containers ls",
        "ps -ef",
        "lsns -t net",
        "ss -tlnp",
        "docker top web",
        "kubectl get pods | grep web",
        "kubectl get events -o custom-columns=REASON:.reason,MESSAGE:.message",
        "ps -o pid,args -p 1,2 | grep -v worker",
        "etcdctl endpoint status -w table",
        "docker exec etcd etcdctl member list --write-out=table",
    ],
)
def test_tables_are_this_kind(command: str) -> None:
    assert kind(command) == "table"


@pytest.mark.parametrize(
    "command",
    [
        "kubectl get pods -o yaml",
        "kubectl get pods -o jsonpath='{.items[0].metadata.name}'",
        "kubectl get pods --no-headers",
        "kubectl get pods | wc -l",
        "docker ps -q",
        "docker ps --format '{{.Names}}'",
        "ps -o pid= -p 1",
        "kubectl get pods -w",
        "kubectl get events",
        "kubectl get --raw /version",
        "etcdctl member list",
        "kubectl apply -f x.yml",
    ],
)
def test_what_is_no_table_is_not(command: str) -> None:
    assert kind(command) != "table"


def test_another_run_is_silent_in_another_order_too() -> None:
    header, first, second, third = PODS.splitlines(keepends=True)
    other = header + second.replace("bzq7d", "2222b").replace("10.244.0.5", "10.244.0.9").replace("1 (49s ago)", "1 (5m ago) ")
    other += first.replace("4xk2p", "vvvvv").replace("3m12s", "17h  ").replace("10.244.0.4", "10.244.0.5") + third
    assert drift(GET, PODS, other) == []


def test_rows_without_their_header_have_no_order_either() -> None:
    _, first, second, third = PODS.splitlines(keepends=True)
    command = "kubectl get pods -o wide | grep Running"
    assert drift(command, first + second + third, third + second.replace("10.244.0.5", "10.244.0.9") + first) == []
    assert drift(command, first + second + third, first + third)
    assert drift("kubectl get pods -o wide | grep -v none", PODS, PODS.replace("READY ", "STATE "))


def test_addresses_in_one_cell_are_a_set() -> None:
    old = "NAME       ENDPOINTS                                   AGE\nmy-nginx   10.244.0.4:80,10.244.0.5:80,10.244.0.6:80   1s\n"
    new = old.replace("0.4:80,10.244.0.5:80,10.244.0.6:80", "0.9:80,10.244.0.5:80,10.244.0.8:80")
    slices = "NAME             ENDPOINTS                          AGE\nmy-nginx-nnp5m   {}   1s\n"
    commands = "kubectl get endpoints my-nginx", "kubectl get endpointslices"
    before = recording((commands[0], old), (commands[1], slices.format("10.244.0.6,10.244.0.5,10.244.0.4")))
    now = recording((commands[0], new), (commands[1], slices.format("10.244.0.5,10.244.0.9,10.244.0.8")))
    wrong = recording((commands[0], new), (commands[1], slices.format("10.244.0.5,10.244.0.9,10.244.0.7")))
    assert not compare(before, now).means_something
    assert compare(before, wrong).means_something
    assert drift(commands[0], old, old.replace(",10.244.0.5:80", ""))


def test_events_in_columns_have_no_order() -> None:
    command = "kubectl get events -o custom-columns=REASON:.reason,MESSAGE:.message"
    old = "REASON      MESSAGE\nScheduled   assigned default/web to node\nStarted     Container started\n"
    header, first, second = old.splitlines(keepends=True)
    assert drift(command, old, header + second + first) == []
    assert drift(command, old, old + second) == []  # the same event came again
    assert drift(command, old, header + first)


def test_a_cell_is_told_by_its_column() -> None:
    assert drift(GET, PODS, PODS.replace("web                         1/1", "web                         0/1")) == [
        'line 4: "0/1" where "1/1" was'
    ]
    assert subjects(GET, PODS, PODS.replace("web                         1/1", "web                         0/1")) == {
        "column READY"
    }


def test_a_row_is_told_by_its_name() -> None:
    assert drift(GET, PODS, "".join(PODS.splitlines(keepends=True)[:3])) == ["the row web is gone (it was line 4)"]


def test_columns_that_came_and_went_are_told_once() -> None:
    old = (
        "NAME       DESIRED   CURRENT   UP-TO-DATE   AVAILABLE   AGE\nmy-nginx   3         3         3            3           5s\n"
    )
    new = "NAME       READY   UP-TO-DATE   AVAILABLE   AGE\nmy-nginx   3/3     3            3           7m\n"
    assert drift("kubectl get deployments", old, new) == [
        "the column DESIRED is gone (it was in line 1)",
        "the column CURRENT is gone (it was in line 1)",
        "line 1: the column READY is new",
    ]


def test_an_empty_cell_does_not_move_the_others() -> None:
    old = "NAME   STATE   PORTS    AGE\na      up               5s\nb      up      80/tcp   5s\n"
    assert drift("kubectl get things", old, old.replace("80/tcp", "81/tcp")) == ['line 3: "81/tcp" where "80/tcp" was']
    assert noise("kubectl get things", old) == ["5s", "5s"]


def test_which_process_is_whose_child_is_not_told_by_a_drawing() -> None:
    drawn = LSNS.replace(" unshare -m", " └─unshare -m")
    assert drift("lsns", LSNS, drawn) == []
    assert drift("lsns", drawn, drawn.replace("unshare", "nsenter"))


PS = """UID          PID    PPID  C STIME TTY          TIME CMD
root           1       0  0 13:51 ?        00:00:01 /sbin/init
root         124       1  1 13:51 ?        00:00:21 /usr/local/bin/kubelet
"""


def test_a_process_of_another_day_began_on_a_date() -> None:
    assert drift("ps -ef", PS, PS.replace("13:51", "Nov28")) == []
    assert drift("ps -ef", PS.replace("13:51", "Nov28"), PS) == []
    assert drift("ps -ef", PS, PS.replace("?  ", "tty1")) == [f'line {line}: "tty1" where "?" was' for line in (2, 3)]


def test_several_tables_are_divided_by_blank_lines() -> None:
    old = (
        "NAME                 TYPE        AGE\nservice/kubernetes   ClusterIP   5s\n\n"
        "NAME                   ENDPOINTS       AGE\nendpoints/kubernetes   10.0.0.1:8443   5s\n"
    )
    assert drift("kubectl get svc,endpoints", old, old.replace("5s", "9m")) == []
    assert drift("kubectl get svc,endpoints", old, old.replace("8443", "6443"))


def test_counted_columns_take_blanks_in_the_last_one() -> None:
    assert names("lsns", LSNS) == [("namespace", "4026531834"), ("namespace", "4026532915"), ("process", "584")]
    assert drift("lsns", LSNS, LSNS.replace("sleep 2000", "sleep 3000")) == ['line 3: "3000" where "2000" was']
    assert names("ss -tlnp", SOCKETS) == [("process", "723")]


def test_bars_divide_cells_in_either_drawing() -> None:
    drawn = STATUS.replace("|", "│").replace("+", "┼").replace("-", "─").replace("127.0.0.1:2379", "127.0.0.1:2379")
    assert drift("etcdctl endpoint status -w table", STATUS, drawn) == []
    assert drift("etcdctl endpoint status -w table", STATUS, STATUS.replace("3.5.16", "3.6.01")) == [
        'line 4: "3.6.01" where "3.5.16" was'
    ]
    assert drift("etcdctl endpoint status -w table", STATUS, STATUS.replace("20 kB", "33 kB")) == []


LAYERS = """IMAGE          CREATED         CREATED BY                                      SIZE      COMMENT
9616ae118141   3 minutes ago   COPY index.html /var/www/html/index.html # b…   157B      buildkit.dockerfile.v0
<missing>      4 minutes ago   ADD root.tar / # buildkit                       78.1MB    buildkit.dockerfile.v0
"""
SIZES = "NAMES     SIZE\nnginx     8B (virtual 97.8MB)\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("157B  ", "158B  ", ['line 2: "158B" where "157B" was']),
        ("157B ", "157GB", ['line 2: "157GB" where "157B" was']),
        ("78.1MB", "92.0MB", []),
        ("78.1MB", "9.1GB ", ['line 3: "9.1GB" where "78.1MB" was']),
    ],
)
def test_a_layer_may_be_larger_but_not_ten_times_and_a_file_of_the_book_not_at_all(old: str, new: str, told: list[str]) -> None:
    assert drift("docker image history nginx", LAYERS, LAYERS.replace(old, new)) == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("8B (", "80MB (", ['line 2: "80MB" where "8B" was']),
        ("97.8MB", "121MB", []),
        ("97.8MB", "4GB", ['line 2: "4GB" where "97.8MB" was']),
    ],
)
def test_what_a_container_wrote_is_a_lesson_and_what_lies_below_it_has_an_order(old: str, new: str, told: list[str]) -> None:
    assert drift("docker ps --size --format 'table {{.Names}}\\t{{.Size}}'", SIZES, SIZES.replace(old, new)) == told


DANGLING = """REPOSITORY   TAG       IMAGE ID       CREATED          SIZE
<none>       <none>    1f2e3d4c5b6a   3 minutes ago    1.2MB
<none>       <none>    9a8b7c6d5e4f   5 minutes ago    133MB
<none>       <none>    0a1b2c3d4e5f   5 minutes ago    20MB
"""


def test_images_without_a_name_are_told_apart_by_their_sizes() -> None:
    head, small, large, middle = DANGLING.splitlines(keepends=True)
    for rows in permutations((small.replace("1.2MB", "1.1MB"), large.replace("133MB", "131MB"), middle.replace("20MB", "4MB"))):
        assert drift("docker images", DANGLING, head + "".join(rows)) == []
    assert drift("docker images", DANGLING, head + large + middle + small.replace("1.2MB", "12GB ")) == [
        'line 4: "12GB" where "1.2MB" was'
    ]


def test_rows_of_one_label_are_told_apart_by_what_is_known_of_their_names() -> None:
    build, one, other = "docker build -q .", "1f2e3d4c5b6a", "9a8b7c6d5e4f"
    head, small, large, _ = DANGLING.replace("133MB", "1.3MB").splitlines(keepends=True)
    old = recording((build, one), ("docker images", head + small + large))
    new = recording((build, other), ("docker images", head + small + large))
    assert not compare(old, new).means_something
    wrong = recording((build, other), ("docker images", head + small + large.replace(other, "77777c6d5e4f")))
    assert compare(old, wrong).means_something


JOBS = """NAME   STATUS     COMPLETIONS   DURATION   AGE
pi     Complete   1/1           5s         9s
"""
SCHEDULED = """NAME   SCHEDULE    TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
hi     * * * * *   <none>     False     0        12s             5m
"""


def test_how_long_a_job_took_and_how_long_ago_it_was_due_are_ages() -> None:
    assert drift("kubectl get jobs", JOBS, JOBS.replace("5s ", "12s").replace("9s", "2m3s")) == []
    assert drift("kubectl get jobs", JOBS, JOBS.replace("1/1", "0/1")) == ['line 2: "0/1" where "1/1" was']
    assert drift("kubectl get cronjobs", SCHEDULED, SCHEDULED.replace("12s", "41s")) == []
    assert drift("kubectl get cronjobs", SCHEDULED, SCHEDULED.replace("* * * * *", "0 * * * *"))
    assert drift("kubectl get cronjobs", SCHEDULED, SCHEDULED.replace("12s   ", "<none>")) == ['line 2: "<none>" where "12s" was']


TOP = "NAME   CPU(cores)   {}   MEMORY(bytes)   {}   \nnode   151m         {}     1403Mi          {}        \n"
TOP_POD = "NAME                        CPU(cores)   MEMORY(bytes)   \nmy-nginx-6d897b74dc-4xk2p   1m           3Mi             \n"


def test_what_nodes_and_pods_use_is_noise_and_their_columns_are_not() -> None:
    old = TOP.format("CPU%", "MEMORY%", "7%", "71%")
    assert drift("kubectl top node", old, old.replace("151m", "98m ").replace("7%", "4%").replace("1403Mi", "988Mi ")) == []
    assert drift("kubectl top node", old, old.replace("node", "other")) == [
        "the row node is gone (it was line 2)",
        "line 2 is new: the row other",
    ]
    assert drift("kubectl top node", old, TOP.format("CPU(%)", "MEMORY(%)", "7%  ", "71%")) == [
        "the column CPU% is gone (it was in line 1)",
        "line 1: the column CPU(%) is new",
        "the column MEMORY% is gone (it was in line 1)",
        "line 1: the column MEMORY(%) is new",
    ]
    assert drift("kubectl top pod", TOP_POD, TOP_POD.replace("1m ", "12m").replace("3Mi", "4Mi").replace("4xk2p", "bzq7d")) == []
    assert subjects("kubectl top pod", TOP_POD, TOP_POD.replace("3Mi", "<unknown>")) == {"column MEMORY(bytes)"}


def test_a_title_may_stand_above_a_table() -> None:
    history = "deployment.apps/my-nginx\nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n"
    assert drift("kubectl rollout history deployment my-nginx", history, history) == []
    assert drift("kubectl rollout history deployment my-nginx", history, history.replace("2  ", "3  ")) == [
        'line 4: "3" where "2" was'
    ]
    assert drift("kubectl rollout history deployment my-nginx", history, history.replace("my-nginx", "other"))


def test_nothing_where_there_was_a_table_is_drift() -> None:
    assert drift(GET, PODS, "")


def test_a_list_of_endpoints_has_no_order() -> None:
    command = "kubectl get endpointslices -l kubernetes.io/service-name=web"
    lines = "NAME        ADDRESSTYPE   PORTS   ENDPOINTS               AGE\n", "web-nnp5m   IPv4          80      {}   1s\n"
    pods = "POD IP\nweb-a {}\nweb-b {}\n"
    old, new = (("kubectl get pods", pods.format(*ips)) for ips in (("10.244.0.4", "10.244.0.5"), ("10.244.0.7", "10.244.0.9")))
    first = lines[0] + lines[1].format("10.244.0.4,10.244.0.5")
    for listed in ("10.244.0.7,10.244.0.9", "10.244.0.9,10.244.0.7"):
        second = lines[0] + lines[1].format(listed)
        assert not compare(recording(old, (command, first)), recording(new, (command, second))).drifts
    assert drift(command, first, lines[0] + lines[1].format("10.244.0.4,172.17.0.5,10.244.0.5"))


def test_rows_that_nothing_else_tells_apart_are_paired_by_the_parts_of_their_words() -> None:
    command = "sudo crictl pods --label=tier=control-plane"
    old = sample_of("table", command)
    head, *rows = old.replace("-node", "-handbook").replace("NAMESPACE", "    NAMESPACE").splitlines(keepends=True)
    new = "".join([head, *(rows[number] for number in (2, 0, 3, 1))])  # in the order in which they were made
    components = "kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager"
    told = (f'line {line}: "{name}-handbook" where "{name}-node" was' for line, name in enumerate(components, 2))
    assert drift(command, old, new) == list(told)


@pytest.mark.parametrize("options", ["", r'ignore="\d+ \(.*ago\)|CrashLoopBackOff   \d+"'])
def test_what_is_left_beside_what_an_author_ignores_is_no_new_line(options: str) -> None:
    old, new = (
        recording(
            RecordedStep(
                "kubectl get pod again", output=f"NAME    READY   STATUS             RESTARTS      AGE\n{row}\n", options=options
            )
        )
        for row in ("again   0/1     CrashLoopBackOff   1             7s", "again   0/1     CrashLoopBackOff   1 (12s ago)   14s")
    )
    ((difference,),) = (drift.differences for drift in compare(old, new).drifts)
    assert (difference.subject, difference.sentence) == ("column RESTARTS", 'line 2: "(12s ago)" is new')
