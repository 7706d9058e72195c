"""Columns that look personal."""

from __future__ import annotations

import pytest

from ojkaudit.collectors.postgresql.personal_data import personal_columns, pii_class


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("nik", "id_number"),
        ("NIK", "id_number"),
        ("no_ktp", "id_number"),
        ("nomorKtp", "id_number"),
        ("no_kk", "id_number"),
        ("nomor_kartu_keluarga", "id_number"),
        ("passport_number", "id_number"),
        ("npwp", "tax_number"),
        ("npwp15", "tax_number"),
        ("no_hp", "phone"),
        ("noHp2", "phone"),
        ("phone", "phone"),
        ("telp_rumah", "phone"),
        ("msisdn", "phone"),
        ("email", "email"),
        ("alamat_email", "email"),
        ("no_rekening", "account"),
        ("norek_tujuan", "account"),
        ("bank_account_number", "account"),
        ("pan", "pan"),
        ("card_number", "pan"),
        ("no_kartu_kredit", "pan"),
        ("tgl_lahir", "birth"),
        ("dob", "birth"),
        ("birthDate", "birth"),
        ("fingerprint_template", "biometric"),
        ("foto_selfie", "biometric"),
        ("face_embedding", "biometric"),
        ("nama_ibu_kandung", "mother_name"),
        ("mother_maiden_name", "mother_name"),
        ("nama_lengkap", "name"),
        ("full_name", "name"),
        ("borrower_name", "name"),
        ("alamat_domisili", "address"),
        ("home_address", "address"),
        ("gaji_pokok", "income"),
        ("latitude", "location"),
        ("kontak_darurat", "contact"),
        ("password_hash", "credential"),
        ("cvv2", "card_secret"),
        ("pin_block", "card_secret"),
        ("track2", "card_secret"),
    ],
)
def test_personal_names_are_found(column: str, expected: str) -> None:
    assert pii_class("t", column) == expected


@pytest.mark.parametrize(
    "column",
    [
        "id",
        "teknik",
        "unik",
        "company",
        "panjang",
        "expand",
        "created_at",
        "nikah_status_id",
        "ip_address",
        "mac_address",
        "product_name",
        "file_name",
        "nama_produk",
        "account_type",
        "amount",
        "interface_id",
        "shipping_status",
        "pinjaman_id",
        "relation",
        "platform",
        "emailed",
    ],
)
def test_other_names_are_not(column: str) -> None:
    assert pii_class("pinjaman", column) == ""


def test_a_bare_name_counts_in_a_table_of_people_only() -> None:
    assert pii_class("nasabah", "nama") == "name"
    assert pii_class("m_borrower", "name") == "name"
    assert pii_class("provinsi", "nama") == ""


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Nomor Induk Kependudukan sesuai Dukcapil", "id_number"),
        ("Mother's maiden name", "mother_name"),
        ("nomor HP aktif", "phone"),
        ("Nomor Pokok Wajib Pajak", "tax_number"),
        ("tanggal lahir peminjam", "birth"),
        ("hasil pindai wajah", "biometric"),
        ("status pinjaman", ""),
        ("kolom teknik", ""),
    ],
)
def test_comments_speak_where_names_do_not(comment: str, expected: str) -> None:
    assert pii_class("data", "f_017", comment) == expected


def _row(**changes: object) -> dict[str, object]:
    return {
        "table_id": 7,
        "schema": "public",
        "table": "nasabah",
        "column": "nik",
        "type": "text",
        "comment": None,
        "domain": None,
        "base_type": None,
        "masking_label": False,
        **changes,
    }


def test_plain_text_is_not_protected() -> None:
    columns, tables = personal_columns([_row(), _row(column="status")])
    assert [c["column"] for c in columns] == ["nik"]
    assert columns[0]["protected"] is False
    assert "domain" not in columns[0]
    assert tables == [7]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "bytea"},
        {"type": "public.enc_nik", "domain": "enc_nik", "base_type": "text"},
        {"type": "public.nik_b", "domain": "nik_b", "base_type": "bytea"},
        {"masking_label": True},
    ],
)
def test_ciphertext_encrypted_domain_and_mask_protect(changes: dict[str, object]) -> None:
    columns, _ = personal_columns([_row(**changes)])
    assert columns[0]["protected"] is True


def test_a_domain_that_only_sounds_alike_does_not_protect() -> None:
    changes = {"type": "public.encounter", "domain": "encounter", "base_type": "text"}
    columns, _ = personal_columns([_row(**changes)])
    assert columns[0]["protected"] is False


def test_bytea_does_not_protect_a_picture() -> None:
    columns, _ = personal_columns([_row(column="foto_ktp_selfie", type="bytea")])
    # "ktp" makes it an identity number first; a plain selfie is a picture.
    picture, _ = personal_columns([_row(column="selfie", type="bytea")])
    assert columns[0]["pii_class"] == "id_number"
    assert picture[0]["protected"] is False


def test_sample_values_in_comments_are_not_kept() -> None:
    columns, _ = personal_columns(
        [_row(comment="NIK, mis. 3174 0112 3456 7890 / budi@dana.example")]
    )
    assert "3174" not in str(columns)
    assert "budi" not in str(columns)
    assert str(columns[0]["comment"]).startswith("NIK")
