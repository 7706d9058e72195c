from datetime import datetime, timedelta

import pytest
from cryptography.x509 import Certificate

from ojkaudit.errors import KeyMaterialError
from ojkaudit.signing.certificates import load_crls, load_roots
from ojkaudit.signing.trust import TrustPolicy, TrustVerdict, judge_certificate
from tests.support import pki
from tests.support.pki import DAY, NOW, Issued, Profile

CRL_URL = "http://crl.invalid/penerbit.crl"


def _judge(
    signer: Issued,
    *,
    roots: tuple[Certificate, ...] | None = None,
    crls: tuple[bytes, ...] = (),
    signed: datetime = NOW,
    now: datetime = NOW + DAY,
) -> TrustVerdict:
    trusted = (pki.root().certificate,) if roots is None else roots
    return judge_certificate(
        signer.certificate,
        signer.above,
        signing_time=signed,
        policy=TrustPolicy(roots=trusted, crls=crls, now=now),
    )


def _outcome(*args: object, **kwargs: object) -> tuple[str, str]:
    verdict = _judge(*args, **kwargs)  # type: ignore[arg-type]
    assert verdict.detail.id
    assert verdict.detail.en
    return verdict.status.value, verdict.code


def test_signer_under_a_given_root_is_trusted() -> None:
    assert _outcome(pki.leaf()) == ("ok", "trusted")


def test_without_a_root_nothing_is_decided() -> None:
    assert _outcome(pki.leaf(), roots=()) == ("undecided", "no_root")


def test_foreign_root_of_the_same_name_is_refused() -> None:
    assert _outcome(pki.foreign_leaf()) == ("failed", "foreign_root")


def test_foreign_chain_that_hides_its_keys_is_refused() -> None:
    foreign = Profile(name="Penerbit Uji", authority=True, key_usage=("key_cert_sign",))
    middle = pki.issue(foreign, pki.rsa_key(4), pki.foreign_root())
    signer = pki.issue(Profile(names_issuer_key=False), pki.rsa_key(6), middle)
    assert _outcome(signer)[0] == "failed"


def test_self_signed_signer_is_refused_unless_given_as_root() -> None:
    signer = pki.issue(Profile(), pki.rsa_key(6))
    assert _outcome(signer) == ("failed", "foreign_root")
    assert _outcome(signer, roots=(signer.certificate,)) == ("ok", "trusted")


def test_certificates_sent_along_are_never_roots() -> None:
    signer = pki.foreign_leaf()
    assert pki.foreign_root().certificate in signer.above
    assert _outcome(signer)[0] == "failed"


def test_signer_cannot_issue_another_signer() -> None:
    signer = pki.issue(Profile(name="Bawahan"), pki.rsa_key(6), pki.leaf())
    assert _outcome(signer) == ("failed", "bad_chain")


def test_missing_intermediate_is_refused() -> None:
    signer = pki.leaf()
    bare = Issued(certificate=signer.certificate, private_key=signer.private_key)
    assert _outcome(bare) == ("failed", "foreign_root")


def test_expired_since_signing_is_undecided() -> None:
    signer = pki.leaf(Profile(end=NOW + 2 * DAY))
    assert _outcome(signer, now=NOW + DAY)[0] == "ok"
    assert _outcome(signer, now=NOW + 3 * DAY) == ("undecided", "expired")


def test_expired_root_is_undecided() -> None:
    old = Profile(name="Akar Tua", end=NOW + 2 * DAY, authority=True, key_usage=("key_cert_sign",))
    root = pki.issue(old, pki.rsa_key(2))
    signer = pki.issue(Profile(), pki.rsa_key(6), root)
    roots = (root.certificate,)
    assert _outcome(signer, roots=roots, now=NOW + DAY)[0] == "ok"
    assert _outcome(signer, roots=roots, now=NOW + 3 * DAY) == ("undecided", "expired")


def test_root_that_began_after_signing_is_refused() -> None:
    new = Profile(name="Akar Baru", start=NOW + DAY, authority=True, key_usage=("key_cert_sign",))
    root = pki.issue(new, pki.rsa_key(2))
    signer = pki.issue(Profile(), pki.rsa_key(6), root)
    verdict = _outcome(signer, roots=(root.certificate,), now=NOW + 2 * DAY)
    assert verdict == ("failed", "bad_chain")


