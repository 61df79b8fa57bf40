"""Chains of Services: the hashes that real clusters show."""

from __future__ import annotations

import pytest
from handbook.computed.services import chain_hash, endpoint_hash, nftables_hash


@pytest.mark.parametrize(
    ("service", "protocol", "expected"),
    [
        ("default/kubernetes:https", "tcp", "NPX46M4PTMTKRN6Y"),
        ("kube-system/kube-dns:dns", "udp", "TCOU7JCQXEZGVUNU"),
        ("kube-system/kube-dns:dns-tcp", "tcp", "ERIFXISQEP7F7OF4"),
        ("kube-system/kube-dns:metrics", "tcp", "JD5MR3NA4I4DYORP"),
        ("default/nginx", "tcp", "2CMXP7HKUVJN7L6M"),
        ("default/my-nginx", "tcp", "L65ENXXZWWSAPRCR"),
        ("default/my-nginx:", "tcp", "BEPXDJBUHFCSYIC3"),  # Kubernetes 1.18
        ("default/my-nginx:http", "tcp", "SV7AMNAGZFKZEMQ4"),
        ("default/go-webserver", "tcp", "UAYJVEJYA2PFJGKX"),
    ],
)
def test_chains_of_iptables(service: str, protocol: str, expected: str) -> None:
    assert chain_hash(service, protocol) == expected


def test_chains_of_endpoints() -> None:
    assert endpoint_hash("default/nginx", "tcp", "10.244.0.4:80") == "AAOCRVJBUI2XUHEI"
    assert endpoint_hash("default/kubernetes:https", "tcp", "192.168.49.2:8443") == "VPILYQBSPPXYB66K"


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("default/kubernetes/tcp/https", "2QRHZV4L"),
        ("ns1/svc1/tcp/p80", "ULMVA6XW"),
        ("default/nginx/tcp/", "ECO34HEO"),
        ("default/my-nginx/tcp/", "LCLMUIO2"),
        ("kube-system/kube-dns/tcp/dns-tcp", "NWBZK7IH"),
        ("kube-system/kube-dns/udp/dns", "FY5PMXPG"),
        ("kube-system/kube-dns/tcp/metrics", "AS2KJYAD"),
        ("default/my-nginx/tcp/__10.244.0.4/80", "OXAW7FNF"),  # Kubernetes 1.34
    ],
)
def test_chains_of_nftables(service: str, expected: str) -> None:
    assert nftables_hash(service) == expected
