"""A certificate authority of the tests, made anew in every run, and run folders sealed under it."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from ojkaudit import signing
from ojkaudit.model.result import SCHEMA_VERSION
from ojkaudit.signing.interface import SigningKey
from ojkaudit.signing.key_files import make_signing_key

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""The time at which the tests sign."""

DAY = timedelta(days=1)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


@cache
def rsa_key(number: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return one of the RSA keys of this test run; making one takes a while."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate with its key and the certificates above it, the issuer's first."""

    certificate: x509.Certificate
    private_key: PrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def signing_key(self) -> SigningKey:
        return make_signing_key(self.private_key, self.certificate, self.above)

    def key_pem(self, passphrase: str | None = None) -> bytes:
        how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)

    def p12(self, passphrase: str | None) -> bytes:
        how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return pkcs12.serialize_key_and_certificates(
            b"segel", self.private_key, self.certificate, list(self.above), how
        )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How a certificate differs from a plain signer's certificate."""

    name: str = "Segel PT Dana Contoh Nusantara"
    start: datetime = NOW - 10 * DAY
    end: datetime = NOW + 400 * DAY
    authority: bool = False
    key_usage: tuple[str, ...] | None = ("digital_signature", "content_commitment")
    purposes: tuple[str, ...] = (EMAIL_PROTECTION,)
    crl_url: str = ""
    ocsp_url: str = ""
    names_issuer_key: bool = True
    """False leaves the issuer's key identifier out, so that only names lead upwards."""
    critical_oid: str = ""


_AUTHORITY = Profile(
    name="Akar Uji",
    start=NOW - 1000 * DAY,
    end=NOW + 3000 * DAY,
    authority=True,
    key_usage=("key_cert_sign", "crl_sign"),
    purposes=(),
)

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def issue(profile: Profile, key: PrivateKey, issuer: Issued | None = None) -> Issued:
    """Return a certificate for `key`, self-signed without an issuer."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.COMMON_NAME, profile.name),
        ]
    )
    signer = issuer.private_key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(profile.start)
        .not_valid_after(profile.end)
        .add_extension(x509.BasicConstraints(ca=profile.authority, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    if profile.names_issuer_key:
        above_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        builder = builder.add_extension(above_key, False)
    for extension, critical in _optional_extensions(profile):
        builder = builder.add_extension(extension, critical)
    above = (issuer.certificate, *issuer.above) if issuer else ()
    return Issued(certificate=builder.sign(signer, SHA256()), private_key=key, above=above)


def _optional_extensions(profile: Profile) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if profile.key_usage is not None:
        found.append((x509.KeyUsage(**{u: u in profile.key_usage for u in _USAGES}), True))
    if profile.critical_oid:
        oid = x509.ObjectIdentifier(profile.critical_oid)
        found.append((x509.UnrecognizedExtension(oid, b"\x05\x00"), True))
    if profile.purposes:
        oids = [x509.ObjectIdentifier(oid) for oid in profile.purposes]
        found.append((x509.ExtendedKeyUsage(oids), False))
    if profile.crl_url:
        point = x509.DistributionPoint(
            full_name=[x509.UniformResourceIdentifier(profile.crl_url)],
            relative_name=None,
            reasons=None,
            crl_issuer=None,
        )
        found.append((x509.CRLDistributionPoints([point]), False))
    if profile.ocsp_url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(profile.ocsp_url)
        )
        found.append((x509.AuthorityInformationAccess([access]), False))
    return found


@cache
def root() -> Issued:
    """Return the root that the tests' verifiers trust."""
    return issue(_AUTHORITY, rsa_key(1))


@cache
def foreign_root() -> Issued:
    """Return another root by the very same name."""
    return issue(_AUTHORITY, rsa_key(2))


@cache
def intermediate() -> Issued:
    """Return an authority under the trusted root."""
    profile = Profile(**{**vars(_AUTHORITY), "name": "Penerbit Uji"})
    return issue(profile, rsa_key(3), root())


@cache
def foreign_intermediate() -> Issued:
    """Return an authority by the same name under the other root."""
    profile = Profile(**{**vars(_AUTHORITY), "name": "Penerbit Uji"})
    return issue(profile, rsa_key(4), foreign_root())


