"""Check a detached CMS signature: form, algorithms, signed attributes, digest, signature value.

Who signed is not judged here; see `trust`. Numbered as `check_cms` goes through them:

1. The object is DER, nothing before or after it: detached signed data by one signer.
2. Digest and signature algorithm are among those accepted; they agree with each other.
3. The signed attributes hold content-type, message-digest and signing-certificate-v2, each once.
4. The certificate of the signer is the one that signing-certificate-v2 names by its digest.
5. The message digest is that of the bytes at hand, and the signature value holds.
6. Nothing rides along unsigned: no unsigned attributes, no CRLs, and each further certificate has
   issued another one of the bag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ojkaudit.signing.certificates import issued_by
from ojkaudit.signing.der import check_der
from ojkaudit.signing.refusal import RefusedError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_SIGNATURES = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """A signature that holds under the certificate it carries."""

    certificate: Certificate
    others: tuple[Certificate, ...]
    signing_time: datetime | None
    """As claimed in the signed attributes; None when they hold none."""


def check_detached(cms: bytes, data: bytes) -> CheckedSignature:
    """Return the signature `cms` over exactly `data`.

    Raises:
        RefusedError: It does not hold. Any other exception means the same: it cannot be parsed.
    """
    checked = check_cms(cms, lambda digest: hashlib.new(digest, data).digest())
    if checked.signing_time is None:
        raise _refused("waktu tanda tangan tidak ada", "it carries no signing time")
    return checked


def check_cms(cms: bytes, digest_of: Callable[[str], bytes]) -> CheckedSignature:
    """Return the signature `cms` over a document.

    Args:
        cms: DER `ContentInfo`, nothing after it.
        digest_of: Returns the document's digest by the algorithm named.

    Raises:
        RefusedError: It does not hold. Any other exception means the same: it cannot be parsed.
    """
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    signed, signer = _only_signer(cms)  # 1
    digest = _check_algorithms(signed, signer)  # 2
    attributes = _check_attributes(signer)  # 3
    leaf, others = _find_certificates(signed, signer, attributes)  # 4
    intact, valid = validate_sig_integrity(signer, leaf, "data", digest_of(digest))  # 5
    if not intact:
        raise _refused("isi berkas bukan yang ditandatangani", "these are not the bytes signed")
    if not valid:
        raise _refused("nilai tanda tangan salah", "the signature value is wrong")
    return CheckedSignature(
        certificate=_modern(leaf),
        others=_check_extras(signed, signer, leaf, others),  # 6
        signing_time=_signing_time(attributes),
    )


def _refused(id_: str, en: str) -> RefusedError:
    return RefusedError(f"tanda tangan: {id_}", f"signature: {en}")


def _only_signer(cms: bytes) -> tuple[Any, Any]:
    from asn1crypto.cms import ContentInfo

    check_der(cms)
    message = ContentInfo.load(cms, strict=True)
    if message["content_type"].native != "signed_data":
        raise _refused("bukan SignedData", "it is no SignedData")
    signed = message["content"]
    content = signed["encap_content_info"]
    if content["content_type"].native != "data" or content["content"].native is not None:
        raise _refused("bukan tanda tangan terpisah", "it is not a detached signature")
    if signed["version"].native != "v1" or len(signed["signer_infos"]) != 1:
        raise _refused("bukan tepat satu penanda tangan", "it has not exactly one signer")
    signer = signed["signer_infos"][0]
    if signer["version"].native != "v1" or signer["sid"].name != "issuer_and_serial_number":
        raise _refused("bentuk penanda tangan tidak dikenal", "its signer has an unknown form")
    return signed, signer


def _check_algorithms(signed: Any, signer: Any) -> str:
    digest = str(signer["digest_algorithm"]["algorithm"].native)
    announced = [item.dump() for item in signed["digest_algorithms"]]
    algorithm = signer["signature_algorithm"]
    family = algorithm.signature_algo
    parameters = (signer["digest_algorithm"]["parameters"].native, algorithm["parameters"].native)
    accepted = (
        digest in _DIGESTS
        and family in _SIGNATURES
        and announced == [signer["digest_algorithm"].dump()]
        and parameters[0] is None
        and (family == "rsassa_pss" or parameters[1] is None)
    )
    if not accepted or _signature_digest(algorithm, digest) != digest:
        raise _refused("algoritma tidak diterima", "its algorithms are not accepted")
    return digest


def _signature_digest(algorithm: Any, digest: str) -> str:
    # The plain identifier rsaEncryption names no digest; CMS then means the signer's.
    if algorithm["algorithm"].native == "rsassa_pkcs1v15":
        return digest
    return str(algorithm.hash_algo)


def _check_attributes(signer: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise _refused("atribut berganda", "a signed attribute comes more than once")
        found[name] = attribute["values"][0]
    if not {"content_type", "message_digest", "signing_certificate_v2"} <= set(found):
        raise _refused("atribut wajib tidak lengkap", "a required signed attribute is missing")
    return found


def _find_certificates(
    signed: Any, signer: Any, attributes: dict[str, Any]
) -> tuple[Any, list[Any]]:
    from pyhanko.sign.general import check_ess_certid

    choices = list(signed["certificates"])
    if any(choice.name != "certificate" for choice in choices):
        raise _refused("memuat sertifikat jenis lain", "it carries certificates of another kind")
    certificates = [choice.chosen for choice in choices]
    wanted = attributes["signing_certificate_v2"]["certs"][0]
    leaves = [c for c in certificates if check_ess_certid(c, wanted)]
    sid = signer["sid"].chosen
    if (
        len(leaves) != 1
        or leaves[0].issuer.dump() != sid["issuer"].dump()
        or leaves[0].serial_number != sid["serial_number"].native
    ):
        raise _refused(
            "sertifikat penanda tangan tidak disertakan", "the signer's certificate is missing"
        )
    return leaves[0], [c for c in certificates if c is not leaves[0]]


def _check_extras(
    signed: Any, signer: Any, leaf: Any, others: Sequence[Any]
) -> tuple[Certificate, ...]:
    from asn1crypto.core import VOID

    if len(signer["unsigned_attrs"]) or signed["crls"] is not VOID:
        raise _refused("memuat tambahan tak tertandatangani", "it carries unsigned additions")
    unused = {other.dump(): _modern(other) for other in others}
    chain: list[Certificate] = []
    current = _modern(leaf)
    while unused:
        above = next((der for der, c in unused.items() if issued_by(current, c)), None)
        if above is None:
            raise _refused(
                "memuat sertifikat di luar rantai", "it carries certificates outside its chain"
            )
        current = unused.pop(above)
        chain.append(current)
    return tuple(chain)


def _modern(certificate: Any) -> Certificate:
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(certificate.dump())


def _signing_time(attributes: dict[str, Any]) -> datetime | None:
    if "signing_time" not in attributes:
        return None
    time = attributes["signing_time"].native
    return time if isinstance(time, datetime) else None
