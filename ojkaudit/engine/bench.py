"""What all rules of one assessment share while they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ojkaudit.engine import parameters
from ojkaudit.engine.evidence import Evidence
from ojkaudit.engine.functions import Implementations, implementations
from ojkaudit.engine.functions.location import Places
from ojkaudit.engine.inputs import AssessmentInputs
from ojkaudit.engine.joins import JoinIndexes
from ojkaudit.engine.variables import target_variable
from ojkaudit.engine.waivers import Waivers
from ojkaudit.model.catalog import Rule
from ojkaudit.model.evidence import Snapshot, TargetInfo
from ojkaudit.model.expressions import SITE_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Evidence, indexes, parameters, functions and waivers of one assessment."""

    evidence: Evidence
    joins: JoinIndexes
    params: Mapping[str, object]
    functions: Implementations
    waivers: Waivers
    now: datetime
    evidence_max_age_hours: int

    def max_age_hours(self, rule: Rule) -> int:
        """Return how old evidence may be for a rule."""
        return rule.max_age_hours or self.evidence_max_age_hours

    def shared_variables(self, target: TargetInfo) -> Mapping[str, object]:
        """Return what the expressions of every rule see on a target."""
        return {"params": self.params, "now": self.now, "target": target_variable(target)}


def prepare(inputs: AssessmentInputs, snapshot: Snapshot) -> Bench:
    """Return the bench for an assessment.

    Raises:
        ContentError: A parameter is not of its type, or a pattern of the host table is none.
    """
    evidence = Evidence(snapshot, inputs.now)
    joins = JoinIndexes(evidence)
    params = parameters.variables(parameters.effective(inputs.catalog, inputs.profile))
    sites = [
        resource.payload
        for info in evidence.targets(SITE_KIND.partition("/")[0])
        for resource in evidence.resources(info.id, SITE_KIND)
    ]
    places = Places(sites, inputs.catalog.regions, inputs.catalog.host_patterns)
    warn_days = parameters.whole(
        params, parameters.ATTESTATION_WARN_DAYS, parameters.DEFAULT_WARN_DAYS
    )
    return Bench(
        evidence=evidence,
        joins=joins,
        params=params,
        functions=implementations(inputs.now, places),
        waivers=Waivers(inputs.waivers, inputs.now, warn_days),
        now=inputs.now,
        evidence_max_age_hours=parameters.whole(
            params,
            parameters.EVIDENCE_MAX_AGE_HOURS,
            parameters.DEFAULT_EVIDENCE_MAX_AGE_HOURS,
        ),
    )
