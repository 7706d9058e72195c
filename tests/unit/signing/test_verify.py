from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from ojkaudit import signing
from ojkaudit.errors import KeyMaterialError, UsageError
from ojkaudit.model.text import Text
from ojkaudit.signing import REQUIRED_FILES, Decision, StepStatus, VerificationReport
from ojkaudit.signing.steps import TITLES, StepCode
from tests.support import pki
from tests.support.pki import DAY, NOW, Issued

LATER = NOW + DAY


def _verify(
    folder: Path, roots: tuple[bytes, ...] | None = None, now: datetime = LATER, **more: object
) -> VerificationReport:
    trusted = (pki.root().pem,) if roots is None else roots
    return signing.verify_run(folder, trust_roots=trusted, now=now, **more)  # type: ignore[arg-type]


def _bad(report: VerificationReport) -> set[tuple[str, str]]:
    return {(s.code, s.subject) for s in report.steps if s.status is StepStatus.FAILED}


def _undecided(report: VerificationReport) -> set[tuple[str, str]]:
    return {(s.code, s.reason) for s in report.steps if s.status is StepStatus.UNDECIDED}


@pytest.fixture
def files() -> dict[str, bytes]:
    return dict(pki.sealed_files())


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    return pki.write_folder(tmp_path / "run", files)


def test_untouched_folder_is_valid(folder: Path) -> None:
    report = _verify(folder)
    assert report.decision is Decision.VALID
    assert {step.status for step in report.steps} == {StepStatus.OK}
    assert [step.number for step in report.steps] == sorted(step.number for step in report.steps)
    assert {step.code for step in report.steps} == {code.value for code in StepCode}
    assert set(report.files) == REQUIRED_FILES


def test_sealed_folder_is_exactly_the_required_files(files: Mapping[str, bytes]) -> None:
    assert set(files) == REQUIRED_FILES


def test_every_step_is_named_and_explained(folder: Path) -> None:
    assert set(TITLES) == set(StepCode)
    documented = signing.verify_run.__globals__["__doc__"]
    for number, code in enumerate(StepCode, start=1):
        assert f"{number}. `{code.value}`" in documented
    for step in _verify(folder).steps:
        assert isinstance(step.title, Text)
        assert all((step.title.id, step.title.en, step.detail.id, step.detail.en, step.subject))


def test_without_a_root_the_folder_is_undecided(folder: Path) -> None:
    report = _verify(folder, roots=())
    assert report.decision is Decision.UNDECIDED
    assert _undecided(report) == {("trust", "no_root")}


def test_without_a_root_a_broken_folder_is_still_invalid(folder: Path) -> None:
    (folder / "report.html").write_bytes(b"<html>!</html>")
    assert _verify(folder, roots=()).decision is Decision.INVALID


def test_another_root_is_invalid(folder: Path) -> None:
    report = _verify(folder, roots=(pki.foreign_root().pem,))
    assert report.decision is Decision.INVALID
    assert {code for code, _ in _bad(report)} == {"trust"}


def test_several_roots_may_be_given(folder: Path) -> None:
    report = _verify(folder, roots=(pki.foreign_root().pem, pki.root().pem))
    assert report.decision is Decision.VALID


def test_renamed_folder_is_only_a_notice(folder: Path) -> None:
    moved = folder.rename(folder.parent / "kiriman-dari-lembaga")
    report = _verify(moved)
    assert report.decision is Decision.VALID
    (schema,) = [step for step in report.steps if step.code == StepCode.RESULT_SCHEMA]
    assert "renamed" in schema.detail.en


