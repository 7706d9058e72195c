from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from ojkaudit.signing import ProblemSeverity, SigningKey, make_demo_key, preflight
from tests.support import pki
from tests.support.pki import DAY, NOW, Profile

ROOTS = (pki.root().pem,)


def _codes(key: SigningKey, roots: tuple[bytes, ...] = ROOTS) -> list[tuple[str, str]]:
    found = preflight(key, now=NOW, trust_roots=roots)
    assert all(problem.message and problem.hint for problem in found)
    return [(problem.severity.value, problem.code) for problem in found]


def test_good_key_has_no_problem() -> None:
    assert _codes(pki.leaf().signing_key) == []


def test_demo_key_has_no_problem_under_its_own_root() -> None:
    demo = make_demo_key(now=NOW, common_name="Peraga")
    assert _codes(demo.key, (demo.root_pem,)) == []


def _leaf(**changes: object) -> SigningKey:
    return pki.leaf(Profile(**changes)).signing_key  # type: ignore[arg-type]


def _mismatched() -> SigningKey:
    return replace(pki.leaf().signing_key, operation=pki.foreign_leaf().signing_key.operation)


def _small() -> SigningKey:
    return pki.issue(Profile(), pki.rsa_key(7, 1024), pki.intermediate()).signing_key


def _odd_curve() -> SigningKey:
    key = ec.generate_private_key(ec.SECP256K1())
    return pki.issue(Profile(), key, pki.intermediate()).signing_key


CASES: dict[str, tuple[Callable[[], SigningKey], tuple[str, str]]] = {
    "mismatch": (_mismatched, ("error", "key_mismatch")),
    "expired": (lambda: _leaf(end=NOW - DAY), ("error", "expired")),
    "not yet": (lambda: _leaf(start=NOW + DAY), ("error", "not_yet_valid")),
    "soon": (lambda: _leaf(end=NOW + 29 * DAY), ("warning", "expires_soon")),
    "no usage": (lambda: _leaf(key_usage=None), ("error", "key_usage")),
    "other usage": (lambda: _leaf(key_usage=("key_encipherment",)), ("error", "key_usage")),
    "web server": (lambda: _leaf(purposes=(pki.SERVER_AUTH,)), ("error", "extended_key_usage")),
    "authority": (lambda: pki.intermediate().signing_key, ("error", "is_authority")),
    "crl": (lambda: _leaf(crl_url="http://crl.invalid/a"), ("warning", "revocation_demanded")),
    "ocsp": (lambda: _leaf(ocsp_url="http://ocsp.invalid"), ("warning", "revocation_demanded")),
    "foreign": (lambda: pki.foreign_leaf().signing_key, ("error", "foreign_root")),
    "small": (_small, ("error", "weak_key")),
    "curve": (_odd_curve, ("error", "weak_key")),
    "exposed": (lambda: replace(pki.leaf().signing_key, exposed=True), ("warning", "exposed")),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_found(case: str) -> None:
    make, expected = CASES[case]
    assert expected in _codes(make())


def test_thirty_days_are_enough() -> None:
    assert _codes(_leaf(end=NOW + 30 * DAY)) == []


def test_chain_without_its_middle_is_an_error() -> None:
    key = replace(pki.leaf().signing_key, chain_pem=())
    assert _codes(key) == [("error", "foreign_root")]


def test_chain_is_not_judged_without_roots() -> None:
    assert _codes(pki.foreign_leaf().signing_key, ()) == []


def test_errors_come_first() -> None:
    key = _leaf(key_usage=None, crl_url="http://crl.invalid/a", end=NOW + DAY)
    severities = [problem.severity for problem in preflight(key, now=NOW)]
    assert severities == sorted(severities, key=lambda s: s is ProblemSeverity.WARNING)
    assert len(set(severities)) == 2
