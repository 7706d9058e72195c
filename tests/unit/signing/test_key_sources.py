import logging
import pickle
import subprocess
import traceback
from dataclasses import asdict
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing import KEY_SOURCES, KeySettings, Secret, open_key_source
from ojkaudit.signing.key_files import MAX_KEY_FILE_BYTES
from tests.support import pki
from tests.support.needs import need_program

PASSPHRASE = "rahasia-yang-ditanam-9f3"


def _file(folder: Path, name: str, data: bytes, mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(data)
    path.chmod(mode)
    return path


def _settings(folder: Path, kind: str, passphrase: str | None) -> KeySettings:
    issued = pki.leaf()
    secret = Secret(passphrase) if passphrase is not None else None
    if kind == "pkcs12":
        path = _file(folder, "segel.p12", issued.p12(PASSPHRASE))
        return KeySettings(kind=kind, path=path, passphrase=secret)
    if kind == "pem":
        path = _file(folder, "segel.key", issued.key_pem(PASSPHRASE))
        certificate = _file(folder, "segel.pem", issued.pem)
        chain = _file(folder, "penerbit.pem", pki.intermediate().pem)
        return KeySettings(
            kind=kind,
            path=path,
            certificate_path=certificate,
            chain_paths=(chain,),
            passphrase=secret,
        )
    raise AssertionError(f"no test settings for key source {kind}")


@pytest.mark.parametrize("kind", KEY_SOURCES)
def test_every_key_source_loads_its_key(kind: str, tmp_path: Path) -> None:
    key = open_key_source(_settings(tmp_path, kind, PASSPHRASE)).load()
    expected = pki.leaf().signing_key
    assert key.fingerprint_sha256 == expected.fingerprint_sha256
    assert key.chain_pem[0] == pki.intermediate().pem
    assert key.operation.public_key_der() == expected.operation.public_key_der()
    assert key.not_after == pki.Profile().end
    assert not key.exposed


@pytest.mark.parametrize("kind", KEY_SOURCES)
@pytest.mark.parametrize("given", ["salah", "", None])
def test_wrong_passphrase_is_one_clear_error_without_a_trace(
    kind: str,
    given: str | None,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = open_key_source(_settings(tmp_path, kind, given))
    with caplog.at_level(logging.DEBUG), pytest.raises(KeyMaterialError) as caught:
        source.load()
    assert "passphrase" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 5
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", KEY_SOURCES)
@pytest.mark.parametrize("data", [b"", b"garbage", b"\x30\x82\x01", b"-----BEGIN PRIVATE KEY-----"])
def test_garbage_is_a_key_error_and_keeps_the_passphrase(
    kind: str, data: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = _file(tmp_path, "kunci", data)
    settings = KeySettings(kind=kind, path=path, passphrase=Secret(PASSPHRASE))
    source = open_key_source(settings)
    with caplog.at_level(logging.DEBUG), pytest.raises(KeyMaterialError) as caught:
        source.load()
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.hint + caplog.text
    assert PASSPHRASE not in shown + repr(settings) + repr(source) + str(settings)


@pytest.mark.parametrize("kind", KEY_SOURCES)
def test_missing_file_is_named(kind: str, tmp_path: Path) -> None:
    settings = KeySettings(kind=kind, path=tmp_path / "tidak-ada")
    with pytest.raises(KeyMaterialError, match="tidak-ada cannot be read: No such file"):
        open_key_source(settings).load()


@pytest.mark.parametrize("kind", KEY_SOURCES)
def test_huge_file_is_refused_unread(kind: str, tmp_path: Path) -> None:
    path = _file(tmp_path, "besar", bytes(MAX_KEY_FILE_BYTES + 1))
    with pytest.raises(KeyMaterialError, match="larger than"):
        open_key_source(KeySettings(kind=kind, path=path)).load()


def test_unknown_kind_names_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(KeyMaterialError) as caught:
        open_key_source(KeySettings(kind="hsm", path=tmp_path))
    assert "pem, pkcs12" in caught.value.hint


def test_registry_is_alphabetical() -> None:
    assert list(KEY_SOURCES) == sorted(KEY_SOURCES)


def test_pkcs12_without_a_key_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import pkcs12

    data = pkcs12.serialize_key_and_certificates(
        b"x", None, pki.leaf().certificate, None, NoEncryption()
    )
    path = _file(tmp_path, "tanpa-kunci.p12", data)
    with pytest.raises(KeyMaterialError, match="holds no private key"):
        open_key_source(KeySettings(kind="pkcs12", path=path)).load()


@pytest.mark.parametrize("options", [[], ["-legacy"], ["-keypbe", "NONE", "-certpbe", "NONE"]])
def test_pkcs12_files_made_by_openssl_load(options: list[str], tmp_path: Path) -> None:
    openssl = need_program("openssl", "openssl")
    key = _file(tmp_path, "k.pem", pki.leaf().key_pem())
    certificate = _file(tmp_path, "c.pem", pki.leaf().pem)
    out = tmp_path / "segel.p12"
    subprocess.run(
        [
            *(openssl, "pkcs12", "-export", *options, "-inkey", str(key), "-in", str(certificate)),
            *("-out", str(out), "-passout", f"pass:{PASSPHRASE}"),
        ],
        check=True,
        capture_output=True,
    )
    settings = KeySettings(kind="pkcs12", path=out, passphrase=Secret(PASSPHRASE))
    loaded = open_key_source(settings).load()
    assert loaded.fingerprint_sha256 == pki.leaf().signing_key.fingerprint_sha256


def test_pem_finds_the_signer_whatever_the_order_of_the_bundle(tmp_path: Path) -> None:
    issued = pki.leaf()
    bundle = pki.root().pem + pki.intermediate().pem + issued.pem
    path = _file(tmp_path, "semua.pem", issued.key_pem() + bundle)
    key = open_key_source(KeySettings(kind="pem", path=path)).load()
    assert key.certificate_pem == issued.pem
    assert key.chain_pem == (pki.intermediate().pem, pki.root().pem)


def test_pem_without_a_certificate_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "segel.key", pki.leaf().key_pem())
    with pytest.raises(KeyMaterialError, match="holds no certificate"):
        open_key_source(KeySettings(kind="pem", path=path)).load()


def test_passphrase_for_an_unencrypted_key_is_pointed_out(tmp_path: Path) -> None:
    path = _file(tmp_path, "segel.key", pki.leaf().key_pem() + pki.leaf().pem)
    settings = KeySettings(kind="pem", path=path, passphrase=Secret(PASSPHRASE))
    with pytest.raises(KeyMaterialError, match="is not encrypted"):
        open_key_source(settings).load()


@pytest.mark.parametrize(("mode", "exposed"), [(0o600, False), (0o644, True), (0o640, True)])
def test_open_unencrypted_key_file_is_marked(tmp_path: Path, mode: int, exposed: bool) -> None:
    path = _file(tmp_path, "segel.key", pki.leaf().key_pem() + pki.leaf().pem, mode)
    assert open_key_source(KeySettings(kind="pem", path=path)).load().exposed is exposed


def test_key_kinds_not_used_are_refused(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = _file(tmp_path, "ed.key", pem + pki.leaf().pem)
    with pytest.raises(KeyMaterialError, match="neither RSA nor an elliptic curve"):
        open_key_source(KeySettings(kind="pem", path=path)).load()


def test_private_key_never_shows() -> None:
    key = pki.leaf().signing_key
    numbers = pki.rsa_key(5).private_numbers()
    for text in (repr(key), str(key), repr(key.operation)):
        assert str(numbers.d) not in text
        assert "PRIVATE" not in text
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_secret_shows_only_when_asked() -> None:
    secret = Secret(PASSPHRASE)
    assert {repr(secret), str(secret), f"{secret}", f"{secret!r}"} == {"***"}
    assert secret.reveal() == PASSPHRASE
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    settings = KeySettings(kind="pem", path=Path("x"), passphrase=secret)
    assert PASSPHRASE not in str(asdict(settings))
