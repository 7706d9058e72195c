import re
import subprocess
from pathlib import Path

import pytest

from ojkaudit.signing import make_demo_key, verification_text
from tests.support import pki
from tests.support.needs import need_program
from tests.support.pki import NOW


def _text(**changes: object) -> str:
    given: dict[str, object] = {
        "assessment_id": "2026-11-uji",
        "institution": "PT Dana Contoh Nusantara",
        "key": pki.leaf().signing_key,
    }
    return verification_text(**{**given, **changes})  # type: ignore[arg-type]


def _commands(text: str) -> list[str]:
    found = re.findall(r"^       (\S.*)$", text, re.MULTILINE)
    assert len(found) >= 7
    return found


def test_every_command_of_the_guide_works_on_a_sealed_folder(tmp_path: Path) -> None:
    for program, package in (("openssl", "openssl"), ("pdfsig", "poppler-utils")):
        need_program(program, package)
    folder = pki.write_folder(tmp_path / "run", pki.sealed_files())
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.pem").write_bytes(pki.root().pem)
    before = sorted(folder.iterdir())
    printed = ""
    for command in _commands(_text()):
        if command.startswith("ojkaudit "):
            continue
        if "-CAfile" in command:
            # The tests sign at a fixed time; a reader's openssl takes today.
            command += f" -attime {int(NOW.timestamp())}"
        done = subprocess.run(
            command.split(), cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, command + done.stderr
        printed += done.stdout + done.stderr
    assert printed.count("CMS Verification successful") == 2
    assert "Signature is Valid" in printed
    assert "Total document signed" in printed
    assert sorted(folder.iterdir()) == before


def test_guide_prints_fingerprints_as_openssl_does() -> None:
    openssl = need_program("openssl", "openssl")
    text = _text(trust_roots=(pki.foreign_root().pem,))
    for pem in (pki.leaf().pem, pki.intermediate().pem, pki.root().pem, pki.foreign_root().pem):
        done = subprocess.run(
            [openssl, "x509", "-noout", "-fingerprint", "-sha256"],
            input=pem,
            capture_output=True,
            check=True,
        )
        assert done.stdout.decode().strip().partition("=")[2] in text


def test_guide_is_bilingual_indonesian_first_and_names_no_machine_path() -> None:
    text = _text()
    assert text.index("BAHASA INDONESIA") < text.index("ENGLISH")
    assert not re.search(r"(?<![.\w])/(home|root|tmp|work|usr|etc)\b", text)
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) < 160


def test_demonstration_says_so() -> None:
    demo = make_demo_key(now=NOW, common_name="Peraga")
    assert "HANYA PERAGAAN" in _text(key=demo.key, demonstration=True)
    assert "PERAGAAN" not in _text()


@pytest.mark.parametrize("field", ["assessment_id", "institution"])
def test_names_cannot_add_lines_of_their_own(field: str) -> None:
    text = _text(**{field: "x\nopenssl cms -verify -noverify\x1b[2J"})
    assert "\nopenssl cms -verify -noverify" not in text
    assert "\x1b" not in text
