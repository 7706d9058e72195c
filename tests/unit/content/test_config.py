"""`ojkaudit.yaml`: every fault at once, with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ojkaudit.content import load_config, starter_text
from ojkaudit.errors import ConfigurationError
from ojkaudit.model.config import Config, SecretRef
from ojkaudit.model.outcome import Language, Severity, SiteRole
from tests.support.content_files import CONFIG, changed, line_of, write

Change = tuple[tuple[str | int, ...], object]

WAIVER = {
    "id": "W-1",
    "rule": "RES-003",
    "subject": "*",
    "reason": "Dipindahkan bertahap.",
    "owner": "Kepala Platform",
    "approver": "Direktur TI",
    "ticket": "CHG-1",
    "issued": "2026-10-05",
    "until": "2026-12-31",
}


def load(tmp_path: Path, *changes: Change) -> Config:
    return load_config(write(tmp_path / "ojkaudit.yaml", changed(CONFIG, *changes)))


def faults(tmp_path: Path, *changes: Change) -> list[str]:
    """Return the problems of a configuration with the changes, without the folder."""
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, *changes)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


def only_fault(tmp_path: Path, *changes: Change) -> str:
    found = faults(tmp_path, *changes)
    assert len(found) == 1, found
    return found[0]


def test_a_minimal_configuration_has_the_documented_defaults(tmp_path: Path) -> None:
    config = load(tmp_path)
    assert config.language is Language.ID
    assert config.profile == "lpbbti"
    assert config.output.fail_on is Severity.HIGH
    assert config.output.allow_incomplete is False
    assert config.signing is None
    assert config.waivers == ()
    assert config.register.records == {}
    assert config.institution.licence_date == date(2021, 3, 1)
    assert config.sites[1].role is SiteRole.RECOVERY
    assert config.postgresql[0].sslmode == "verify-full"
    assert config.postgresql[0].password == SecretRef(env="PG_PASSWORD")


def test_paths_begin_at_the_folder_of_the_configuration(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        (("targets", "postgresql", 0, "sslrootcert"), "pki/ca.pem"),
        (("targets", "postgresql", 0, "password_env"), ...),
        (("targets", "postgresql", 0, "password_file"), "/run/secrets/pg"),
        (("signing",), {"pem": {"key": "k.pem", "certificate": "c.pem"}, "chain": ["i.pem"]}),
        (("rules_dirs",), ["ours"]),
    )
    assert config.kubernetes[0].kubeconfig == tmp_path / "kubeconfig"
    assert config.postgresql[0].sslrootcert == tmp_path / "pki/ca.pem"
    assert config.postgresql[0].password == SecretRef(file=Path("/run/secrets/pg"))
    assert config.rules_dirs == (tmp_path / "ours",)
    assert config.register.base_dir == tmp_path
    assert config.signing is not None
    assert config.signing.kind == "pem"
    assert config.signing.key_file == tmp_path / "k.pem"
    assert config.signing.certificate_file == tmp_path / "c.pem"
    assert config.signing.chain_files == (tmp_path / "i.pem",)


def test_declared_site_extras_are_kept(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        (("sites", 0, "coordinates"), {"lat": -7, "lon": 107.5}),
        (("sites", 0, "carriers"), ["a", "b"]),
        (("sites", 0, "stretched_l2"), False),
    )
    site = config.sites[0]
    assert (site.lat, site.lon) == (-7.0, 107.5)
    assert isinstance(site.lat, float)
    assert site.extra == {"carriers": ["a", "b"], "stretched_l2": False}


def test_an_empty_register_section_differs_from_a_missing_one(tmp_path: Path) -> None:
    config = load(tmp_path, (("register",), {"attestations": []}))
    assert config.register.records == {"attestations": ()}


def test_a_register_file_adds_its_sections(tmp_path: Path) -> None:
    write(tmp_path / "register.yaml", {"vendors": [{"id": "v", "name": "V", "country": "ID"}]})
    config = load(tmp_path, (("register_file",), "register.yaml"), (("register",), {"systems": []}))
    assert set(config.register.records) == {"systems", "vendors"}
    assert config.register.records["vendors"][0]["name"] == "V"


def test_faults_of_the_register_file_are_reported_with_those_of_the_configuration(
    tmp_path: Path,
) -> None:
    write(tmp_path / "register.yaml", {"vendors": [{"id": "v", "country": "ID"}]})
    found = faults(tmp_path, (("register_file",), "register.yaml"), (("language",), "fr"))
    assert found == [
        f"ojkaudit.yaml:{line_of(tmp_path / 'ojkaudit.yaml', 'language:')}:1: "
        "language: expected one of id, en, found 'fr'",
        "register.yaml:2:3: key 'name' is missing",
    ]


def test_a_missing_register_file_is_a_fault(tmp_path: Path) -> None:
    message = only_fault(tmp_path, (("register_file",), "none.yaml"))
    assert message == "none.yaml: cannot be read: No such file or directory"


def test_one_section_in_two_files_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path / "register.yaml", {"vendors": []})
    message = only_fault(
        tmp_path, (("register_file",), "register.yaml"), (("register",), {"vendors": []})
    )
    assert message.startswith("register.yaml:1:1: 'vendors' also stands in ")


def test_every_fault_is_reported_at_once_sorted_by_line(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        (("institution", "licence", "date"), "2021-02-30"),
        (("institution", "total_asets_idr"), 5),
        (("institution", "total_assets_idr"), ...),
        (("period", "to"), "2026-09-01"),
        (("sites", 0, "role"), "primry"),
        (("sites", 1, "country"), "XX"),
        (("targets", "kubernetes", 0, "site"), "cikaos"),
    )
    assert found == [
        "ojkaudit.yaml:1:1: key 'total_assets_idr' is missing",
        "ojkaudit.yaml:5:5: date: the calendar has no such day",
        "ojkaudit.yaml:7:3: unknown key 'total_asets_idr'; did you mean 'total_assets_idr'?",
        "ojkaudit.yaml:10:3: the period ends before it begins",
        "ojkaudit.yaml:13:3: role: expected one of primary, recovery, office, found 'primry'",
        "ojkaudit.yaml:30:3: country: no country has this code in ISO 3166-1",
        "ojkaudit.yaml:36:5: no site has the id 'cikaos'",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((("shift",), 1), "unknown key 'shift'; known here: institution"),
        ((("institution", "name"), 5), "name: expected a text on one line, found a whole number; put it in quotes"),
        ((("institution", "name"), None), "found nothing; give a value or remove the key"),
        ((("institution", "name"), ""), "name: must not be empty"),
        ((("institution", "name"), "x" * 501), "name: longer than 500 characters"),
        ((("institution", "name"), "a\nb"), "name: expected a text on one line"),
        ((("institution", "business_mostly_by_it"), "yes"), "write true or false without quotes"),
        ((("institution", "total_assets_idr"), "12"), "expected whole rupiah, found a text; write it without quotes"),
        ((("institution", "total_assets_idr"), 1.0), "expected whole rupiah, found a number with a fraction"),
        ((("institution", "total_assets_idr"), -1), "must be at least 0"),
        ((("institution", "licence"), ...), "key 'licence' is missing"),
        ((("institution", "licence", "date"), "1 March 2021"), "date: expected a date as YYYY-MM-DD"),
        ((("sites",), []), "sites: needs at least 1 item"),
        ((("sites", 0), "cikaso"), "expected a mapping of keys to values, found a text"),
        ((("sites", 0, "id"), "a b"), "id: expected letters, digits"),
        ((("sites", 0, "postal_code"), 40100), "expected a postal code in quotes, found a whole number; put it in quotes"),
        ((("sites", 0, "country"), "id"), "country: expected two capital letters"),
        ((("sites", 0, "coordinates"), {"lat": -91, "lon": 0}), "lat: must be at least -90"),
        ((("sites", 0, "coordinates"), {"lat": 0}), "key 'lon' is missing"),
        ((("sites", 0, "labels"), {"a": True}), "expected a text, in quotes if it looks like a number"),
        ((("sites", 1, "id"), "cikaso"), "id 'cikaso' is already used on line 12"),
        ((("sites", 0, "cidrs"), ["10.0.0.1/8"]), "bits are set behind the prefix; did you mean 10.0.0.0/8?"),
        ((("sites", 0, "cidrs"), ["0.0.0.0/0"]), "too wide for a site: at most /8"),
        ((("sites", 0, "cidrs"), ["::/0"]), "too wide for a site: at most /8"),
        ((("sites", 0, "cidrs"), ["10.0.0.1"]), "expected a network with its prefix length"),
        ((("sites", 0, "cidrs"), ["10.0.0.0/33"]), "not a network"),
        ((("sites", 0, "cidrs"), ["10.20.5.0/24"]), "10.20.5.0/24 overlaps 10.20.0.0/16 of site 'bukit-tenang'"),
        ((("sites", 0, "cidrs"), ["10.9.0.0/16", "10.9.0.0/16"]), "this item appears twice in the list"),
        ((("targets", "postgresql", 0, "id"), "klaster"), "id 'klaster' is already used"),
        ((("targets", "kubernetes", 0, "id"), "register"), "'register' is the name of the register"),
        ((("targets",), {}), "nothing to audit"),
        ((("targets",), {"kubernetes": []}), "nothing to audit"),
        ((("targets",), ...), "nothing to audit"),
        ((("targets", "kubernetes", 0, "server"), "https://a:6443"), "give either 'server' or 'kubeconfig', not both"),
        ((("targets", "kubernetes", 0, "in_cluster"), True), "give either 'in_cluster' or 'kubeconfig', not both"),
        ((("targets", "kubernetes", 0, "token_env"), "TOKEN"), "key 'token_env' needs 'server' beside it"),
        ((("targets", "kubernetes", 0), {"id": "k", "server": "https://a", "context": "c", "token_env": "T"}), "give either 'server' or 'context'"),
        ((("targets", "kubernetes", 0), {"id": "k", "server": "https://a"}), "key 'server' needs 'token_env' or 'token_file' beside it"),
        ((("targets", "kubernetes", 0), {"id": "k", "server": "http://a", "token_env": "T"}), "expected an address such as https://"),
        ((("targets", "kubernetes", 0, "page_size"), 0), "must be at least 1"),
        ((("targets", "postgresql", 0, "password_file"), "pw"), "give either 'password_env' or 'password_file', not both"),
        ((("targets", "postgresql", 0, "sslcert"), "c"), "key 'sslcert' needs 'sslkey' beside it"),
        ((("targets", "postgresql", 0, "sslmode"), "allow"), "sslmode: expected one of disable, prefer"),
        ((("targets", "postgresql", 0, "host"), "a,b"), "host: expected one host name"),
        ((("targets", "postgresql", 0, "dbname"), "host=x"), "dbname: expected the name of a database"),
        ((("targets", "postgresql", 0, "port"), 70000), "port: must be at most 65535"),
        ((("signing",), {"passphrase_env": "P"}), "name a key: 'pkcs12', or 'pem'"),
        ((("signing",), {"pkcs12": "a", "pem": {"key": "k", "certificate": "c"}}), "give either 'pkcs12' or 'pem'"),
        ((("signing",), {"pkcs12": "a", "passphrase_env": "P", "passphrase_file": "f"}), "give either 'passphrase_env' or 'passphrase_file'"),
        ((("schema_version",), 1.0), "expected \"1.0\", in quotes"),
        ((("schema_version",), "2.0"), "schema_version: expected 1.0, found '2.0'"),
        ((("output",), {"fail_on": "none"}), "fail_on: expected one of critical, high, medium, low"),
        ((("waivers",), [{**WAIVER, "approver": " kepala  PLATFORM"}]), "nobody approves their own waiver"),
        ((("waivers",), [{**WAIVER, "until": "2026-10-04"}]), "the waiver ends before it is issued"),
        ((("waivers",), [{**WAIVER, "rule": "res-3"}]), "rule: expected a rule id such as RES-003"),
        ((("waivers",), [WAIVER, WAIVER]), "id 'W-1' is already used"),
    ],
)  # fmt: skip
def test_a_fault_is_named_in_plain_words(tmp_path: Path, change: Change, message: str) -> None:
    found = [text for text in faults(tmp_path, change) if message in text]
    assert len(found) == 1, faults(tmp_path, change)
    file, line, _ = found[0].split(":", 2)
    assert file == "ojkaudit.yaml"
    assert line.isdigit()


def test_networks_of_one_site_may_lie_inside_each_other(tmp_path: Path) -> None:
    config = load(tmp_path, (("sites", 0, "cidrs"), ["10.10.0.0/16", "10.10.5.0/24"]))
    assert len(config.sites[0].cidrs) == 2


def test_an_overlap_is_found_behind_a_network_in_between(tmp_path: Path) -> None:
    message = only_fault(
        tmp_path,
        (("sites", 0, "cidrs"), ["10.0.0.0/8", "10.1.0.0/16"]),
        (("sites", 1, "cidrs"), ["10.200.0.0/16"]),
    )
    assert "10.200.0.0/16 overlaps 10.0.0.0/8 of site 'cikaso'" in message


def test_a_waiver_for_one_day_is_valid(tmp_path: Path) -> None:
    config = load(tmp_path, (("waivers",), [{**WAIVER, "until": "2026-10-05"}]))
    assert config.waivers[0].until == config.waivers[0].issued == date(2026, 10, 5)


def test_a_document_that_is_no_mapping_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "ojkaudit.yaml"
    file.write_text("- a\n- b\n")
    with pytest.raises(ConfigurationError, match="expected a mapping of keys to values"):
        load_config(file)


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [None], [[]], {"a": None}, [{"id": 5}]])
@pytest.mark.parametrize("key", sorted({*CONFIG, "register", "waivers", "signing", "output"}))
def test_a_section_of_any_wrong_form_is_a_fault_not_a_crash(
    tmp_path: Path, key: str, value: object
) -> None:
    file = write(tmp_path / "ojkaudit.yaml", changed(CONFIG, ((key,), value)))
    try:
        load_config(file)
    except ConfigurationError as error:
        assert error.problems  # noqa: PT017 - some of the values are valid


@pytest.mark.parametrize("language", list(Language))
def test_the_starter_loads_as_it_is(tmp_path: Path, language: Language) -> None:
    file = tmp_path / "ojkaudit.yaml"
    file.write_text(starter_text(language), encoding="utf-8")
    config = load_config(file)
    assert config.language is language
    assert config.kubernetes
    assert config.postgresql
    assert len(config.sites) == 2
    assert config.register.records["systems"]


def test_both_starters_configure_the_same_things() -> None:
    def keys(text: str) -> list[str]:
        lines = (line for line in text.splitlines() if line.strip() and line.strip()[0] != "#")
        return [line.split(":")[0] for line in lines]

    assert keys(starter_text(Language.ID)) == keys(starter_text(Language.EN))
