"""Every source of every rule taken away on the wire: nothing that needed it passes."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ojkaudit.model.outcome import CoverageStatus, OnAbsent, Outcome
from ojkaudit.model.result import Finding
from ojkaudit.pipeline.bundled import read_platform
from tests.support.kube_server import ApiType, Fault, KubeServer
from tests.support.kube_server.api_types import plural_of
from tests.support.live import (
    DATABASE,
    PRIMARY,
    STANDBY,
    WEAK,
    WEAK_PASSWORD,
    Estate,
    Seen,
    app_sessions,
    archive_now,
    cluster_server,
    compliant_objects,
    turned,
)
from tests.support.platforms import plan_of
from tests.support.sources import Sources, compliant_sources, rests_on


def place(kind: str) -> str:
    """Return the plural.group a fault names."""
    _, *version, name = kind.split("/")
    group = f".{version[0]}" if len(version) == 2 else ""
    return plural_of(name) + group


def cut_short(body: dict[str, object]) -> dict[str, object]:
    """Drop the continue token and all items but one, while saying that more remain."""
    items = body["items"]
    metadata = body["metadata"]
    assert isinstance(items, list)
    assert isinstance(metadata, dict)
    rest = {key: value for key, value in metadata.items() if key != "continue"}
    return body | {"items": items[:1], "metadata": rest | {"remainingItemCount": 1 + len(items)}}


FAULTS = {
    "403": (Fault(status=403), {CoverageStatus.DENIED}),
    "401": (Fault(status=401), {CoverageStatus.DENIED, CoverageStatus.ERROR}),
    "503": (Fault(status=503), {CoverageStatus.ERROR}),
    "429": (Fault(status=429), {CoverageStatus.ERROR}),
    "timeout": (Fault(delay=0.35), {CoverageStatus.ERROR}),
    "reset": (Fault(reset=True), {CoverageStatus.ERROR}),
    "half a body": (Fault(cut=True), {CoverageStatus.ERROR}),
    "half a document": (Fault(truncate=True), {CoverageStatus.ERROR}),
    "login page": (Fault(login_page=True), {CoverageStatus.ERROR}),
    "more was announced": (
        Fault(rewrite=cut_short),
        {CoverageStatus.PARTIAL, CoverageStatus.ERROR},
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[KubeServer]:
    # Every kind a rule needs is served, if only empty: what is not asked for cannot fail.
    with cluster_server(types=unserved()) as running:
        yield running


def unserved() -> list[ApiType]:
    """Return the kinds that rules need and the compliant cluster has no object of."""
    plan = plan_of(read_platform("compliant"))
    held = {f"kubernetes/{o['apiVersion']}/{o['kind']}" for o in compliant_objects()}
    wanted = [kind.split("/")[1:] for kind in plan.kinds if kind.startswith("kubernetes/")]
    return [
        ApiType(group=parts[0], version=parts[1], kind=parts[2], custom=True)
        for parts in wanted
        if len(parts) == 3
        and "kubernetes/" + "/".join(parts) not in held
        and parts[0] not in ("apps", "batch", "autoscaling", "policy")
        and not parts[0].endswith(".k8s.io")
    ]


@pytest.fixture(scope="module")
def sources(server: KubeServer, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return compliant_sources(server, tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def before(sources: Sources) -> tuple[Finding, ...]:
    findings = sources.judge()
    assert not [f for f in findings if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    return findings


def test_each_kind_is_needed_by_a_rule(sources: Sources) -> None:
    for family in ("kubernetes", "register", "postgresql"):
        for kind in sources.kinds(family):
            assert sources.rules_reading(kind), kind
    assert len(sources.kinds()) > 20


@pytest.mark.parametrize("name", list(FAULTS))
def test_no_rule_passes_on_a_kind_that_could_not_be_read(
    name: str, sources: Sources, server: KubeServer, before: tuple[Finding, ...]
) -> None:
    fault, statuses = FAULTS[name]
    for kind in sources.kinds():
        server.fault(place(kind), fault)
        try:
            read = sources.read(kind, timeout_seconds=0.12 if fault.delay else 5.0)
        finally:
            server.clear_faults()
        (coverage,) = read.coverages
        assert coverage.status in statuses, (kind, coverage)
        assert_blind(sources, read, kind, before)


def assert_blind(sources: Sources, read: object, kind: str, before: tuple[Finding, ...]) -> None:
    rules = {rule.id: rule for rule in sources.rules_reading(kind)}
    findings = sources.judge(read, rules.values())  # type: ignore[arg-type]
    assert {f.rule for f in findings} == set(rules)
    resting = [f for f in findings if rests_on(rules[f.rule], f, kind)]
    assert {f.rule for f in resting} == set(rules), kind
    for finding in resting:
        assert finding.outcome is Outcome.UNKNOWN, (kind, finding)
        assert kind in finding.message.en, finding
    earlier = {(f.rule, f.subject): f.outcome for f in before}
    for finding in findings:
        if finding not in resting:
            assert earlier[finding.rule, finding.subject] is finding.outcome, (kind, finding)


@pytest.mark.parametrize("page_size", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(after_items=1, status=500), Fault(after_items=1, status=403),
        Fault(after_items=1, truncate=True), Fault(after_items=1, login_page=True),
        Fault(status=410),
    ],
    ids=["500", "403", "truncated", "login page", "expired twice"],
)  # fmt: skip
def test_no_rule_passes_on_a_list_that_broke_off_after_its_first_page(
    fault: Fault, page_size: int, sources: Sources, server: KubeServer, before: tuple[Finding, ...]
) -> None:
    counts = {c.kind: c.count for c in sources.coverage}
    long = [kind for kind in sources.kinds() if counts[kind] > page_size]
    assert len(long) >= 9
    for kind in long:
        server.fault(place(kind), fault)
        try:
            read = sources.read(kind, page_size=page_size)
        finally:
            server.clear_faults()
        (coverage,) = read.coverages
        assert coverage.status in (
            CoverageStatus.PARTIAL, CoverageStatus.ERROR, CoverageStatus.DENIED
        ), (kind, coverage)  # fmt: skip
        assert_blind(sources, read, kind, before)


@pytest.mark.parametrize("path", ["/api", "/apis"])
@pytest.mark.parametrize(
    "fault", [Fault(status=403), Fault(status=503), Fault(truncate=True), Fault(status=404)],
    ids=["403", "503", "truncated", "404"],
)  # fmt: skip
def test_no_rule_passes_on_the_cluster_when_it_does_not_say_what_it_serves(
    path: str, fault: Fault, sources: Sources, server: KubeServer
) -> None:
    core = {kind for kind in sources.kinds() if kind.startswith("kubernetes/v1/")}
    hit = core if path == "/api" else set(sources.kinds()) - core
    server.fault(path, fault)
    try:
        read = sources.read(*sources.kinds())
    finally:
        server.clear_faults()
    rules = {rule.id: rule for rule in sources.plan.rules}
    statuses = {c.status for c in read.coverages if c.kind in hit}
    assert len(statuses) == 1
    assert statuses <= {CoverageStatus.ERROR, CoverageStatus.DENIED}
    for finding in sources.judge(read):
        if any(rests_on(rules[finding.rule], finding, kind) for kind in hit):
            assert finding.outcome is Outcome.UNKNOWN, finding


def test_no_rule_passes_on_a_kind_the_cluster_does_not_serve(
    sources: Sources, server: KubeServer
) -> None:
    """Absence is an answer only where the rule says what it means."""
    meaning = {
        OnAbsent.UNKNOWN: Outcome.UNKNOWN,
        OnAbsent.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
        OnAbsent.FAIL: Outcome.FAIL,
    }
    for kind in sources.kinds():
        server.fault(place(kind), Fault(status=404))
        try:
            read = sources.read(kind)
        finally:
            server.clear_faults()
        assert [c.status for c in read.coverages] == [CoverageStatus.ABSENT], kind
        rules = {rule.id: rule for rule in sources.rules_reading(kind)}
        for finding in sources.judge(read, rules.values()):
            rule = rules[finding.rule]
            if not rests_on(rule, finding, kind):
                continue
            joins = {join.kind: join.on_absent for join in rule.joins}
            said = rule.on_absent if kind in rule.subjects else joins.get(kind, OnAbsent.UNKNOWN)
            if said is not OnAbsent.EMPTY:
                assert finding.outcome is meaning[said], (kind, finding)
            elif kind in rule.subjects and finding.outcome is Outcome.PASS:
                # The rule has another subject, which was read and is what passes.
                assert len(rule.subjects) > 1, (kind, finding)


def test_a_kind_served_in_another_version_only_is_not_taken_for_empty(tmp_path: Path) -> None:
    moved = [
        item | {"apiVersion": "security.istio.io/v2"} if item["kind"] == "PeerAuthentication"
        else item
        for item in compliant_objects()
    ]  # fmt: skip
    newer = ApiType(group="security.istio.io", version="v2", kind="PeerAuthentication", custom=True)
    with cluster_server(moved, types=[newer]) as running:
        findings = compliant_sources(running, tmp_path).judge()
    outcomes = {f.outcome for f in findings if f.rule in ("TLS-009", "TLS-010")}
    assert Outcome.PASS not in outcomes


# The register


def test_no_rule_passes_on_a_section_that_is_not_in_the_register(sources: Sources) -> None:
    for kind in sources.kinds("register"):
        rules = {rule.id: rule for rule in sources.rules_reading(kind)}
        resources = [r for r in sources.resources if r.ref.kind != kind]
        coverage = [c for c in sources.coverage if c.kind != kind]
        gone = next(c for c in sources.coverage if c.kind == kind)
        absent = replace(gone, status=CoverageStatus.ABSENT, count=0)
        findings = sources.judge(
            rules=rules.values(), resources=resources, coverage=[*coverage, absent]
        )
        for finding in findings:
            rule = rules[finding.rule]
            joins = {join.kind: join.on_absent for join in rule.joins}
            if kind not in rule.subjects and joins.get(kind) is OnAbsent.EMPTY:
                continue
            assert finding.outcome is Outcome.UNKNOWN, (kind, finding)


# PostgreSQL

HIDDEN_FROM_A_WEAK_ROLE = {
    "ACC-009": "password verifiers and pg_hba.conf",
    "AUD-003": "shared_preload_libraries is for superusers and pg_read_all_settings",
    "BAK-007": "archive_command is for superusers and pg_read_all_settings",
    "DR-003": "other sessions' replication",
    "DR-004": "other sessions' replication",
    "RES-015": "other sessions' replication",
    "RES-016": "other sessions' replication",
    "TLS-002": "pg_hba.conf",
    "TLS-004": "other sessions' TLS",
    "TLS-005": "other sessions' TLS",
}

servers = pytest.mark.servers
shared_pair = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def full_rights(live_estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    archive_now(live_estate.pair)
    with app_sessions(live_estate):
        return live_estate.see(tmp_path_factory.mktemp("full"))


def postgresql_only(seen: Seen) -> dict[tuple[str, str], Outcome]:
    return {
        key: value
        for key, value in seen.outcomes().items()
        if any(target in key[1] for target in (PRIMARY, STANDBY))
    }


@servers
@shared_pair
def test_a_weak_role_sees_less_and_nothing_it_cannot_see_passes(
    live_estate: Estate, full_rights: Seen, tmp_path: Path
) -> None:
    config = live_estate.config_with("lemah.yaml", postgresql={"user": WEAK})
    with app_sessions(live_estate):
        weak = live_estate.see(
            tmp_path,
            plan=live_estate.plan(config),
            environment={"OJKAUDIT_PG_PASSWORD": WEAK_PASSWORD},
        )
    for rule, why in HIDDEN_FROM_A_WEAK_ROLE.items():
        assert weak.of(rule, PRIMARY) == {Outcome.UNKNOWN}, (rule, why)
        assert Outcome.PASS not in weak.of(rule, STANDBY), (rule, why)
    changed = turned(postgresql_only(full_rights), postgresql_only(weak))
    assert {key for key, value in changed.items() if not value.endswith(">unknown")} == set()


REVOKED = {
    "pg_monitor": (
        "REVOKE pg_monitor FROM auditor", "GRANT pg_monitor TO auditor", "postgres",
        {"AUD-003", "BAK-007", "DR-003", "DR-004", "RES-015", "RES-016", "TLS-001", "TLS-004",
         "TLS-005"},
    ),
    "pg_hba_file_rules": (
        "REVOKE SELECT ON pg_catalog.pg_hba_file_rules FROM auditor",
        "GRANT SELECT ON pg_catalog.pg_hba_file_rules TO auditor", "postgres",
        {"ACC-009", "TLS-002"},
    ),
    "its function": (
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() FROM auditor",
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO auditor", "postgres",
        {"ACC-009", "TLS-002"},
    ),
    "login_verifiers": (
        "REVOKE SELECT ON ojkaudit.login_verifiers FROM auditor",
        "GRANT SELECT ON ojkaudit.login_verifiers TO auditor", "postgres", {"ACC-009"},
    ),
    "hba_file_modified": (
        "REVOKE EXECUTE ON FUNCTION ojkaudit.hba_file_modified() FROM auditor",
        "GRANT EXECUTE ON FUNCTION ojkaudit.hba_file_modified() TO auditor", "postgres",
        {"ACC-009", "TLS-002"},
    ),
    "schema ojkaudit": (
        "REVOKE USAGE ON SCHEMA ojkaudit FROM auditor",
        "GRANT USAGE ON SCHEMA ojkaudit TO auditor", "postgres", {"ACC-009", "TLS-002"},
    ),
    "connect": (
        f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO PUBLIC", "postgres",
        {"AUD-003", "PDP-002", "PDP-005", "RES-015"},
    ),
}  # fmt: skip


@servers
@shared_pair
@pytest.mark.parametrize("name", list(REVOKED))
def test_each_right_revoked_blinds_the_rules_that_need_it_and_no_other(
    name: str, live_estate: Estate, full_rights: Seen, tmp_path: Path
) -> None:
    revoke, grant, dbname, rules = REVOKED[name]
    with app_sessions(live_estate), live_estate.pair.primary.connect(dbname=dbname) as connection:
        connection.execute(revoke)
        try:
            live_estate.pair.wait_until_caught_up()
            after = live_estate.see(tmp_path)
        finally:
            connection.execute(grant)
            live_estate.pair.wait_until_caught_up()
    changed = turned(postgresql_only(full_rights), postgresql_only(after))
    assert {rule for rule, _ in changed} == rules
    assert {key for key, value in changed.items() if not value.endswith(">unknown")} == set()


@servers
@shared_pair
def test_a_server_that_accepts_and_never_answers_is_unknown(
    live_estate: Estate, tmp_path: Path
) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        config = live_estate.config_with(
            "bisu.yaml",
            postgresql={"port": silent.getsockname()[1], "connect_timeout_seconds": 2},
        )
        seen = live_estate.see(tmp_path, plan=live_estate.plan(config))
    outcomes = postgresql_only(seen)
    assert set(outcomes.values()) == {Outcome.UNKNOWN}


@servers
@shared_pair
def test_a_locked_catalogue_times_out_and_is_unknown(
    live_estate: Estate, full_rights: Seen, tmp_path: Path
) -> None:
    config = live_estate.config_with("tunggu.yaml", postgresql={"statement_timeout_seconds": 1})
    with (
        app_sessions(live_estate),
        live_estate.pair.primary.connect(dbname=DATABASE) as connection,
        connection.transaction(),
    ):
        connection.execute("LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE")
        seen = live_estate.see(tmp_path, plan=live_estate.plan(config))
    changed = turned(postgresql_only(full_rights), postgresql_only(seen))
    assert changed
    assert {key for key, value in changed.items() if not value.endswith(">unknown")} == set()
    for rule in ("AUD-003", "PDP-002", "PDP-005"):
        assert seen.of(rule, PRIMARY) == {Outcome.UNKNOWN}, rule
