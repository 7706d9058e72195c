import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.core import OctetString
from cryptography.hazmat.primitives.asymmetric import ec

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing import make_demo_key, sign_bytes
from ojkaudit.signing.check_cms import CheckedSignature, check_detached
from ojkaudit.signing.refusal import Refusal, guarded
from tests.support import pki
from tests.support.needs import need_program
from tests.support.pki import NOW

DATA = b'{"a":1}\r\n\x00\xff'


def _openssl(folder: Path, signature: bytes, data: bytes, root: bytes) -> tuple[int, str]:
    openssl = need_program("openssl", "openssl")
    (folder / "s").write_bytes(signature)
    (folder / "d").write_bytes(data)
    (folder / "r").write_bytes(root)
    command = f"{openssl} cms -verify -cades -binary -purpose any -inform DER -in s -content d"
    at = int(NOW.timestamp())
    done = subprocess.run(
        f"{command} -CAfile r -out /dev/null -attime {at}".split(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_openssl_accepts_the_signature_over_the_exact_bytes(tmp_path: Path) -> None:
    signature = sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW)
    code, said = _openssl(tmp_path, signature, DATA, pki.root().pem)
    assert (code, "Verification successful" in said) == (0, True)


def test_openssl_refuses_other_bytes_and_another_root(tmp_path: Path) -> None:
    signature = sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW)
    assert _openssl(tmp_path, signature, DATA + b" ", pki.root().pem)[0] != 0
    assert _openssl(tmp_path, signature, DATA, pki.foreign_root().pem)[0] != 0


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_elliptic_curves_work_too(curve: ec.EllipticCurve, tmp_path: Path) -> None:
    issued = pki.issue(pki.Profile(), ec.generate_private_key(curve), pki.intermediate())
    signature = sign_bytes(DATA, issued.signing_key, signing_time=NOW)
    assert _openssl(tmp_path, signature, DATA, pki.root().pem)[0] == 0
    assert check_detached(signature, DATA).signing_time == NOW


def test_demo_key_signs_what_openssl_accepts(tmp_path: Path) -> None:
    demo = make_demo_key(now=NOW, common_name="Segel peragaan")
    signature = sign_bytes(DATA, demo.key, signing_time=NOW)
    assert _openssl(tmp_path, signature, DATA, demo.root_pem)[0] == 0


def test_signature_carries_the_chain_but_never_the_root() -> None:
    signed = ContentInfo.load(sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW))["content"]
    names = {c.chosen.subject.native["common_name"] for c in signed["certificates"]}
    assert names == {"Segel PT Dana Contoh Nusantara", "Penerbit Uji"}
    attributes = {a["type"].native for a in signed["signer_infos"][0]["signed_attrs"]}
    assert attributes == {
        "content_type",
        "message_digest",
        "signing_time",
        "signing_certificate_v2",
    }


def test_key_that_does_not_fit_its_certificate_signs_nothing() -> None:
    key = replace(pki.leaf().signing_key, operation=pki.foreign_leaf().signing_key.operation)
    with pytest.raises(KeyMaterialError, match="does not belong"):
        sign_bytes(DATA, key, signing_time=NOW)


def test_weak_key_signs_nothing() -> None:
    weak = pki.issue(pki.Profile(), pki.rsa_key(7, 1024), pki.intermediate()).signing_key
    with pytest.raises(KeyMaterialError, match="1024 bits"):
        sign_bytes(DATA, weak, signing_time=NOW)


def test_naive_signing_time_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        sign_bytes(DATA, pki.leaf().signing_key, signing_time=datetime(2026, 11, 20))  # noqa: DTZ001


def test_check_returns_signer_and_claimed_time() -> None:
    found = check_detached(sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW), DATA)
    assert found.signing_time == NOW
    assert found.certificate == pki.leaf().certificate
    assert found.others == (pki.intermediate().certificate,)


def _survives(signature: bytes, data: bytes = DATA) -> bool:
    return isinstance(guarded(lambda: check_detached(signature, data)), CheckedSignature)


def test_flipped_bits_are_refused() -> None:
    # Without an intermediate every byte belongs to the signer: none may change unnoticed.
    demo = make_demo_key(now=NOW, common_name="Segel peragaan")
    signature = sign_bytes(DATA, demo.key, signing_time=NOW)
    assert _survives(signature)
    alive = []
    for place in range(0, len(signature), 3):
        changed = bytearray(signature)
        changed[place] ^= 1 << (place % 8)
        if _survives(bytes(changed)):
            alive.append(place)
    assert alive == []


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_truncated_or_empty_signature_is_refused(cut: int) -> None:
    signature = sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW)
    assert not _survives(signature[:cut])


def test_bytes_after_the_signature_are_refused() -> None:
    signature = sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW)
    assert not _survives(signature + b"\x00")


def test_other_data_is_refused_in_words() -> None:
    signature = sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW)
    found = guarded(lambda: check_detached(signature, DATA + b"\n"))
    assert isinstance(found, Refusal)
    assert found.detail.en == "signature: these are not the bytes signed"


def _rebuilt(change: str) -> bytes:
    message = ContentInfo.load(sign_bytes(DATA, pki.leaf().signing_key, signing_time=NOW))
    signed = message["content"]
    if change == "second signer":
        signed["signer_infos"].append(signed["signer_infos"][0].copy())
    elif change == "enclosed data":
        signed["encap_content_info"]["content"] = DATA
    elif change == "foreign certificate":
        der = pki.foreign_leaf().certificate
        from asn1crypto.x509 import Certificate
        from cryptography.hazmat.primitives.serialization import Encoding

        signed["certificates"].append(Certificate.load(der.public_bytes(Encoding.DER)))
    elif change == "no certificates":
        signed["certificates"] = []
    elif change == "unsigned attribute":
        signer = signed["signer_infos"][0]
        signer["unsigned_attrs"] = [{"type": "1.2.3.4", "values": [OctetString(b"x")]}]
    elif change == "no signer":
        signed["signer_infos"] = []
    else:
        raise AssertionError(change)
    return bytes(message.dump(force=True))


@pytest.mark.parametrize(
    "change",
    [
        "second signer",
        "enclosed data",
        "foreign certificate",
        "no certificates",
        "unsigned attribute",
        "no signer",
    ],
)
def test_what_rides_along_is_refused(change: str) -> None:
    assert not _survives(_rebuilt(change))


def test_weak_digest_is_refused(tmp_path: Path) -> None:
    openssl = need_program("openssl", "openssl")
    (tmp_path / "k").write_bytes(pki.leaf().key_pem())
    (tmp_path / "c").write_bytes(pki.leaf().pem)
    (tmp_path / "d").write_bytes(DATA)
    command = [openssl, "cms", "-sign", "-cades", "-binary", "-in", "d", "-signer", "c", "-inkey"]
    for digest, accepted in (("sha256", True), ("sha1", False)):
        out = tmp_path / digest
        subprocess.run(
            [*command, "k", "-md", digest, "-outform", "DER", "-out", str(out), "-nosmimecap"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        assert _survives(out.read_bytes()) is accepted