@pytest.mark.parametrize(
    "profile", [Profile(end=NOW - DAY), Profile(start=NOW + timedelta(hours=1))]
)
def test_signed_outside_the_validity_is_refused(profile: Profile) -> None:
    assert _outcome(pki.leaf(profile)) == ("failed", "signed_outside_validity")


def test_signed_in_the_future_is_refused() -> None:
    assert _outcome(pki.leaf(), signed=NOW + 2 * DAY) == ("failed", "signed_in_future")


def test_a_clock_slightly_ahead_is_tolerated() -> None:
    assert _outcome(pki.leaf(), signed=NOW + timedelta(minutes=4), now=NOW)[0] == "ok"


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (Profile(key_usage=None), "key_usage"),
        (Profile(key_usage=("key_agreement",)), "key_usage"),
        (Profile(purposes=(pki.SERVER_AUTH,)), "extended_key_usage"),
        (Profile(authority=True), "is_authority"),
        (Profile(critical_oid="1.2.3.4.5"), "critical_extension"),
    ],
)
def test_certificates_for_something_else_are_refused(profile: Profile, code: str) -> None:
    assert _outcome(pki.leaf(profile)) == ("failed", code)


def test_no_extended_key_usage_allows_documents() -> None:
    assert _outcome(pki.leaf(Profile(purposes=())))[0] == "ok"


@pytest.mark.parametrize(
    "profile", [Profile(crl_url=CRL_URL), Profile(ocsp_url="http://ocsp.invalid")]
)
def test_named_revocation_without_an_answer_is_undecided(profile: Profile) -> None:
    assert _outcome(pki.leaf(profile)) == ("undecided", "revocation_unknown")


def test_fresh_crl_decides() -> None:
    signer = pki.leaf(Profile(crl_url=CRL_URL))
    clean = pki.crl(pki.intermediate())
    revoked = pki.crl(pki.intermediate(), revoked=(signer.certificate,))
    assert _outcome(signer, crls=(clean,)) == ("ok", "trusted")
    assert _outcome(signer, crls=(revoked,)) == ("failed", "revoked")


def test_stale_crl_is_undecided() -> None:
    signer = pki.leaf(Profile(crl_url=CRL_URL))
    stale = pki.crl(pki.intermediate(), until=NOW)
    assert _outcome(signer, crls=(stale,), now=NOW + 5 * DAY) == ("undecided", "revocation_unknown")


def test_crl_of_somebody_else_decides_nothing() -> None:
    signer = pki.leaf(Profile(crl_url=CRL_URL))
    other = pki.crl(pki.foreign_intermediate())
    assert _outcome(signer, crls=(other,))[0] != "ok"


def test_revoked_authority_in_between_is_refused() -> None:
    middle = Profile(
        name="Penerbit Dicabut",
        authority=True,
        key_usage=("key_cert_sign", "crl_sign"),
        purposes=(),
        crl_url=CRL_URL,
    )
    issuer = pki.issue(middle, pki.rsa_key(3), pki.root())
    signer = pki.issue(Profile(), pki.rsa_key(6), issuer)
    assert _outcome(signer) == ("undecided", "revocation_unknown")
    revoked = pki.crl(pki.root(), revoked=(issuer.certificate,))
    assert _outcome(signer, crls=(revoked,)) == ("failed", "revoked")


@pytest.mark.parametrize("data", [b"", b"garbage", b"\x30\x03", b"-----BEGIN CERTIFICATE-----"])
def test_unreadable_roots_and_crls_are_errors(data: bytes) -> None:
    with pytest.raises(KeyMaterialError):
        load_roots([data])
    with pytest.raises(KeyMaterialError):
        load_crls([data])


def test_roots_come_as_pem_der_or_bundle() -> None:
    from ojkaudit.signing.certificates import to_der

    bundle = b"Akar\n" + pki.root().pem + b"\nLain\n" + pki.foreign_root().pem
    found = load_roots([bundle, to_der(pki.intermediate().certificate)])
    assert found == [
        pki.root().certificate,
        pki.foreign_root().certificate,
        pki.intermediate().certificate,
    ]
