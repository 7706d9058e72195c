"""Everything that can be done to a run folder, and what `verify` says to it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ojkaudit import signing
from ojkaudit.cli import app
from ojkaudit.model.evidence import Payload, Resource
from ojkaudit.pipeline import seal
from ojkaudit.pipeline.seal import SealingKey
from ojkaudit.pipeline.verify import exit_code, verify
from tests.support.forging import (
    Document,
    Office,
    edit_evidence,
    edit_result,
    judge_again,
    open_office,
    seal_again,
    tell_digests,
)
from tests.support.program import Done, program

pytestmark = pytest.mark.xdist_group("tamper")

FILES = (
    "SHA256SUMS", "SHA256SUMS.p7s", "VERIFIKASI.txt", "evidence.zip", "findings.jsonl.zst",
    "report.html", "report.pdf", "result.json", "result.json.p7s",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"), "compliant", "drifted")


@pytest.fixture
def run(office: Office, tmp_path: Path) -> Path:
    """Give a copy of the drifted run to alter."""
    original = office.runs["drifted"]
    return Path(shutil.copytree(original, tmp_path / original.name))


def check(folder: Path, office: Office, *options: str) -> Done:
    """Run the command in this process, which spares its start."""
    out = io.StringIO()
    arguments = ["verify", str(folder), "--trust", str(office.root), "--lang", "id", *options]
    with contextlib.redirect_stdout(out):
        code = app.run(arguments)
    return Done(code, out.getvalue(), "")


def code_of(folder: Path, root: Path, *, replay: bool = False) -> int:
    """Verify in this process."""
    now = datetime.now(UTC)
    return exit_code(verify(folder, trust_roots=[root.read_bytes()], now=now, replay=replay))


def assert_refused(done: Done, name: str) -> None:
    """The decision is TIDAK SAH, and a failed step names the file, or its signature."""
    assert done.code == 4, done.out
    assert done.out.splitlines()[-1] == "TIDAK SAH"
    broken = [line for line in done.out.splitlines() if "GAGAL" in line]
    assert any(f"[{name}]" in line or f"[{name}.p7s]" in line for line in broken), done.out


def test_both_runs_are_valid_as_they_are(office: Office) -> None:
    assert {path.name for path in office.runs["drifted"].iterdir()} == set(FILES)
    for folder in office.runs.values():
        done = program("verify", folder, "--trust", office.root, "--replay")
        assert done.code == 0, done.out


def test_folder_may_be_renamed(run: Path, office: Office) -> None:
    moved = run.rename(run.with_name("laporan november"))
    done = check(moved, office, "--replay")
    assert done.code == 0
    assert "diganti" in done.out


# Files altered, added, dropped, renamed, swapped


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_is_found_and_named(name: str, run: Path, office: Office) -> None:
    data = bytearray((run / name).read_bytes())
    data[len(data) // 2] ^= 1
    (run / name).write_bytes(data)
    done = program("verify", run, "--trust", office.root, "--replay")
    assert_refused(done, name)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_anywhere_is_found(name: str, run: Path, office: Office) -> None:
    data = (run / name).read_bytes()
    places = sorted({0, 1, len(data) - 1, *(len(data) * part // 9 for part in range(1, 9))})
    for place in places:
        (run / name).write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        assert code_of(run, office.root) == 4, f"{name} byte {place}"
    (run / name).write_bytes(data)
    assert code_of(run, office.root) == 0


@pytest.mark.parametrize("name", FILES)
def test_a_dropped_file_is_found_and_named(name: str, run: Path, office: Office) -> None:
    (run / name).unlink()
    assert_refused(check(run, office), name)


@pytest.mark.parametrize("name", FILES)
def test_a_renamed_file_is_found_and_named(name: str, run: Path, office: Office) -> None:
    (run / name).rename(run / f"lama-{name}")
    done = check(run, office)
    assert_refused(done, name)
    assert_refused(done, f"lama-{name}")


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_or_emptied_file_is_found(name: str, run: Path, office: Office) -> None:
    data = (run / name).read_bytes()
    for shorter in (b"", data[:-1], data[: len(data) // 2]):
        (run / name).write_bytes(shorter)
        assert code_of(run, office.root) == 4


@pytest.mark.parametrize("name", ["catatan.txt", ".tersembunyi", "report.pdf.bak", "sha256sums"])
def test_an_added_file_is_found_and_named(name: str, run: Path, office: Office) -> None:
    (run / name).write_text("tambahan")
    assert_refused(check(run, office), name)


def test_an_added_folder_and_a_link_are_found(run: Path, office: Office, tmp_path: Path) -> None:
    (run / "lampiran").mkdir()
    assert_refused(check(run, office), "lampiran")
    (run / "lampiran").rmdir()
    elsewhere = tmp_path / "report.html"
    shutil.move(run / "report.html", elsewhere)
    (run / "report.html").symlink_to(elsewhere)
    assert_refused(check(run, office), "report.html")


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_run_is_found_and_named(name: str, run: Path, office: Office) -> None:
    shutil.copy(office.runs["compliant"] / name, run / name)
    assert_refused(check(run, office), name)


@pytest.mark.parametrize("kept", FILES)
def test_a_file_kept_while_all_others_are_of_another_run_is_found(
    kept: str, run: Path, office: Office
) -> None:
    for name in set(FILES) - {kept}:
        shutil.copy(office.runs["compliant"] / name, run / name)
    assert code_of(run, office.root) == 4


# The PDF and its signature


@pytest.mark.parametrize("more", [b"\n", b"\0" * 16, b"%% lulus\n", b"%PDF-1.7\n%%EOF\n"])
def test_bytes_after_the_pdf_are_found(more: bytes, run: Path, office: Office) -> None:
    with (run / "report.pdf").open("ab") as pdf:
        pdf.write(more)
    assert_refused(check(run, office), "report.pdf")


def resum(folder: Path, key: SealingKey) -> None:
    """List the files as they are and sign the list with `key`."""
    names = sorted({p.name for p in folder.iterdir()} - {seal.SUMS, seal.SUMS_SIGNATURE})
    sums = signing.write_sums(folder, names)
    (folder / seal.SUMS).write_bytes(sums)
    signature = signing.sign_bytes(sums, key.key, signing_time=datetime.now(UTC))
    (folder / seal.SUMS_SIGNATURE).write_bytes(signature)


def test_bytes_after_the_pdf_are_found_under_a_list_signed_anew(run: Path, office: Office) -> None:
    """Even with the institution's own key the signature inside the PDF does not cover them."""
    with (run / "report.pdf").open("ab") as pdf:
        pdf.write(b"%% lulus\n")
    resum(run, office.key)
    assert_refused(check(run, office), "report.pdf")


