"""Findings to conclusion: roll-ups, verdict and the digest that a replay must reach."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ojkaudit import canonical
from ojkaudit.engine import parameters
from ojkaudit.engine.inputs import (
    AssessmentInputs,
    check_not_empty,
    digest_of,
    inputs_document,
    normalised,
)
from ojkaudit.engine.judgement import Judgement
from ojkaudit.engine.register import register_entries
from ojkaudit.engine.rollup import Tally, control_results, every_outcome, rule_results
from ojkaudit.engine.waivers import Waivers
from ojkaudit.errors import ExitCode, InternalError
from ojkaudit.model.catalog import Parameter, Rule
from ojkaudit.model.codec import encode
from ojkaudit.model.dates import jakarta_day
from ojkaudit.model.evidence import Snapshot
from ojkaudit.model.outcome import Outcome, VerdictStatus
from ojkaudit.model.result import Finding, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What one pass over the findings gathers."""

    tallies: Mapping[str, Tally]
    not_passing: tuple[Finding, ...]
    waiver_matches: Counter[str]
    digest: str
    """SHA-256 over the canonical lines of all findings, in their order."""


def assess(inputs: AssessmentInputs, findings: Iterable[Finding], snapshot: Snapshot) -> Judgement:
    """Return the conclusion from all findings of `evaluate`, read once.

    Raises:
        ConfigurationError: The snapshot has no target.
        ContentError: No rule is selected, or a parameter is not of its type.
        InternalError: A selected rule has no finding, or a finding belongs to no selected rule.
    """
    inputs = normalised(inputs)
    check_not_empty(inputs, snapshot)
    in_force = parameters.effective(inputs.catalog, inputs.profile)
    warn_days = _warn_days(in_force)
    waivers = Waivers(inputs.waivers, inputs.now, warn_days)
    total = _sum(inputs.rules, findings, waivers)
    rules = rule_results(inputs.rules, total.tallies)
    selected = {rule.id for rule in inputs.rules}
    left_out = tuple(rule.id for rule in inputs.catalog.rules if rule.id not in selected)
    controls = control_results(inputs.catalog, rules, jakarta_day(inputs.now))
    verdict = verdict_of(inputs, total.tallies)
    reached = {"findings": total.digest, "rules": rules, "controls": controls, "verdict": verdict}
    return Judgement(
        tool_version=inputs.tool_version,
        assessed_at=inputs.now,
        collected_at=snapshot.info.collected_at,
        institution=inputs.institution,
        period_from=inputs.period_from,
        period_to=inputs.period_to,
        profile=inputs.profile.id,
        profile_title=inputs.profile.title,
        demonstration=inputs.demonstration,
        time_given=inputs.time_given,
        verdict=verdict,
        counts=every_outcome(sum((t.counts for t in total.tallies.values()), Counter())),
        catalog_digest=digest_of(inputs.catalog),
        profile_digest=digest_of(inputs.profile),
        snapshot_digest=snapshot.digest,
        inputs_digest=canonical.digest(inputs_document(inputs)),
        verdict_digest=canonical.digest(encode(reached)),
        targets=tuple(sorted(snapshot.info.targets, key=lambda info: (info.id, info.family))),
        rules=rules,
        controls=controls,
        findings=total.not_passing,
        coverage=tuple(sorted(snapshot.coverage(), key=lambda c: (c.target, c.kind))),
        parameters=in_force,
        register=register_entries(snapshot, inputs.now, warn_days),
        waivers=waivers.results(total.waiver_matches),
        rules_left_out=left_out,
        left_out_rationale=inputs.profile.exclude_rationale,
        required_signatures=inputs.required_signatures,
    )


def verdict_of(inputs: AssessmentInputs, tallies: Mapping[str, Tally]) -> Verdict:
    """Return the answer and its exit code. A waived failing finding counts like any other.

    The limit decides what stops a run, never what the report says: with any failing rule the
    institution does not comply.
    """
    fails = any(tallies[rule.id].counts[Outcome.FAIL] for rule in inputs.rules)
    stops = any(
        tallies[rule.id].counts[Outcome.FAIL] and rule.severity.rank >= inputs.fail_on.rank
        for rule in inputs.rules
    )
    is_incomplete = any(tallies[rule.id].is_incomplete for rule in inputs.rules)
    status, code = VerdictStatus.COMPLIANT, ExitCode.OK
    if is_incomplete:
        status = VerdictStatus.INCOMPLETE
        code = ExitCode.OK if inputs.allow_incomplete else ExitCode.INCOMPLETE
    if fails:
        status = VerdictStatus.NON_COMPLIANT
    if stops:
        code = ExitCode.FAILING
    return Verdict(
        status=status,
        exit_code=int(code),
        fail_on=inputs.fail_on,
        allow_incomplete=inputs.allow_incomplete,
        rules_selected=len(inputs.rules),
        rules_judged=sum(tallies[rule.id].is_judged for rule in inputs.rules),
    )


def _sum(rules: tuple[Rule, ...], findings: Iterable[Finding], waivers: Waivers) -> Sum:
    tallies = {rule.id: Tally() for rule in rules}
    not_passing: list[Finding] = []
    matches: Counter[str] = Counter()
    digest = hashlib.sha256()
    for finding in findings:
        tally = tallies.get(finding.rule)
        if tally is None:
            raise InternalError(f"a finding of rule {finding.rule}, which is not selected")
        tally.add(finding)
        matches.update(waivers.matched(finding))
        digest.update(canonical.dumps(encode(finding)) + b"\n")
        if finding.outcome is not Outcome.PASS:
            not_passing.append(finding)
    silent = sorted(name for name, tally in tallies.items() if not tally.counts)
    if silent:
        raise InternalError(f"selected rule {silent[0]} has no finding")
    return Sum(
        tallies=tallies,
        not_passing=tuple(not_passing),
        waiver_matches=matches,
        digest=digest.hexdigest(),
    )


def _warn_days(in_force: tuple[Parameter, ...]) -> int:
    values = parameters.variables(in_force)
    return parameters.whole(values, parameters.ATTESTATION_WARN_DAYS, parameters.DEFAULT_WARN_DAYS)
