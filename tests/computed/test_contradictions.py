"""Names in an output that do not follow from what stands beside them."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.computed.contradictions import contradictions
from handbook.computed.known import known_of
from handbook.recording import RecordedStep

from tests.recordings import recording

UID = "5aaf719d_bb4d_11e8_bd46_080027e3a1c7"
RULES = (
    '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/nginx" -m tcp --dport 31945 -j KUBE-EXT-2CMXP7HKUVJN7L6M\n'
    '-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" '
    "-j KUBE-SVC-TCOU7JCQXEZGVUNU\n"
    '-A KUBE-SEP-AAOCRVJBUI2XUHEI -p tcp -m comment --comment "default/nginx" -m tcp -j DNAT --to-destination 10.244.0.4:80\n'
    '-A KUBE-SVC-2CMXP7HKUVJN7L6M -m comment --comment "default/nginx -> 10.244.0.4:80" -m statistic --mode random '
    "--probability 0.33333333349 -j KUBE-SEP-AAOCRVJBUI2XUHEI\n"
    '-A KUBE-SVC-2CMXP7HKUVJN7L6M -m comment --comment "default/nginx -> 10.244.0.5:80" -m statistic --mode random '
    "--probability 0.50000000000 -j KUBE-SEP-4IEO3WJHPKXV3AOH\n"
    '-A KUBE-SVC-2CMXP7HKUVJN7L6M -m comment --comment "default/nginx -> 10.244.0.6:80" -j KUBE-SEP-T6V5F5QD6PSE6LKU\n'
)
LISTED = "KUBE-SVC-NPX46M4PTMTKRN6Y  6    --  0.0.0.0/0   10.96.0.1   /* default/kubernetes:https cluster IP */ tcp dpt:443"
EXTERNAL = (
    '-A KUBE-EXT-2CMXP7HKUVJN7L6M -m comment --comment "masquerade traffic for default/nginx external destinations" '
    "-j KUBE-MARK-MASQ\n"
    "-A KUBE-EXT-2CMXP7HKUVJN7L6M -j KUBE-SVC-2CMXP7HKUVJN7L6M\n"
    '-A KUBE-FW-2CMXP7HKUVJN7L6M -m comment --comment "default/nginx loadbalancer IP" -j KUBE-EXT-2CMXP7HKUVJN7L6M\n'
    '-A KUBE-SERVICES -d 192.0.2.7/32 -p tcp -m comment --comment "default/nginx loadbalancer IP" -m tcp --dport 80 '
    "-j KUBE-FW-2CMXP7HKUVJN7L6M\n"
    '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/nginx" -m tcp --dport 31945 -j KUBE-SVL-2CMXP7HKUVJN7L6M\n'
)
LOCAL = (
    '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/my-nginx" -m tcp --dport 31204 -j KUBE-XLB-L65ENXXZWWSAPRCR\n'
    '-A KUBE-XLB-L65ENXXZWWSAPRCR -m comment --comment "route LOCAL traffic for default/my-nginx LB IP to service chain" '
    "-m addrtype --src-type LOCAL -j KUBE-SVC-L65ENXXZWWSAPRCR\n"
    '-A KUBE-XLB-L65ENXXZWWSAPRCR -m comment --comment "Balancing rule 0 for default/my-nginx" -m statistic --mode random '
    "--probability 0.50000000000 -j KUBE-SEP-CAHMZJ6HYMO2LKDK\n"
    '-A KUBE-XLB-L65ENXXZWWSAPRCR -m comment --comment "Balancing rule 1 for default/my-nginx" -j KUBE-SEP-KWPE6LQCYGO7GJCN\n'
)
CHAINS = """Chain KUBE-SVC-L65ENXXZWWSAPRCR (2 references)
target     prot opt source               destination
KUBE-SEP-CAHMZJ6HYMO2LKDK  all  --  0.0.0.0/0  0.0.0.0/0  /* default/my-nginx -> 10.244.0.4:80 */ probability 0.50000000000
KUBE-SEP-KWPE6LQCYGO7GJCN  all  --  0.0.0.0/0  0.0.0.0/0  /* default/my-nginx -> 10.244.0.5:80 */

