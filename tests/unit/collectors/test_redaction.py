"""What never enters evidence, and what must not be lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ojkaudit.collectors.redaction import looks_secret, redact_object, redact_text

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdWRpdG9yIn0.c2lnbmF0dXJl"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nq2b3\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("name", "value", "pattern"),
    [
        ("DB_PASSWORD", "123456", "secret-name"),
        ("dbPassword", "tomat", "secret-name"),
        ("PASSWORD_PRIMARY", "tomat", "secret-name"),
        ("MYSQL_ROOT_PASSWORD", "tomat", "secret-name"),
        ("clientSecret", "tomat", "secret-name"),
        ("REDIS_PWD", "tomat", "secret-name"),
        ("API_KEY", "tomat", "secret-name"),
        ("apiKey", "tomat", "secret-name"),
        ("AUTH_TOKEN", "tomat", "secret-name"),
        ("AWS_SECRET_ACCESS_KEY", "tomat", "secret-name"),
        ("VAULT_SECRET_ID", "tomat", "secret-name"),
        ("APP_KEY", "tomat", "secret-name"),
        ("JWT_SIGNING_KEY", "tomat", "secret-name"),
        ("aws_id", "AKIAIOSFODNN7EXAMPLE", "aws-access-key"),
        ("x", JWT, "json-web-token"),
        ("x", PEM, "private-key"),
        ("DATABASE", "postgres://app:tomat@db:5432/app", "url-password"),
        ("CACHE", "redis://:tomat@cache:6379", "url-password"),
        ("DSN", "host=db user=app password=tomat", "assigned-secret"),
        ("ADO", "Server=db;User=app;Password=tomat;", "assigned-secret"),
        ("x", "Authorization: Bearer abcdefghijklmnopqrst", "authorization-header"),
        ("x", '{"auths":{"r.example":{"auth":"dXNlcjpwYXNz"}}}', "registry-auth"),
        ("x", "glpat-abcdefghijklmnopqrstu", "gitlab-token"),
        ("x", "sha256~abcdefghijklmnopqrstuvwxyz", "openshift-token"),
    ],
)
def test_secrets_are_recognised(name: str, value: str, pattern: str) -> None:
    assert looks_secret(name, value) == pattern
    assert value not in redact_text(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_HOST", "db.internal"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("secretName", "tls-web"),
        ("TOKEN_TTL", "3600"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("REQUIRE_PASSWORD", "true"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "$(FROM_ELSEWHERE)"),
        ("DB_PASSWORD", "${FROM_ELSEWHERE}"),
        ("PASSWORD_POLICY", "strict"),
        ("tokenEndpoint", "https://login.example/token"),
        ("IMAGE", "registry.example/app@sha256:0f0e0d0c0b0a09080706050403020100"),
        ("URL", "https://grafana.example/d/abc?x=1@2"),
        ("FLUENT", "password #{ENV['ES_PASSWORD']}"),
        ("keyspace", "orders"),
        ("TOKENIZER", "wordpiece"),
    ],
)
def test_what_only_speaks_of_secrets_is_kept(name: str, value: str) -> None:
    assert looks_secret(name, value) is None
    assert redact_text(name, value) == value


def test_of_a_file_in_a_configmap_only_the_secrets_go() -> None:
    text = f"listen: 8443\ntls: true\npassword: tomat\nurl: amqp://a:tomat@mq/x\n{PEM}\nend: 1\n"
    kept = redact_text("app.yaml", text)
    assert "tomat" not in kept
    assert "MIIEpAIBAAKCAQEA" not in kept
    assert "q2b3" not in kept
    assert "listen: 8443\ntls: true\n" in kept
    assert kept.endswith("end: 1\n")


def test_a_private_key_without_its_end_goes_too() -> None:
    kept = redact_text("x", "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nq2b3\n")
    assert "MIIE" not in kept
    assert "q2b3" not in kept


def pod(**container: Any) -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", **container}]},
    }


def test_environment_variables_are_judged_by_their_name() -> None:
    env = [
        {"name": "A", "value": "plain"},
        {"name": "API_TOKEN", "value": "tomat"},
        {"name": "B_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
    ]
    kept, paths = redact_object(pod(env=env))
    assert paths == ("spec.containers[0].env[1].value",)
    assert kept == pod(
        env=[env[0], {"name": "API_TOKEN", "value": "<redacted:secret-name>"}, env[2]]
    )


@pytest.mark.parametrize(
    ("given_args", "kept_args"),
    [
        (["--password=tomat"], ["--password=<redacted:secret-name>"]),
        (["--password", "tomat"], ["--password", "<redacted:secret-name>"]),
        (["--token-file=/run/t", "--v=2"], ["--token-file=/run/t", "--v=2"]),
        (["--token-file", "/run/t"], ["--token-file", "/run/t"]),
        (["--token", "--v=2"], ["--token", "--v=2"]),
        (["serve", "--db=postgres://a:tomat@db/x"], ["serve", "--db=<redacted:url-password>"]),
        (["sh", "-c", "export DB_PASSWORD=tomat"], ["sh", "-c", "<redacted:assigned-secret>"]),
    ],
)
def test_options_of_commands_are_judged_by_their_name(
    given_args: list[str], kept_args: list[str]
) -> None:
    kept, paths = redact_object(pod(args=given_args, command=given_args))
    assert kept == pod(args=kept_args, command=kept_args)
    assert bool(paths) == (given_args != kept_args)


def test_token_shapes_are_found_anywhere() -> None:
    item = {"kind": "Thing", "spec": {"deep": [{"note": JWT}]}, "metadata": {"name": "x"}}
    kept, paths = redact_object(item)
    assert JWT not in repr(kept)
    assert paths == ("spec.deep[0].note",)


def test_descriptions_in_schemas_are_left_alone() -> None:
    item = {
        "kind": "CustomResourceDefinition",
        "spec": {"description": "password: the password of the user, e.g. password=abc"},
    }
    assert redact_object(item) == (item, ())


def test_the_secrets_of_an_oauth_client_go() -> None:
    item = {"kind": "OAuthClient", "secret": "tomat", "additionalSecrets": ["tomat2"]}
    kept, paths = redact_object(item)
    assert "tomat" not in repr(kept)
    assert paths == ("secret", "additionalSecrets[0]")


def test_packed_data_of_a_configmap_goes_as_a_whole() -> None:
    item = {
        "kind": "ConfigMap",
        "binaryData": {"store.jks": "dG9tYXQ="},
        "data": {"release": "SDRzSUFBQUFB", "mode": "strict"},
    }
    kept, paths = redact_object(item)
    assert kept["data"] == {"release": "<redacted:packed-release>", "mode": "strict"}
    assert kept["binaryData"] == {"store.jks": "<redacted:binary-data>"}
    assert paths == ("binaryData[store.jks]", "data.release")


def test_nesting_without_end_is_cut_and_said() -> None:
    item: dict[str, Any] = {"kind": "Thing"}
    inner = item
    for _ in range(900):
        inner["x"] = {}
        inner = inner["x"]
    kept, paths = redact_object(item)
    assert "<redacted:nested-too-deep>" in repr(kept)
    assert len(paths) == 1


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="abcxyz 0123456789-", max_size=12),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["spec", "name", "value", "data", "args"]), children)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["spec", "metadata", "data"]), JSON_VALUES, max_size=3))
def test_objects_without_secrets_are_kept_as_they_are(item: dict[str, Any]) -> None:
    assert redact_object(item) == (item, ())
