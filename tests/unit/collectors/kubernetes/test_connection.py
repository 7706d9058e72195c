"""Credentials: where they come from, and that they go nowhere else."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ojkaudit.collectors.kubernetes.connection import connect, shown_address
from ojkaudit.collectors.kubernetes.wire import RequestFailedError
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.config import KubernetesTarget, SecretRef

PLANTED = "planted-token-7f3a"
SERVER = "https://api.cikaso.example:6443"


def write(folder: Path, user: dict[str, Any], **cluster: Any) -> Path:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "utama",
        "clusters": [{"name": "utama", "cluster": {"server": SERVER} | cluster}],
        "users": [{"name": "auditor", "user": user}],
        "contexts": [{"name": "utama", "context": {"cluster": "utama", "user": "auditor"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path


def open_target(secret: str = PLANTED, /, **settings: Any) -> Any:
    target = KubernetesTarget(id="okd-utama", **settings)
    return connect(target, lambda reference: secret, "ojkaudit/test")


def refused(**settings: Any) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        open_target(**settings)
    return caught.value


def test_a_kubeconfig_with_a_token_connects(tmp_path: Path) -> None:
    connection = open_target(kubeconfig=write(tmp_path, {"token": PLANTED}))
    assert connection.address == SERVER
    assert PLANTED not in repr(connection)
    connection.close()


@pytest.mark.parametrize(
    "user",
    [
        {"token": PLANTED, "auth-provider": {"name": "oidc", "config": {}}},
        {"token": PLANTED, "auth-provider": {"name": "gcp", "config": {"cmd-path": ""}}},
        {"auth-provider": {"name": "oidc", "config": {"id-token": None, "secret": PLANTED}}},
    ],
)
def test_a_broken_kubeconfig_is_refused_without_quoting_it(
    tmp_path: Path, user: dict[str, Any]
) -> None:
    error = refused(kubeconfig=write(tmp_path, user))
    assert PLANTED not in str(error) + error.hint
    assert "kubeconfig" in error.message


def test_the_context_that_was_asked_for_shows_in_the_hint(tmp_path: Path) -> None:
    path = write(tmp_path, {"token": PLANTED})
    assert "--context drc" in refused(kubeconfig=path, context="drc").hint


@pytest.mark.parametrize("text", ["", "{", "[]", "just words", "current-context: x"])
def test_a_file_that_is_no_kubeconfig_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    assert "cannot be used" in refused(kubeconfig=path).message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "nowhere" in refused(kubeconfig=tmp_path / "nowhere").message
    missing = refused(server=SERVER, token=SecretRef(env="T"), ca_file=tmp_path / "no-ca")
    assert "no-ca" in missing.message


def test_a_kubeconfig_without_credentials_is_refused(tmp_path: Path) -> None:
    assert "no credentials" in refused(kubeconfig=write(tmp_path, {})).message


def test_what_a_failing_credential_plugin_prints_is_not_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    command = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", f"import sys; sys.exit('{PLANTED}')"],
    }
    error = refused(kubeconfig=write(tmp_path, {"exec": command}))
    assert "no credentials" in error.message
    printed = "".join(capfd.readouterr())
    assert PLANTED not in error.message + error.hint + caplog.text + printed
    logging.getLogger().warning("still heard")
    assert "still heard" in caplog.text


def test_a_renewed_token_is_not_written_back(tmp_path: Path) -> None:
    renewed = {"access_token": PLANTED, "token_expiry": "2099-01-01T00:00:00Z"}
    script = tmp_path / "renew.py"
    script.write_text(f"print({json.dumps({'credential': renewed})!r})")
    command = {
        "cmd-path": sys.executable,
        "cmd-args": str(script),
        "expiry": "2020-01-01T00:00:00Z",
    }
    path = write(tmp_path, {"auth-provider": {"name": "gcp", "config": command}})
    before = path.read_bytes()
    open_target(kubeconfig=path).close()
    assert path.read_bytes() == before


def test_a_kubeconfig_that_skips_verification_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"token": PLANTED}, **{"insecure-skip-tls-verify": True})
    assert "switches off the check" in refused(kubeconfig=path).message


def test_a_ca_of_the_target_turns_verification_on_again(tmp_path: Path) -> None:
    path = write(tmp_path, {"token": PLANTED}, **{"insecure-skip-tls-verify": True})
    ca = tmp_path / "ca.pem"
    ca.write_text("")
    open_target(kubeconfig=path, ca_file=ca).close()


def test_a_token_that_would_break_the_header_is_not_quoted() -> None:
    broken = f"{PLANTED}\nX-Other: 1"
    connection = open_target(broken, server=SERVER, token=SecretRef(env="T"))
    with pytest.raises(RequestFailedError) as caught:
        connection.send("GET", "/version", {}, {}, None)
    assert PLANTED not in str(caught.value)
    assert not caught.value.retryable
    connection.close()


def test_in_cluster_outside_a_pod_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert "service account" in refused(in_cluster=True).message


def test_addresses_are_shown_without_user_and_password() -> None:
    assert shown_address("https://me:secret@api.example:6443/") == "https://api.example:6443"
    assert shown_address("https://rancher.example/k8s/c-1/") == "https://rancher.example/k8s/c-1"
