"""Tells by name, comment and type which columns look personal; no row is ever read.

The names are those an Indonesian lender's schema uses, in Indonesian and English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ojkaudit.collectors.postgresql.rows import Row, flag, text

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")

_PEOPLE = r"nasabah|peminjam|debitur|kreditur|pelanggan|pengguna|karyawan|pegawai|pemberi_dana"
_PERSONS = (
    r"customers?|borrowers?|lenders?|debtors?|clients?|members?|employees?|users?|applicants?"
)
_NUMBER = r"(?:no|nomor|num|number)"

_BY_NAME: Sequence[tuple[str, str]] = (
    (
        "card_secret",
        r"cvv|cvc|card_verification\w*|track_[12]|track_data|pin_?block|mag_?stripe",
    ),
    (
        "mother_name",
        r"(nama_)?(gadis_)?ibu_kandung|nama_(gadis_)?ibu|mother(_s|s)?_(maiden_)?name|maiden_name"
        r"|mother_maiden\w*",
    ),
    (
        "id_number",
        rf"nik|e?ktp|({_NUMBER}_)?kk|kartu_keluarga|nomor_induk_kependudukan|id_card\w*"
        rf"|national_id\w*|identity_{_NUMBER}|{_NUMBER}_identitas|passport\w*|paspor|{_NUMBER}_sim",
    ),
    ("tax_number", rf"npwp|nomor_pokok_wajib_pajak|tax_(id|payer_id|{_NUMBER})"),
    (
        "pan",
        rf"pan|card_{_NUMBER}|{_NUMBER}_kartu(_kredit|_debit)?|credit_card\w*|cc_{_NUMBER}"
        r"|primary_account_number",
    ),
    (
        "account",
        rf"rekening|(no_?)?rek|norek|account_{_NUMBER}|acct_{_NUMBER}|bank_account\w*|iban"
        r"|virtual_account|va_number",
    ),
    ("email", r"e_?mails?|surel|alamat_surel"),
    (
        "phone",
        r"(no_?)?hp|nohp|handphone|phones?|phone_\w+|telp|tlp|telepon|telpon|msisdn|mobile_(no|number|phone)"
        r"|mobile|whatsapp|no_wa|nomor_wa|ponsel|seluler|cell_?phone",
    ),
    ("birth", r"lahir|tgl_lahir|dob|birth\w*|birthday|ttl"),
    (
        "biometric",
        r"biometr\w*|finger_?prints?|sidik_jari|selfie|swafoto|foto|photo|wajah|liveness"
        r"|face_(id|template|image|photo|embedding|vector|encoding|print)|iris_\w+|voice_?print",
    ),
    ("location", r"latitude|longitude|lat|lng|geo_?location|gps|koordinat"),
    (
        "address",
        r"(?<!ip_)(?<!mac_)(?<!host_)(?<!server_)(?<!contract_)(?<!listen_)address|alamat|domisili"
        r"|kelurahan|kecamatan|kode_?pos|postal_code|zip_?code",
    ),
    ("income", r"gaji|salary|penghasilan|pendapatan|income"),
    ("credential", r"password|passwd|kata_sandi|pin|passphrase|secret_answer|jawaban_rahasia"),
    ("contact", r"kontak_darurat|emergency_contact\w*"),
    (
        "name",
        rf"nama_(lengkap|depan|belakang|panggilan|wali|suami|istri|pasangan|ayah|pemilik\w*|{_PEOPLE})"
        r"|full_?name|first_?name|last_?name|middle_name|surname|given_name|family_name|card_?holder"
        rf"|({_PERSONS}|spouse|beneficiary|holder)_name",
    ),
)
"""Class and pattern, tried in this order; a pattern matches whole words of the name."""

_BY_COMMENT: Sequence[tuple[str, str]] = (
    ("card_secret", r"cvv|cvc|card_verification\w*|pin_block"),
    ("mother_name", r"ibu_kandung|nama_(gadis_)?ibu|mother(_s|s)?_(maiden_)?name|maiden_name"),
    (
        "id_number",
        rf"nik|e?ktp|nomor_induk_kependudukan|kartu_keluarga|national_id\w*|{_NUMBER}_identitas"
        r"|passport|paspor",
    ),
    ("tax_number", rf"npwp|nomor_pokok_wajib_pajak|tax_{_NUMBER}|tax_id"),
    ("pan", rf"card_{_NUMBER}|{_NUMBER}_kartu|kartu_kredit|credit_card|primary_account_number"),
    ("account", rf"rekening|bank_account|account_{_NUMBER}|virtual_account"),
    ("email", r"e_?mail|surel"),
    ("phone", rf"{_NUMBER}_hp|handphone|phone|telepon|telpon|msisdn|whatsapp|ponsel"),
    ("birth", r"lahir|birth|birthday|date_of_birth"),
    ("biometric", r"biometr\w*|fingerprint|sidik_jari|selfie|swafoto|wajah|face_image|liveness"),
    ("address", r"alamat_(rumah|tinggal|domisili|ktp|nasabah|peminjam)|home_address|domisili"),
    ("income", r"gaji|salary|penghasilan"),
    ("credential", r"password|kata_sandi"),
    ("contact", r"kontak_darurat|emergency_contact"),
    ("name", rf"nama_(lengkap|{_PEOPLE})|full_name|({_PERSONS})(_s)?_name"),
)


def _compiled(patterns: Sequence[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    # Words are joined and framed by "_", so "_nik_" is in "_no_nik_" and not in "_teknik_".
    return tuple((name, re.compile(f"_(?:{pattern})(?=_)")) for name, pattern in patterns)


_NAME_PATTERNS = _compiled(_BY_NAME)
_COMMENT_PATTERNS = _compiled(_BY_COMMENT)
_PEOPLE_TABLE = re.compile(f"_(?:{_PEOPLE}|{_PERSONS}|kontak_darurat|persons?|people)(?=_)")
_BARE_NAMES = frozenset({"nama", "name"})

_MAX_COMMENT = 300
_SAMPLE = re.compile(r"\d(?:[\d .-]{4,})\d|\S+@\S+")

_ENCRYPTED_DOMAIN = re.compile(r"^(enc|encrypted|cipher|ciphertext|crypt)(_|$)", re.IGNORECASE)


def pii_class(table: str, column: str, comment: str = "") -> str:
    """Return the class of personal data a column's name or comment speaks of, or empty.

    Classes: id_number, tax_number, phone, email, account, pan, biometric, name, mother_name,
    address, birth, location, income, credential, contact, card_secret.
    """
    name = _words(column)
    for result, pattern in _NAME_PATTERNS:
        if pattern.search(name):
            return result
    if name.strip("_") in _BARE_NAMES and _PEOPLE_TABLE.search(_words(table)):
        return "name"
    described = _words(comment)
    for result, pattern in _COMMENT_PATTERNS:
        if pattern.search(described):
            return result
    return ""


def personal_columns(rows: Sequence[Row]) -> tuple[list[dict[str, object]], list[int]]:
    """Return the columns that look personal, and the ids of the tables they lie in, sorted."""
    columns: list[dict[str, object]] = []
    tables: set[int] = set()
    for row in rows:
        found = pii_class(text(row, "table"), text(row, "column"), text(row, "comment"))
        if not found:
            continue
        columns.append(_column(row, found))
        table_id = row.get("table_id")
        if isinstance(table_id, int):
            tables.add(table_id)
    return columns, sorted(tables)


def _column(row: Row, found: str) -> dict[str, object]:
    domain = text(row, "domain")
    encrypted = bool(_ENCRYPTED_DOMAIN.match(domain))
    masked = flag(row, "masking_label")
    column: dict[str, object] = {
        "schema": text(row, "schema"),
        "table": text(row, "table"),
        "column": text(row, "column"),
        "type": text(row, "type"),
        "comment": _safe_comment(text(row, "comment")),
        "pii_class": found,
        "encrypted_domain": encrypted,
        "masking_label": masked,
        "protected": encrypted or masked or _is_opaque(row, found),
    }
    if domain:
        column["domain"] = domain
        column["base_type"] = text(row, "base_type")
    return column


def _safe_comment(comment: str) -> str:
    # People put sample values into comments: a real number must not become evidence.
    return _SAMPLE.sub("…", comment)[:_MAX_COMMENT]


def _is_opaque(row: Row, found: str) -> bool:
    # A picture or template is bytea whether encrypted or not, so there the type proves nothing.
    is_bytea = "bytea" in (text(row, "type"), text(row, "base_type"))
    return is_bytea and found != "biometric"


def _words(name: str) -> str:
    snake = _DIGITS.sub("_", _CAMEL.sub("_", name).lower())
    return "_" + _SEPARATORS.sub("_", snake).strip("_") + "_"
