"""Secrets never reach a recording, and a gate looks for them again in what is stored."""

from __future__ import annotations

import pytest
from handbook.recording import RecordedSnippet, RecordedStep, Recording
from handbook.secrets import PATTERNS, Leak, leaks, without_secrets


def pem(what: str, lines: int = 3) -> str:
    return "\n".join(
        [f"-----BEGIN {what}-----", *["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" for _ in range(lines)], f"-----END {what}-----"]
    )


JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJlLW9mLXRva2Vu"
TOKEN = "abcdef.0123456789abcdef"
KEY = "0123456789abcdef" * 4
SECRETS = [
    ("private-key", pem("PRIVATE KEY"), "{}"),
    ("private-key", pem("RSA PRIVATE KEY"), "before\n{}\nafter"),
    ("private-key", pem("OPENSSH PRIVATE KEY"), "{}"),
    ("private-key", "-----BEGIN EC PRIVATE KEY-----\n    MHcCAQEEIIGLa1b2c3d4e5f6", "  key: |\n    {}\n"),
    ("certificate", pem("CERTIFICATE"), "{}"),
    ("jwt", JWT, "token: {}\n"),
    ("jwt", JWT, "{}"),
    ("encoded-pem", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=", "    client-key-data: {}\n"),
    ("bootstrap-token", TOKEN, "{}\n"),
    ("bootstrap-token", TOKEN, "kubeadm join 192.168.49.2:8443 --token {} \\\n"),
    ("bootstrap-token", TOKEN, 'token: "{}",\n'),
    ("certificate-key", KEY, "--control-plane --certificate-key {}"),
    ("certificate-key", KEY, "[upload-certs] Using certificate key:\n{}\n"),
    ("credential", "hunter2hunter2", "PASSWORD={}\n"),
    ("credential", "hunter2hunter2", "  password: {}\n"),
    ("credential", "hunter2hunter2", '{{"password": "{}"}}\n'),
    ("credential", "hunter2hunter2", "api_key={} api-key: {}"),
    ("credential", "hunter2hunter2", "AWS_SECRET_KEY={}"),
    ("credential", "hunter2hunter2", '{{"password" : "{}", "token" : "{}"}}\n'),
    ("credential", "hunter2hunter2", "token={}\n"),
    ("credential", "0123456789abcdef0123456789", "  token: {}\n"),
    ("authorization", "c29tZXRoaW5n", "> Authorization: Bearer {}\n"),
    ("authorization", "c29tZXRoaW5n", "authorization: Basic {}\r\n"),
]
HARMLESS = [
    "",
    "$ kubectl get secrets\ndefault-token-abc12   kubernetes.io/service-account-token   3      5d\n",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB\n-----END PUBLIC KEY-----\n",
    "/etc/ssl/a.pem:-----BEGIN CERTIFICATE-----\n/etc/ssl/b.pem:-----BEGIN CERTIFICATE-----\n",
    "/etc/ssl/a.pem:-----BEGIN PRIVATE KEY-----\n",
    "passwd:         files systemd\n/etc/passwd:root:x:0:0:root:/root:/bin/bash\n",
    "secretName: default-token-abc12\nPassword: \n",
    "Tokens:              default-token-abc12\nautomountServiceAccountToken: false\n    token:\n      expirationSeconds: 3607\n",
    "server.abcdefgh1234567 www.example.com a.b.c.d 192.168.49.2\n",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
    "password=<credential-1> --token <bootstrap-token-1> authorization: bearer <authorization-1>\n",
]


def recording(*outputs: str, captured: tuple[tuple[str, str], ...] = ()) -> Recording:
    steps = tuple(RecordedStep("x", output=output, captured=captured) for output in outputs)
    return Recording("a", "lab", (RecordedSnippet("one", "node", steps),))


def outputs(cleaned: Recording) -> list[str]:
    return [step.output for step in cleaned.snippets[0].steps]


@pytest.mark.parametrize(("kind", "secret", "place"), SECRETS)
def test_a_secret_is_replaced_by_a_stand_in_with_as_many_lines(kind: str, secret: str, place: str) -> None:
    lines = "\n" * secret.count("\n")
    assert outputs(without_secrets(recording(place.format(secret, secret)))) == [
        place.format(f"<{kind}-1>{lines}", f"<{kind}-1>{lines}")
    ]


@pytest.mark.parametrize(("kind", "secret", "place"), SECRETS)
def test_the_gate_finds_a_secret_and_takes_no_stand_in_for_one(kind: str, secret: str, place: str) -> None:
    dirty = recording("harmless\n", place.format(secret, secret))
    assert list(leaks(dirty)) == [Leak("one", 2, kind)]
    assert list(leaks(without_secrets(dirty))) == []


def test_every_pattern_is_shown_here() -> None:
    assert {kind for kind, _, _ in SECRETS} == set(PATTERNS)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert outputs(without_secrets(recording(text))) == [text]
    assert list(leaks(recording(text))) == []


def test_the_same_secret_has_the_same_stand_in_everywhere_and_another_one_has_another() -> None:
    other = "fedcba.0123456789abcdef"
    cleaned = without_secrets(recording(f"{TOKEN}\n", f"--token {other}\n", f"--token {TOKEN}\n", captured=(("token", TOKEN),)))
    assert outputs(cleaned) == ["<bootstrap-token-1>\n", "--token <bootstrap-token-2>\n", "--token <bootstrap-token-1>\n"]
    assert cleaned.snippets[0].steps[0].captured == (("token", "<bootstrap-token-1>"),)


def test_a_secret_goes_also_where_nothing_gives_it_away_even_before_it_was_given_away() -> None:
    cleaned = without_secrets(recording("got hunter2hunter2.\n", "password=hunter2hunter2\n"))
    assert outputs(cleaned) == ["got <credential-1>.\n", "password=<credential-1>\n"]


def test_a_credential_that_is_a_mere_word_does_not_take_that_word_from_the_chapter() -> None:
    cleaned = without_secrets(recording("postgres:15\n", "POSTGRES_PASSWORD=postgres\n"))
    assert outputs(cleaned) == ["postgres:15\n", "POSTGRES_PASSWORD=<credential-1>\n"]


def test_what_holds_no_secret_is_the_same_recording() -> None:
    plain = recording("a\n", "b\n")
    assert without_secrets(plain) == plain