@cache
def leaf(profile: Profile | None = None) -> Issued:
    """Return a signer under intermediate and trusted root."""
    return issue(profile or Profile(), rsa_key(5), intermediate())


@cache
def foreign_leaf() -> Issued:
    """Return a signer by the same names as `leaf()`, under the other root."""
    return issue(Profile(), rsa_key(6), foreign_intermediate())


def crl(
    authority: Issued,
    *,
    revoked: tuple[x509.Certificate, ...] = (),
    until: datetime = NOW + 7 * DAY,
) -> bytes:
    """Return the revocation list of `authority` as DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(until - 14 * DAY)
        .next_update(until)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.private_key.public_key()),
            False,
        )
        .add_extension(x509.CRLNumber(1), False)
    )
    for certificate in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(until - 13 * DAY)
            .build()
        )
    return builder.sign(authority.private_key, SHA256()).public_bytes(Encoding.DER)


def result_json(assessment_id: str = "2026-11-uji", *, findings: bytes, evidence: bytes) -> bytes:
    """Return a `result.json` with the facts that verification reads."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "assessment_id": assessment_id,
        "digests": {
            "findings_file": hashlib.sha256(findings).hexdigest(),
            "evidence_file": hashlib.sha256(evidence).hexdigest(),
        },
        "required_signatures": ["seal"],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@cache
def report_pdf(result: bytes, rows: int = 12, title: str = "Laporan Kepatuhan") -> bytes:
    """Return a small tagged PDF/A-3a that embeds `result`."""
    from weasyprint import HTML, Attachment

    table = "".join(f"<tr><td>RES-{i:03}<td>lulus" for i in range(rows))
    html = (
        f"<html lang=id><head><title>{title}</title>"
        "<meta name=dcterms.created content=2026-11-20T02:00:00Z></head>"
        f"<body><h1>{title}</h1><table><thead><tr><th>Aturan<th>Hasil</thead>{table}</table>"
    )
    attachment = Attachment(
        string=result, name="result.json", relationship="Data", created=NOW, modified=NOW
    )
    with warnings.catch_warnings():
        # WeasyPrint leaves its colour profile's file to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        pdf = HTML(string=html).write_pdf(pdf_variant="pdf/a-3a", attachments=[attachment])
    assert isinstance(pdf, bytes)
    return pdf


@cache
def sealed_files(
    signer: Issued | None = None,
    assessment_id: str = "2026-11-uji",
    signing_time: datetime = NOW,
    rows: int = 12,
) -> Mapping[str, bytes]:
    """Return the files of a run folder, name → bytes, sealed as the program seals them."""
    key = (signer or leaf()).signing_key
    findings, evidence = f"temuan {assessment_id}".encode(), f"bukti {assessment_id}".encode()
    result = result_json(assessment_id, findings=findings, evidence=evidence)
    pdf = signing.sign_pdf(
        report_pdf(result, rows), key, signing_time=signing_time, reason="Laporan kepatuhan"
    )
    files = {
        "result.json": result,
        "findings.jsonl.zst": findings,
        "evidence.zip": evidence,
        "report.html": b"<html></html>",
        "report.pdf": pdf,
        "VERIFIKASI.txt": b"...\n",
    }
    return reseal(files, signer or leaf(), signing_time)


def reseal(
    files: Mapping[str, bytes], signer: Issued, signing_time: datetime = NOW
) -> dict[str, bytes]:
    """Return `files` with new signatures over result and sums; the PDF stays as it is."""
    key = signer.signing_key
    done = {name: data for name, data in files.items() if not name.startswith("SHA256SUMS")}
    done["result.json.p7s"] = signing.sign_bytes(
        done["result.json"], key, signing_time=signing_time
    )
    done["SHA256SUMS"] = sums_of(done)
    done["SHA256SUMS.p7s"] = signing.sign_bytes(done["SHA256SUMS"], key, signing_time=signing_time)
    return done


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Return what `sha256sum` prints for `files`, sorted by name."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write `files` into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
