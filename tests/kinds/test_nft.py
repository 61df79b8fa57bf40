"""nft list: blocks, rules, sets and maps."""

from __future__ import annotations

from tests.kinds.reading import drift, kind, names

RULES = """table ip kube-proxy {
	set cluster-ips {
		type ipv4_addr
		elements = { 10.96.0.1, 10.96.0.10,
				10.106.7.8 }
	}

	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.1 . tcp . 443 : goto service-2QRHZV4L-default/kubernetes/tcp/https,
				10.106.7.8 . tcp . 80 : goto service-ECO34HEO-default/nginx/tcp/ }
	}

	chain service-ECO34HEO-default/nginx/tcp/ {
		ip daddr 10.106.7.8 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade
		meta l4proto tcp dnat ip to numgen random mod 3 map { 0 : 10.244.0.4 . 80, 1 : 10.244.0.5 . 80, 2 : 10.244.0.6 . 80 }
	}
	chain nat-output {
		type nat hook output priority -100; policy accept;
		jump services
	}
}
"""
COMMAND = "sudo nft list ruleset"


def test_lists_are_this_kind_and_json_is_not() -> None:
    assert kind("sudo ip netns exec router nft list table ip nat") == "nft"
    assert kind("nft -j list table ip kube-proxy") == "json_document"


def test_another_run_is_silent() -> None:
    other = RULES.replace("10.244.0.4", "10.244.0.17").replace("10.106.7.8", "10.99.9.9")
    assert drift(COMMAND, RULES, other) == []


def test_elements_and_blocks_have_no_order() -> None:
    permuted = RULES.replace("0 : 10.244.0.4 . 80, 1 : 10.244.0.5 . 80", "1 : 10.244.0.5 . 80, 0 : 10.244.0.4 . 80")
    assert drift(COMMAND, RULES, permuted) == []
    assert drift(COMMAND, RULES, RULES.replace("10.96.0.1, 10.96.0.10,", "10.96.0.10, 10.96.0.1,")) == []
    first, second = RULES.index("\tchain nat-output"), RULES.index("\tchain service")
    assert drift(COMMAND, RULES, RULES[:second] + RULES[first:-2] + RULES[second:first] + "}\n") == []


def test_what_the_reference_says_must_be_seen_is_seen() -> None:
    assert drift(COMMAND, RULES, RULES.replace(", 2 : 10.244.0.6 . 80", ""))
    assert drift(COMMAND, RULES, RULES.replace("mod 3", "mod 2"))
    assert drift(COMMAND, RULES, RULES.replace("priority -100", "priority dstnat"))
    assert drift(COMMAND, RULES, RULES.replace("goto service-ECO34HEO-", "goto external-ECO34HEO-"))


def test_the_name_of_an_endpoint_holds_its_address() -> None:
    """Kubernetes 1.34."""
    chain = "chain endpoint-OXAW7FNF-default/my-nginx/tcp/__10.244.0.4/80 {\n\t\tmeta l4proto tcp dnat to 10.244.0.4:80\n"
    assert drift(COMMAND, chain, chain.replace("10.244.0.4", "10.244.0.7").replace("OXAW7FNF", "AAAW7FNF")) == []
    assert drift(COMMAND, chain, chain.replace("__10.244.0.4", "__10.244.0.7"))
    assert drift(COMMAND, chain, chain.replace("my-nginx", "other"))
    assert ("endpoint chain", "OXAW7FNF") in names(COMMAND, chain)


def test_blocks_whose_ends_were_left_out_are_a_set_of_lines() -> None:
    command = "sudo nft list table ip kube-proxy | grep -E '^\\s(map|set) '"
    assert drift(command, "\tset a {\n\tmap b {\n", "\tmap b {\n\tset a {\n") == []
    assert drift(command, "\tset a {\n\tmap b {\n", "\tmap b {\n") == ['"set a {" is gone (it was line 1)']


def test_a_chain_that_is_gone_is_told_by_its_name() -> None:
    at = RULES.index("\tchain nat-output")
    assert drift(COMMAND, RULES, RULES[:at] + "}\n") == ["the chain nat-output is gone (it was line 18)"]


AFFINITY = """table ip kube-proxy {
	set affinity-ECO34HEO-default/nginx/tcp/__10.244.0.4/80 {
		type ipv4_addr
		flags dynamic,timeout
		timeout 3h
		elements = { 10.244.0.1 expires 2h59m58s500ms }
	}
}
"""


def test_how_long_an_element_still_stays_is_noise_and_how_long_it_may_stay_is_not() -> None:
    command = "sudo nft -a list table ip kube-proxy"
    for left in ("2h59m58s112ms", "59s972ms", "59s", "3h", "2h59m58s"):
        assert drift(command, AFFINITY, AFFINITY.replace("2h59m58s500ms", left)) == []
    assert drift(command, AFFINITY, AFFINITY.replace("timeout 3h", "timeout 1h")) == ['line 5: "1h" where "3h" was']
    assert drift(command, AFFINITY, AFFINITY.replace("timeout 3h", "timeout 2h30m")) == ['line 5: "2h30m" where "3h" was']
    assert drift(command, AFFINITY, AFFINITY.replace("timeout 3h", "timeout 180m")) == []
