"""Write `VERIFIKASI.txt`: how a reader checks a run folder without this program."""

from __future__ import annotations

from collections.abc import Sequence

from ojkaudit.signing.certificates import (
    fingerprint,
    load_certificates,
    load_roots,
    name_of,
    one_line,
)
from ojkaudit.signing.interface import SigningKey
from ojkaudit.signing.layout import REPORT_PDF, RESULT, RESULT_SIGNATURE, SUMS, SUMS_SIGNATURE

_OPENSSL = (
    "openssl cms -verify -binary -purpose any -inform DER -in {signature} -content {file} "
    "-CAfile ../trust/root.pem -out /dev/null"
)

_COMMANDS = (
    "sha256sum --check --strict SHA256SUMS",
    _OPENSSL.format(signature=SUMS_SIGNATURE, file=SUMS),
    _OPENSSL.format(signature=RESULT_SIGNATURE, file=RESULT),
    f"pdfsig {REPORT_PDF}",
    f"pdfdetach -savefile {RESULT} -o ../dari-pdf.json {REPORT_PDF}",
    f"cmp ../dari-pdf.json {RESULT}",
    "ojkaudit verify . --trust ../trust/root.pem",
)

_INDONESIAN = """\
Jalankan perintah berikut di dalam folder ini (Linux; paket openssl dan poppler-utils).
Semua langkah harus berhasil; satu saja gagal berarti berkas TIDAK SAH.

  1. Isi semua berkas sesuai daftar:
       {0}
  2. Daftar itu ditandatangani (hasil: "CMS Verification successful"):
       {1}
  3. Hasil asesmen ditandatangani:
       {2}
  4. PDF ditandatangani. Harus terbaca "Signature is Valid" DAN
     "Total document signed"; tanpa yang kedua, PDF telah ditambah sesudahnya:
       {3}
  5. PDF memuat hasil yang sama (cmp tidak menampilkan apa pun):
       {4}
       {5}
  6. Bila ojkaudit terpasang, semuanya sekaligus, dengan aturan yang lebih ketat:
       {6}

../trust/root.pem adalah sertifikat akar yang ANDA peroleh sendiri dari penerbitnya, bukan
dari folder ini. Cocokkan sidik jarinya dengan yang diumumkan penerbit:
       openssl x509 -in ../trust/root.pem -noout -fingerprint -sha256
Perintah openssl di atas tidak memeriksa pencabutan sertifikat, dan waktu tanda tangan
adalah pernyataan penanda tangan.
"""

_ENGLISH = """\
Run the commands above inside this folder (Linux; packages openssl and poppler-utils). Every
step must succeed; one failure means the files are NOT VALID.

  1. The contents of all files match the list.
  2. The list is signed (it prints "CMS Verification successful").
  3. The assessment result is signed.
  4. The PDF is signed. It must read "Signature is Valid" AND "Total document signed"; without
     the second the PDF was added to later.
  5. The PDF embeds the same result (cmp prints nothing).
  6. Where ojkaudit is installed: all of it at once, by stricter rules.

../trust/root.pem is the root certificate that YOU obtained from its issuer, not from this
folder. Compare its fingerprint with the one the issuer publishes. The openssl lines do not
check revocation, and the signing time is what the signer claims.
"""


def verification_text(
    *,
    assessment_id: str,
    institution: str,
    key: SigningKey,
    trust_roots: Sequence[bytes] = (),
    demonstration: bool = False,
) -> str:
    """Return the text of `VERIFIKASI.txt`, Bahasa Indonesia first.

    Args:
        assessment_id: Names the run.
        institution: Who is audited.
        key: The key that seals the folder.
        trust_roots: The roots configured, PEM or DER; their fingerprints are printed beside those
            of the chain.
        demonstration: True when the key is a throw-away one.

    Raises:
        KeyMaterialError: A trust root cannot be read.
    """
    notice = _DEMONSTRATION if demonstration else ""
    parts = (
        f"VERIFIKASI LAPORAN {one_line(assessment_id)}\n{one_line(institution)}\n",
        notice,
        _signer(key, trust_roots),
        "BAHASA INDONESIA\n\n" + _INDONESIAN.format(*_COMMANDS),
        "ENGLISH\n\n" + _ENGLISH,
    )
    return "\n".join(part for part in parts if part)


_DEMONSTRATION = """\
HANYA PERAGAAN: kunci sekali pakai, tidak dijamin siapa pun.
DEMONSTRATION ONLY: a throw-away key that nobody vouches for.
"""


def _signer(key: SigningKey, trust_roots: Sequence[bytes]) -> str:
    chain = [c for pem in key.chain_pem for c in load_certificates(pem)]
    known = {fingerprint(c): name_of(c) for c in (*chain, *load_roots(trust_roots))}
    lines = [
        "Penanda tangan / Signer:",
        f"  {one_line(key.subject)}",
        f"  SHA-256 {_pairs(key.fingerprint_sha256)}",
        "Penerbit / Issuer:",
        f"  {one_line(key.issuer)}",
    ]
    if known:
        lines.append("Sertifikat penerbit dan akar / Certificates of issuer and root:")
    for digest, subject in known.items():
        lines += [f"  {subject}", f"  SHA-256 {_pairs(digest)}"]
    return "\n".join(lines) + "\n"


def _pairs(hex_digits: str) -> str:
    # As `openssl x509 -fingerprint` prints it, so that it can be compared at a glance.
    upper = hex_digits.upper()
    return ":".join(upper[i : i + 2] for i in range(0, len(upper), 2))