def test_folder_named_after_the_assessment_is_not_remarked(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    report = _verify(pki.write_folder(tmp_path / "2026-11-uji", files))
    (schema,) = [step for step in report.steps if step.code == StepCode.RESULT_SCHEMA]
    assert schema.detail.en == "assessment 2026-11-uji"


@pytest.mark.parametrize("name", sorted(REQUIRED_FILES))
@pytest.mark.parametrize("place", [0.0, 0.37, 0.999])
def test_one_flipped_bit_in_any_file_is_invalid(folder: Path, name: str, place: float) -> None:
    data = bytearray((folder / name).read_bytes())
    data[int(len(data) * place)] ^= 1
    (folder / name).write_bytes(data)
    report = _verify(folder)
    assert report.decision is Decision.INVALID
    assert any(name in (s, s.removesuffix(".p7s"), f"{s}.p7s") for _, s in _bad(report))


@pytest.mark.parametrize("name", sorted(REQUIRED_FILES))
def test_any_missing_file_is_invalid_and_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    report = _verify(folder)
    assert report.decision is Decision.INVALID
    assert ("folder_layout", name) in _bad(report)


@pytest.mark.parametrize("name", sorted(REQUIRED_FILES))
def test_any_empty_file_is_invalid(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    assert _verify(folder).decision is Decision.INVALID


@pytest.mark.parametrize("name", sorted(REQUIRED_FILES))
def test_any_renamed_file_is_invalid(folder: Path, name: str) -> None:
    (folder / name).rename(folder / f"{name}.bak")
    bad = _bad(_verify(folder))
    assert {("folder_layout", name), ("folder_layout", f"{name}.bak")} <= bad


def test_added_file_is_invalid_and_named(folder: Path) -> None:
    (folder / "lampiran.pdf").write_bytes(b"x")
    report = _verify(folder)
    assert _bad(report) == {("folder_layout", "lampiran.pdf")}
    assert report.decision is Decision.INVALID


def test_added_name_cannot_write_on_the_terminal(folder: Path) -> None:
    (folder / "x\x1b[2J\n").write_bytes(b"")
    ((_, subject),) = _bad(_verify(folder))
    assert subject.isprintable()


def test_subfolder_and_links_are_invalid(folder: Path) -> None:
    (folder / "sub").mkdir()
    target = folder.parent / "di-luar"
    target.write_bytes((folder / "report.html").read_bytes())
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to(target)
    bad = _bad(_verify(folder))
    assert {("folder_layout", "sub"), ("folder_layout", "report.html")} <= bad


def test_folder_in_the_place_of_a_file_is_invalid(folder: Path) -> None:
    (folder / "evidence.zip").unlink()
    (folder / "evidence.zip").mkdir()
    assert ("folder_layout", "evidence.zip") in _bad(_verify(folder))


def test_oversized_file_is_invalid(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ojkaudit.signing import folder as module

    monkeypatch.setattr(module, "MAX_BYTES", {**module.MAX_BYTES, "report.html": 3})
    report = _verify(folder)
    assert ("folder_layout", "report.html") in _bad(report)


def test_unreadable_file_leaves_the_decision_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    genuine = os.open

    def refuse(path: Path, flags: int) -> int:
        if path.name == "evidence.zip":
            raise PermissionError(13, "Permission denied")
        return genuine(path, flags)

    monkeypatch.setattr("ojkaudit.signing.folder.os.open", refuse)
    report = _verify(folder)
    assert report.decision is Decision.UNDECIDED
    assert ("result_digests", "unreadable") in _undecided(report)


def test_files_of_two_runs_cannot_be_mixed(folder: Path) -> None:
    other = pki.sealed_files(assessment_id="2026-12-uji")
    for name in sorted(REQUIRED_FILES - {"VERIFIKASI.txt", "report.html"}):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(other[name])
        assert _verify(folder).decision is Decision.INVALID, name
        (folder / name).write_bytes(kept)
    assert _verify(folder).decision is Decision.VALID


def test_swapped_evidence_is_caught_even_when_resealed_by_a_trusted_key(
    folder: Path, files: dict[str, bytes]
) -> None:
    files["evidence.zip"] = b"bukti lain"
    pki.write_folder(folder, pki.reseal(files, pki.leaf()))
    report = _verify(folder)
    assert _bad(report) == {("result_digests", "evidence.zip")}


def test_swapped_pdf_is_caught_even_when_resealed_by_a_trusted_key(
    folder: Path, files: dict[str, bytes]
) -> None:
    files["report.pdf"] = pki.sealed_files(assessment_id="2026-12-uji")["report.pdf"]
    pki.write_folder(folder, pki.reseal(files, pki.leaf()))
    assert _bad(_verify(folder)) == {("pdf_attachment", "report.pdf")}


def test_altered_folder_resealed_under_a_fresh_root_of_the_same_names_is_invalid(
    folder: Path,
) -> None:
    forged = pki.sealed_files(pki.foreign_leaf(), assessment_id="2026-11-uji")
    pki.write_folder(folder, forged)
    report = _verify(folder)
    assert report.decision is Decision.INVALID
    assert _bad(report) == {
        ("trust", "SHA256SUMS.p7s"),
        ("trust", "result.json.p7s"),
        ("trust", "report.pdf"),
    }
    assert _verify(folder, roots=(pki.foreign_root().pem,)).decision is Decision.VALID


def test_sums_resealed_by_a_stranger_are_invalid(folder: Path, files: dict[str, bytes]) -> None:
    files["report.html"] = b"<html>semua lulus</html>"
    key = pki.foreign_leaf().signing_key
    listed = {n: d for n, d in files.items() if not n.startswith("SHA256SUMS")}
    files["SHA256SUMS"] = pki.sums_of(listed)
    files["SHA256SUMS.p7s"] = signing.sign_bytes(files["SHA256SUMS"], key, signing_time=NOW)
    pki.write_folder(folder, files)
    assert _bad(_verify(folder)) == {("same_signer", "."), ("trust", "SHA256SUMS.p7s")}


def test_second_trusted_signer_may_not_replace_the_seal(
    folder: Path, files: dict[str, bytes]
) -> None:
    colleague = pki.issue(pki.Profile(name="Rekan"), pki.rsa_key(6), pki.intermediate())
    pki.write_folder(folder, pki.reseal(files, colleague))
    assert _bad(_verify(folder)) == {("same_signer", ".")}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda s: s.replace("result.json\n", "result.jsn\n"), "lists too few or too many"),
        (lambda s: s + s.splitlines()[0] + "\n", "lists a name twice"),
        (lambda s: "".join(reversed(s.splitlines(keepends=True))), "not sorted"),
        (lambda s: s.replace("  ", " *"), "form sha256sum prints"),
        (lambda s: s.upper(), "form sha256sum prints"),
        (lambda s: "# komentar\n" + s, "form sha256sum prints"),
        (lambda s: s.rstrip("\n"), "form sha256sum prints"),
        (lambda _: "", "form sha256sum prints"),
        (lambda s: "\n".join(s.splitlines()[1:]) + "\n", "lists too few or too many"),
    ],
)
def test_odd_sums_are_invalid_even_when_signed(
    folder: Path, files: dict[str, bytes], change: object, text: str
) -> None:
    assert callable(change)
    files["SHA256SUMS"] = change(files["SHA256SUMS"].decode()).encode()
    key = pki.leaf().signing_key
    files["SHA256SUMS.p7s"] = signing.sign_bytes(files["SHA256SUMS"], key, signing_time=NOW)
    pki.write_folder(folder, files)
    report = _verify(folder)
    assert report.decision is Decision.INVALID
    (names,) = [step for step in report.steps if step.code == StepCode.SUMS_NAMES]
    assert text in names.detail.en


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (b'"schema_version":"1.0"', b'"schema_version":"9.9"', "'9.9' is not known"),
        (b'"findings_file"', b'"findings"', "no valid digests.findings_file"),
        (b'"digests"', b'"digest"', "no valid digests"),
        (b'"assessment_id":"2026-11-uji"', b'"assessment_id":7', "no valid assessment_id"),
        (b'"schema_version"', b'"assessment_id":"b","schema_version"', "key comes twice"),
        (b"}", b"", "cannot be interpreted"),
    ],
)
def test_odd_results_are_invalid_even_when_signed(
    folder: Path, files: dict[str, bytes], old: bytes, new: bytes, text: str
) -> None:
    assert old in files["result.json"]
    files["result.json"] = files["result.json"].replace(old, new)
    pki.write_folder(folder, pki.reseal(files, pki.leaf()))
    report = _verify(folder)
    assert report.decision is Decision.INVALID
    (schema,) = [step for step in report.steps if step.code == StepCode.RESULT_SCHEMA]
    assert text in schema.detail.en
    assert ("result_digests", "not_compared") in _undecided(report)


