from __future__ import annotations

from pathlib import Path

import pytest

from ojkaudit.errors import ConfigurationError
from ojkaudit.model.config import SecretRef
from ojkaudit.pipeline.trust import read_roots
from ojkaudit.pipeline.world import secret_reader


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    read = secret_reader({"PW": "s3cret"})
    assert read(SecretRef(env="PW")) == "s3cret"
    (tmp_path / "pw").write_text(" with space \n", encoding="utf-8")
    assert read(SecretRef(file=tmp_path / "pw")) == " with space "


@pytest.mark.parametrize("environment", [{}, {"PW": ""}])
def test_an_unset_or_empty_variable_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="PW is not set"):
        secret_reader(environment)(SecretRef(env="PW"))


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_file_without_a_usable_secret_is_named_and_not_shown(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "pw"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="pw"):
        secret_reader({})(SecretRef(file=path))


def test_roots_must_be_pem(tmp_path: Path) -> None:
    path = tmp_path / "root.der"
    path.write_bytes(b"\x30\x82")
    with pytest.raises(ConfigurationError, match="no PEM certificate") as found:
        read_roots([path])
    assert "openssl x509" in found.value.hint
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_roots([tmp_path / "gone.pem"])
