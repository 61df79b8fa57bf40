"""Names in an output that do not follow from what stands beside them."""

from __future__ import annotations

from handbook.compare import compare
from handbook.computed.contradictions import contradictions
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
    "--probability 0.50000000000 -j KUBE-SEP-BBOCRVJBUI2XUHEI\n"
    '-A KUBE-SVC-2CMXP7HKUVJN7L6M -m comment --comment "default/nginx -> 10.244.0.6:80" -j KUBE-SEP-CCOCRVJBUI2XUHEI\n'
)
LISTED = "KUBE-SVC-NPX46M4PTMTKRN6Y  6    --  0.0.0.0/0   10.96.0.1   /* default/kubernetes:https cluster IP */ tcp dpt:443"
NFT = "10.106.7.8 . tcp . 80 : goto service-ECO34HEO-default/nginx/tcp/"
NUMBERED = "dnat ip to numgen random mod 2 map { 0 : 10.244.0.4 . 80, 1 : 10.244.0.5 . 80 }"
GROUP = f"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID}.slice/cri-containerd-abc.scope"


def said(output: str) -> list[str]:
    return [difference.sentence for difference in contradictions(RecordedStep("command", output=output))]


def test_what_real_clusters_print_holds() -> None:
    assert [said(output) for output in (RULES, LISTED, NFT, NUMBERED, GROUP, "nothing of all that")] == [[]] * 6
    assert said(RULES.replace("0.33333333349", "0.33332999982")) == []  # Kubernetes 1.16
    assert said(GROUP.replace("-burstable", "").replace("kubepods.slice/kubepods.slice", "kubepods.slice")) == []


def test_a_wrong_hash_is_told_with_the_right_one() -> None:
    expected = "line 1: the hash 2CMXP7HKUVJN7L6A is not that of default/nginx tcp, which is "
    assert said(RULES.replace("EXT-2CMXP7HKUVJN7L6M", "EXT-2CMXP7HKUVJN7L6A"))[0].startswith(expected)
    assert said(LISTED.replace("NPX46", "NPX47"))
    assert said(NFT.replace("ECO34HEO", "ECO34HEA"))
    assert said(RULES.replace("10.244.0.4:80\n", "10.244.0.9:80\n"))


def test_wrong_shares_are_told() -> None:
    assert len(said(RULES.replace("0.33333333349", "0.50000000000"))) == 1
    assert said(NUMBERED.replace("mod 2", "mod 3")) == ["line 1: 2 endpoints share 3 random numbers"]


def test_a_group_below_another_quality_of_service_is_told() -> None:
    assert (
        "is not where a pod of its quality of service is"
        in said(GROUP.replace("kubepods-burstable.slice", "kubepods-besteffort.slice"))[0]
    )


def test_a_contradiction_is_drift_in_the_same_run() -> None:
    wrong = NFT.replace("ECO34HEO", "ECO34HEA")
    assert compare(recording(("nft list x", "a")), recording(("nft list x", wrong))).means_something
    one, other = recording(("cat rules", RULES)), recording(("cat rules", RULES.replace("AAOCRVJBUI2XUHEI", "ABOCRVJBUI2XUHEI")))
    assert any("is not that of" in difference.sentence for drift in compare(one, other).drifts for difference in drift.differences)