Chain KUBE-SEP-CAHMZJ6HYMO2LKDK (1 references)
target     prot opt source               destination
KUBE-MARK-MASQ  0    --  10.244.0.4           0.0.0.0/0            /* default/my-nginx */
DNAT       6    --  0.0.0.0/0            0.0.0.0/0            /* default/my-nginx */ tcp to:10.244.0.4:80

Chain KUBE-EXT-L65ENXXZWWSAPRCR (2 references)
target     prot opt source               destination
KUBE-SVC-L65ENXXZWWSAPRCR  all  --  0.0.0.0/0            0.0.0.0/0
"""
NFT = "10.106.7.8 . tcp . 80 : goto service-ECO34HEO-default/nginx/tcp/"
NFT_ENDPOINT = "numgen random mod 1 vmap { 0 : goto endpoint-OXAW7FNF-default/my-nginx/tcp/__10.244.0.4/80 }"
NUMBERED = "dnat ip to numgen random mod 2 map { 0 : 10.244.0.4 . 80, 1 : 10.244.0.5 . 80 }"
GROUP = f"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID}.slice/cri-containerd-abc.scope"


def said(output: str) -> list[str]:
    return [difference.sentence for difference in contradictions(RecordedStep("command", output=output))]


def test_what_real_clusters_print_holds() -> None:
    assert [said(output) for output in (RULES, EXTERNAL, LOCAL, CHAINS, LISTED, NFT, NFT_ENDPOINT, NUMBERED, GROUP, "nothing")] == [
        []
    ] * 10
    assert said(RULES.replace("0.33333333349", "0.33332999982")) == []  # Kubernetes 1.16
    assert said(GROUP.replace("-burstable", "").replace("kubepods.slice/kubepods.slice", "kubepods.slice")) == []


def test_a_wrong_hash_is_told_with_the_right_one() -> None:
    expected = "line 1: the hash 2CMXP7HKUVJN7L6A is not that of default/nginx tcp, which is "
    assert said(RULES.replace("EXT-2CMXP7HKUVJN7L6M", "EXT-2CMXP7HKUVJN7L6A"))[0].startswith(expected)
    assert said(LISTED.replace("NPX46", "NPX47"))
    assert said(NFT.replace("ECO34HEO", "ECO34HEA"))
    assert said(NFT_ENDPOINT.replace("OXAW7FNF", "OXAW7FNA"))
    assert said(NFT_ENDPOINT.replace("10.244.0.4", "10.244.0.5"))
    assert said(RULES.replace("10.244.0.4:80\n", "10.244.0.9:80\n"))


def test_the_chain_for_endpoints_of_this_node_follows_the_same_rules() -> None:
    assert said(LOCAL.replace("-j KUBE-XLB-L65ENXXZWWSAPRCR", "-j KUBE-XLB-2CMXP7HKUVJN7L6M"))
    assert said(LOCAL.replace("-j KUBE-SVC-L65ENXXZWWSAPRCR", "-j KUBE-SVC-2CMXP7HKUVJN7L6M"))
    for family in ("XLB", "SVL"):
        rules = LOCAL.replace("KUBE-XLB", f"KUBE-{family}")
        (told,) = said(rules.replace("0.50000000000", "0.33333333349"))
        assert told.endswith("does not give every endpoint its share, which is 0.50000000000")


@pytest.mark.parametrize("family", ["EXT", "FW", "SVL"])
def test_every_family_of_chains_is_called_by_the_same_hash(family: str) -> None:
    told = said(EXTERNAL.replace(f"-j KUBE-{family}-2CMXP7HKUVJN7L6M", f"-j KUBE-{family}-2CMXP7HKUVJN7L6A"))
    assert len(told) == 1
    assert "is not that of" in told[0]
    assert said(EXTERNAL.replace("-j KUBE-SVC-2CMXP7HKUVJN7L6M", "-j KUBE-SVC-L65ENXXZWWSAPRCR"))


def test_chains_as_they_are_listed_follow_from_their_headings() -> None:
    assert "is not that of default/my-nginx tcp at 10.244.0.9:80" in said(CHAINS.replace("to:10.244.0.4", "to:10.244.0.9"))[0]
    assert said(CHAINS.replace("-> 10.244.0.4", "-> 10.244.0.9")) == [
        "line 3: the hash CAHMZJ6HYMO2LKDK is not that of default/my-nginx at 10.244.0.9:80"
    ]
    assert said(CHAINS.replace("\nKUBE-SVC-L65ENXXZWWSAPRCR  all", "\nKUBE-SVC-2CMXP7HKUVJN7L6M  all"))
    assert len(said(CHAINS.replace("0.50000000000", "0.33333333349"))) == 1


@pytest.mark.parametrize("before", ["   12  1440 ", "  13M   99G ", "1       12  144K "])
def test_counters_in_any_unit_and_the_numbers_of_rules_do_not_hide_what_follows(before: str) -> None:
    listed = "".join(before + line if line.startswith(("KUBE-", "DNAT")) else line for line in CHAINS.splitlines(keepends=True))
    assert said(listed) == []
    assert len(said(listed.replace("KUBE-SEP-KWPE6LQCYGO7GJCN", "KUBE-SEP-AAAAAAAAAAAAAAAA"))) == 1
    assert len(said(listed.replace("tcp to:10.244.0.4:80", "tcp to:10.244.0.5:80"))) == 1


def test_wrong_shares_are_told() -> None:
    assert len(said(RULES.replace("0.33333333349", "0.50000000000"))) == 1
    assert said(NUMBERED.replace("mod 2", "mod 3")) == ["line 1: 2 endpoints share 3 random numbers"]


def test_a_group_below_another_quality_of_service_is_told() -> None:
    assert (
        "is not where a pod of its quality of service is"
        in said(GROUP.replace("kubepods-burstable.slice", "kubepods-besteffort.slice"))[0]
    )


@pytest.mark.parametrize(
    ("driver", "right", "wrong"),
    [
        ("cgroupfs", f"/kubepods/burstable/pod{UID.replace('_', '-')}/abc", f"/kubepods/besteffort/pod{UID.replace('_', '-')}/abc"),
        ("cgroupfs", f"/kubepods/burstable/pod{UID.replace('_', '-')}/abc", f"/kubepods/pod{UID.replace('_', '-')}/abc"),
        ("systemd", GROUP, GROUP.replace("burstable", "besteffort")),
        ("systemd", GROUP, f"0::/kubepods.slice/kubepods-pod{UID}.slice/cri-containerd-abc.scope"),
    ],
)
@pytest.mark.parametrize(
    "told",
    [
        f"{UID.replace('_', '-')} Burstable",
        f'{{"metadata": {{"uid": "{UID.replace("_", "-")}"}}, "status": {{"qosClass": "Burstable"}}}}',
        f"items:\n- metadata:\n    uid: {UID.replace('_', '-')}\n  status:\n    qosClass: Burstable\n",
    ],
)
def test_a_group_follows_from_the_uid_and_the_quality_of_service(driver: str, right: str, wrong: str, told: str) -> None:
    def found(path: str) -> list[str]:
        chapter = recording(("kubectl get pod web", told), ("cat /proc/{{ pid }}/cgroup", path))
        return [one.sentence for step in chapter.snippets[0].steps for one in contradictions(step, known_of(chapter))]

    assert found(right) == []
    assert f"the pod {UID.replace('_', '-')} is Burstable, and its group" in found(wrong)[0], driver


def test_a_contradiction_is_drift_in_the_same_run() -> None:
    wrong = NFT.replace("ECO34HEO", "ECO34HEA")
    assert compare(recording(("nft list x", "a")), recording(("nft list x", wrong))).means_something
    one, other = recording(("cat rules", RULES)), recording(("cat rules", RULES.replace("AAOCRVJBUI2XUHEI", "ABOCRVJBUI2XUHEI")))
    assert any("is not that of" in difference.sentence for drift in compare(one, other).drifts for difference in drift.differences)