def test_a_revision_after_the_signature_is_found(run: Path, office: Office) -> None:
    from pyhanko.pdf_utils.generic import TextStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    with (run / "report.pdf").open("r+b") as pdf:
        writer = IncrementalPdfFileWriter(pdf)
        writer.root["/Lang"] = TextStringObject("en")
        writer.update_root()
        writer.write_in_place()
    resum(run, office.key)
    assert_refused(check(run, office), "report.pdf")


def test_a_pdf_stripped_of_its_signature_is_found(run: Path, office: Office) -> None:
    from pikepdf import Pdf

    with Pdf.open(run / "report.pdf", allow_overwriting_input=True) as pdf:
        del pdf.Root.AcroForm
        for page in pdf.pages:
            if "/Annots" in page:
                del page.Annots
        pdf.save(run / "report.pdf")
    resum(run, office.key)
    assert_refused(check(run, office), "report.pdf")


@pytest.mark.parametrize("name", ["SHA256SUMS.p7s", "result.json.p7s"])
def test_a_signature_of_the_other_file_is_found(name: str, run: Path, office: Office) -> None:
    other = {"SHA256SUMS.p7s": "result.json.p7s", "result.json.p7s": "SHA256SUMS.p7s"}[name]
    shutil.copy(run / other, run / name)
    resum(run, office.key) if name == "result.json.p7s" else None
    assert_refused(check(run, office), name)