def test_role_the_result_requires_must_have_signed(folder: Path, files: dict[str, bytes]) -> None:
    files["result.json"] = files["result.json"].replace(b'["seal"]', b'["director","seal"]')
    pki.write_folder(folder, pki.reseal(files, pki.leaf()))
    assert ("pdf_signatures", "report.pdf") in _bad(_verify(folder))


def test_unknown_role_or_folder_is_a_usage_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="no such role: raja"):
        _verify(folder, required_roles=("raja",))
    with pytest.raises(UsageError, match="cannot be listed"):
        _verify(folder / "tidak-ada")


def test_unreadable_root_is_an_error_not_a_verdict(folder: Path) -> None:
    with pytest.raises(KeyMaterialError):
        _verify(folder, roots=(b"bukan sertifikat",))


def test_naive_time_is_a_bug(folder: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        _verify(folder, now=datetime(2026, 11, 20))  # noqa: DTZ001


def _sealed(tmp_path: Path, signer: Issued) -> Path:
    return pki.write_folder(tmp_path / "lain", pki.sealed_files(signer))


def test_certificate_naming_a_crl_needs_the_crl(tmp_path: Path) -> None:
    signer = pki.leaf(pki.Profile(crl_url="http://crl.invalid/a.crl"))
    folder = _sealed(tmp_path, signer)
    report = _verify(folder)
    assert report.decision is Decision.UNDECIDED
    assert _undecided(report) == {("trust", "revocation_unknown")}
    clean = pki.crl(pki.intermediate())
    assert _verify(folder, crls=(clean,)).decision is Decision.VALID
    revoked = pki.crl(pki.intermediate(), revoked=(signer.certificate,))
    assert _verify(folder, crls=(revoked,)).decision is Decision.INVALID


def test_expired_certificate_is_undecided(folder: Path) -> None:
    report = _verify(folder, now=NOW + 500 * DAY)
    assert report.decision is Decision.UNDECIDED
    assert _undecided(report) == {("trust", "expired")}


def test_signature_from_before_the_certificate_is_invalid(tmp_path: Path) -> None:
    folder = _sealed(tmp_path, pki.leaf(pki.Profile(start=NOW + DAY)))
    assert _verify(folder, now=NOW + 2 * DAY).decision is Decision.INVALID


def test_certificate_without_key_usage_is_invalid(tmp_path: Path) -> None:
    folder = _sealed(tmp_path, pki.leaf(pki.Profile(key_usage=None)))
    assert _verify(folder).decision is Decision.INVALID


def test_demo_key_seals_a_valid_folder(tmp_path: Path) -> None:
    demo = signing.make_demo_key(now=NOW, common_name="Peraga")
    from cryptography import x509

    issued = Issued(
        certificate=x509.load_pem_x509_certificate(demo.key.certificate_pem),
        private_key=demo.key.operation._key,  # type: ignore[attr-defined]
    )
    folder = _sealed(tmp_path, issued)
    assert _verify(folder, roots=(demo.root_pem,)).decision is Decision.VALID


def test_steps_can_be_added_and_decide(folder: Path) -> None:
    from ojkaudit.signing import VerificationStep

    report = _verify(folder)
    step = VerificationStep(
        number=12,
        code="replay",
        status=StepStatus.FAILED,
        subject="evidence.zip",
        title=Text(id="a", en="b"),
        detail=Text(id="c", en="d"),
    )
    extended = report.with_step(step)
    assert extended.steps[-1] is step
    assert extended.decision is Decision.INVALID
    assert report.decision is Decision.VALID


def test_no_step_at_all_is_undecided() -> None:
    assert VerificationReport(steps=()).decision is Decision.UNDECIDED
