"""Names of a Service's chains: kube-proxy makes them of the Service's own name by a hash."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256


def chain_hash(service: str, protocol: str) -> str:
    """What stands behind ``KUBE-SVC-``, ``KUBE-EXT-`` (``KUBE-XLB-`` before 1.24), ``KUBE-SVL-`` and ``KUBE-FW-``.

    Parameters:
        service: ``namespace/name``, with ``:port`` where the port has a name. Kubernetes 1.18 and older put the colon even where it
            has none.
        protocol: ``tcp``, ``udp`` or ``sctp``.
    """
    return _hash(f"{service}{protocol}", 16)


def endpoint_hash(service: str, protocol: str, endpoint: str) -> str:
    """What stands behind ``KUBE-SEP-``.

    Parameters:
        service: As for ``chain_hash``.
        protocol: Likewise.
        endpoint: ``address:port``.
    """
    return _hash(f"{service}{protocol}{endpoint}", 16)


def nftables_hash(service: str) -> str:
    """What stands behind ``service-``, ``external-`` and, up to Kubernetes 1.35, ``endpoint-``.

    Parameters:
        service: ``namespace/name/protocol/port``; the port's name may be empty. Of an endpoint with ``__address/port`` behind it.
    """
    return _hash(service, 8)


def _hash(text: str, length: int) -> str:
    return b32encode(sha256(text.encode()).digest()).decode()[:length]