# The whole folder signed anew


def look_compliant(document: Document) -> None:
    """Make the result say that nothing fails."""
    document["verdict"] |= {"status": "compliant", "exit_code": 0}
    document["findings"] = [f for f in document["findings"] if f["outcome"] != "fail"]
    for owner in (document, *document["rules"]):
        owner["counts"]["pass"] += owner["counts"]["fail"]
        owner["counts"]["fail"] = 0
        if owner.get("outcome") == "fail":
            owner["outcome"] = "pass"
    for control in document["controls"]:
        if control["status"] == "not_satisfied":
            control["status"] = "satisfied"


def stranger(office: Office) -> tuple[SealingKey, bytes]:
    """Return a key by the very names of the office's, under a root of its own."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.support.live import signer

    made = signer(number=21)
    key = made.signing_key
    assert key.subject == office.key.key.subject
    return SealingKey(key=key), made.above[-1].public_bytes(Encoding.PEM)


def test_an_altered_folder_signed_under_a_fresh_root_is_found(
    run: Path, office: Office, tmp_path: Path
) -> None:
    key, root = stranger(office)
    edit_result(run, look_compliant)
    seal_again(run, key)
    for name in ("SHA256SUMS", "result.json", "report.pdf"):
        assert_refused(check(run, office), name)
    own = tmp_path / "asing.pem"
    own.write_bytes(root)
    # The forgery is perfect but for its root: under that root only a replay tells.
    assert code_of(run, own) == 0
    assert code_of(run, own, replay=True) == 4


def test_an_unaltered_folder_signed_under_a_fresh_root_is_found(run: Path, office: Office) -> None:
    key, _ = stranger(office)
    seal_again(run, key)
    assert_refused(check(run, office, "--replay"), "SHA256SUMS")


# Signed anew with the institution's own, trusted key


def replayed(run: Path, office: Office) -> Done:
    """Verify with a replay, once it is sure that without one nothing shows."""
    assert check(run, office).code == 0
    return check(run, office, "--replay")


def test_an_edited_result_is_found_by_a_replay(run: Path, office: Office) -> None:
    edit_result(run, look_compliant)
    seal_again(run, office.key)
    assert_refused(replayed(run, office), "evidence.zip")


def set_path(*path: Any, value: Any) -> Any:
    def edit(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        set_path("institution", "name", value="PT Lain"),
        set_path("tool_version", value="9.9.9"),
        set_path("assessed_at", value="2026-11-21T02:05:00Z"),
        set_path("verdict", "fail_on", value="critical"),
        set_path("rules", 0, "severity", value="low"),
        set_path("coverage", 0, "count", value=4177),
        set_path("findings", 0, "observed", value="semuanya baik"),
        set_path("digests", "snapshot", value="0" * 64),
        set_path("register", 0, "valid_until", value="2039-12-31"),
    ],
    ids=[
        "institution", "tool", "time", "fail-on", "severity", "coverage", "observed", "snapshot",
        "register",
    ],
)  # fmt: skip
def test_any_edited_part_of_the_result_is_found_by_a_replay(
    edit: Any, run: Path, office: Office
) -> None:
    edit_result(run, edit)
    seal_again(run, office.key)
    assert code_of(run, office.root) == 0
    assert code_of(run, office.root, replay=True) == 4


def repaired(item: Resource) -> Payload:
    """Take every privilege from every container of the platform."""
    text = json.dumps(item.payload)
    return dict(json.loads(text.replace('"privileged": true', '"privileged": false')))


def annotated(item: Resource) -> Payload:
    """Add an annotation that no rule reads."""
    payload: dict[str, Any] = dict(item.payload)
    if item.ref.kind == "kubernetes/v1/Node":
        payload["metadata"]["annotations"] = {"catatan": "tidak penting"}
    return payload


@pytest.mark.parametrize("edit", [repaired, annotated])
def test_edited_evidence_is_found_by_a_replay(edit: Any, run: Path, office: Office) -> None:
    edit_evidence(run, resource=edit)
    tell_digests(run)
    seal_again(run, office.key)
    done = replayed(run, office)
    assert_refused(done, "evidence.zip")


def test_edited_evidence_that_was_judged_anew_shows_by_its_digests(
    run: Path, office: Office
) -> None:
    """The one thing a trusted key can do; the digests of both files differ all the same."""
    before = json.loads((run / "result.json").read_bytes())["digests"]
    edit_evidence(run, resource=annotated)
    judge_again(run)
    seal_again(run, office.key)
    assert replayed(run, office).code == 0
    after = json.loads((run / "result.json").read_bytes())["digests"]
    assert before["snapshot"] != after["snapshot"]
    assert before["evidence_file"] != after["evidence_file"]
    assert before["verdict"] != after["verdict"]


def test_a_dropped_resource_or_a_denial_made_complete_is_found(run: Path, office: Office) -> None:
    edit_evidence(
        run,
        resource=lambda item: None if item.ref.name == "okd-w4" else item.payload,
        coverage=lambda entry: replace(entry, detail=""),
    )
    tell_digests(run)
    seal_again(run, office.key)
    assert_refused(replayed(run, office), "evidence.zip")


def weaken(rule_id: str, **fields: Any) -> Any:
    def edit(inputs: Document) -> None:
        for rules in (inputs["rules"], inputs["catalog"]["rules"]):
            (rule,) = [rule for rule in rules if rule["id"] == rule_id]
            for name, value in fields.items():
                assert name in rule
                rule[name] = value

    return edit


def allow_singapore(inputs: Document) -> None:
    (parameter,) = [p for p in inputs["catalog"]["parameters"] if p["name"] == "allowed_countries"]
    parameter["value"] = ["ID", "SG"]


def move_singapore(inputs: Document) -> None:
    for region in inputs["catalog"]["regions"]:
        if region["country"] == "SG":
            region["country"] = "ID"


def drop_rule(inputs: Document) -> None:
    for owner in (inputs, inputs["catalog"]):
        owner["rules"] = [rule for rule in owner["rules"] if rule["id"] != "RES-021"]


def other_release(inputs: Document) -> None:
    weaken("RES-021", pass_expression="true")(inputs)
    inputs["catalog"]["version"] = "0.0.9"


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (weaken("RES-021", pass_expression="true"), "RES-021"),
        (weaken("RES-021", severity="low"), "RES-021"),
        (weaken("RES-021", select="false", on_empty="not_applicable"), "RES-021"),
        (drop_rule, "RES-021"),
        (allow_singapore, "allowed_countries"),
        (move_singapore, "ap-southeast-1"),
        (other_release, "0.0.9"),
    ],
    ids=["pass", "severity", "select", "dropped", "parameter", "region", "release"],
)
def test_a_weakened_catalog_is_never_valid(
    edit: Any, named: str, run: Path, office: Office
) -> None:
    """Stored with the evidence, judged anew and sealed with the trusted key."""
    edit_evidence(run, judged_with=edit)
    judge_again(run)
    seal_again(run, office.key)
    done = replayed(run, office)
    assert done.code in (3, 4), done.out
    assert named in done.out


def test_a_weakened_rule_that_was_not_judged_anew_is_found(run: Path, office: Office) -> None:
    edit_evidence(run, judged_with=weaken("RES-021", pass_expression="true"))
    tell_digests(run)
    seal_again(run, office.key)
    assert_refused(replayed(run, office), "evidence.zip")


def test_evidence_without_what_it_was_judged_with_is_found(run: Path, office: Office) -> None:
    import zipfile

    from ojkaudit.collectors.archive import JUDGED_WITH, store

    source = run / "evidence.zip"
    with zipfile.ZipFile(source) as old:
        members = {name: old.read(name) for name in old.namelist() if name != JUDGED_WITH}
    with zipfile.ZipFile(source, "w", zipfile.ZIP_STORED) as new:
        for name, data in members.items():
            store(new, name, data)
    tell_digests(run)
    seal_again(run, office.key)
    assert_refused(replayed(run, office), "evidence.zip")
