"""The names of kinds."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.kubernetes.kinds import ServedKind, parse_kind


@pytest.mark.parametrize(
    ("ident", "group", "version", "kind", "path"),
    [
        ("kubernetes/v1/Node", "", "v1", "Node", "/api/v1/things"),
        ("kubernetes/apps/v1/Deployment", "apps", "v1", "Deployment", "/apis/apps/v1/things"),
        (
            "kubernetes/networking.istio.io/v1beta1/Sidecar",
            "networking.istio.io",
            "v1beta1",
            "Sidecar",
            "/apis/networking.istio.io/v1beta1/things",
        ),
    ],
)
def test_kinds_name_group_version_and_path(
    ident: str, group: str, version: str, kind: str, path: str
) -> None:
    wanted = parse_kind(ident)
    assert wanted is not None
    assert (wanted.group, wanted.version, wanted.kind) == (group, version, kind)
    assert ServedKind(wanted=wanted, plural="things", namespaced=True).path == path


@pytest.mark.parametrize(
    "ident",
    [
        "kubernetes/Node",
        "kubernetes/v1/node/x",
        "kubernetes/../v1/Node",
        "kubernetes/apps/v1/Deployment?x=1",
        "kubernetes/a/b/v1/Node",
        "postgresql/Instance",
        "",
    ],
)
def test_what_is_no_kind_is_refused(ident: str) -> None:
    assert parse_kind(ident) is None
