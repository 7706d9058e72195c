"""`rules lint`, `rules test`, `rules show`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ojkaudit import content, engine, resources
from ojkaudit.errors import ContentError, Problem, UsageError
from ojkaudit.model.catalog import Catalog, Rule
from ojkaudit.model.expressions import needed_kinds
from ojkaudit.model.outcome import Language, Outcome
from ojkaudit.model.result import Finding
from ojkaudit.model.text import Text
from ojkaudit.pipeline.plan import load_catalog

CASES_TIME = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""When a case is judged that names no time, so that its dates keep their sense."""
CASES_FOLDER = "cases"
"""A user's rules keep their cases in this folder beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """What one case came to."""

    rule: str
    name: str
    expected: Outcome
    finding: Finding

    @property
    def ok(self) -> bool:
        """Return whether the outcome is the expected one."""
        return self.finding.outcome is self.expected

    def describe(self, language: Language) -> str:
        """Return a line for people: what was expected, what came, and why."""
        why = self.finding.message.in_language(language)
        terms = "; ".join(term.text for term in self.finding.failed_terms)
        line = (
            f"{self.rule}: {self.name}: expected {self.expected.value}, "
            f"got {self.finding.outcome.value}: {why}"
        )
        return f"{line} ({terms})" if terms else line


def lint(rules_dirs: Sequence[Path]) -> tuple[tuple[Problem, ...], int]:
    """Return every fault of rules, cases, documents and profiles, and how many rules there are.

    Raises:
        ContentError: A file cannot be read at all; its faults are listed.
    """
    files = content.read_catalog((resources.data_dir("rules"), *rules_dirs))
    profiles = content.load_profiles(resources.data_dir("rules") / "profiles", files.catalog)
    problems = content.lint(files.catalog, _cases(rules_dirs), profiles, files.rule_files)
    return problems, len(files.catalog.rules)


def run_cases(rules_dirs: Sequence[Path], ids: Sequence[str]) -> tuple[CaseOutcome, ...]:
    """Run the cases of the named rules, or of all.

    Raises:
        UsageError: A named rule does not exist.
        ContentError: A case or rule cannot be used, or there is no case at all.
    """
    catalog = load_catalog(rules_dirs)
    rules = {rule.id: rule for rule in catalog.rules}
    for name in ids:
        _known(rules, name)
    outcomes = [
        _outcome(catalog, rules, group, case)
        for group in _cases(rules_dirs)
        if not ids or group.rule in ids
        for case in group.cases
    ]
    if not outcomes:
        raise ContentError(
            "there is no case to run", hint="Write cases: see docs/writing-rules.md."
        )
    return tuple(outcomes)


def describe(rule_id: str, rules_dirs: Sequence[Path], language: Language) -> str:
    """Return one rule as text.

    Raises:
        UsageError: There is no such rule.
    """
    catalog = load_catalog(rules_dirs)
    rule = _known({rule.id: rule for rule in catalog.rules}, rule_id)
    controls = catalog.controls()
    cited = [f"  {c}  {controls[c].title.in_language(language)}" for c in rule.controls]
    lines = [
        f"{rule.id}  {rule.title.in_language(language)}",
        f"{rule.severity.value}: {rule.severity_reason.in_language(language)}",
        f"{_word(language, 'Mutu bukti', 'Evidence grade')}: {rule.evidence_grade.value}",
        f"{_word(language, 'Dibaca', 'Reads')}: {', '.join(needed_kinds(rule))}",
        f"{_word(language, 'Diharapkan', 'Expected')}: {rule.expected.in_language(language)}",
        f"{_word(language, 'Perbaikan', 'Fix')}: {rule.remediation.in_language(language)}",
        f"{_word(language, 'Lulus bila', 'Passes when')}:",
        *(f"  {line}" for line in rule.pass_expression.splitlines()),
        f"{_word(language, 'Bila kosong', 'When empty')}: {rule.on_empty.value}",
        f"{_word(language, 'Kewajiban', 'Controls')}:",
        *cited,
    ]
    return "\n".join(lines)


def _word(language: Language, indonesian: str, english: str) -> str:
    return Text(id=indonesian, en=english).in_language(language)


def _known(rules: dict[str, Rule], rule_id: str) -> Rule:
    if rule_id not in rules:
        raise UsageError(f"no rule {rule_id!r}", hint="'ojkaudit rules list' names them all.")
    return rules[rule_id]


def _cases(rules_dirs: Sequence[Path]) -> tuple[content.RuleCases, ...]:
    shipped = content.load_cases(resources.data_dir("fixtures") / "rules")
    own = [
        group
        for folder in rules_dirs
        if (folder / CASES_FOLDER).is_dir()
        for group in content.load_cases(folder / CASES_FOLDER)
    ]
    return (*shipped, *own)


def _outcome(
    catalog: Catalog, rules: dict[str, Rule], group: content.RuleCases, case: content.RuleCase
) -> CaseOutcome:
    finding = engine.judge_case(
        _known(rules, group.rule),
        catalog,
        case.evidence,
        coverage=case.coverage,
        now=case.now or CASES_TIME,
        params=case.params,
        subject_index=case.subject,
    )
    return CaseOutcome(rule=group.rule, name=case.name, expected=case.expect, finding=finding)
