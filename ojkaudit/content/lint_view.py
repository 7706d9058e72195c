"""A rule under lint: its expressions compiled, and the places of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ojkaudit.cel import CelSyntaxError, CelTypeError, Environment, Program, types
from ojkaudit.content.marked import Marked, Path
from ojkaudit.errors import Problem
from ojkaudit.model.catalog import Rule
from ojkaudit.model.expressions import RuleExpression, rule_expressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """One expression that compiles."""

    expression: RuleExpression
    program: Program

    @property
    def key(self) -> str:
        """Key of the rule file under which it stands: `pass`, `select`, `joins` and so on."""
        return str(self.expression.key[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule with what lint needs to know of it."""

    rule: Rule
    document: Marked | None = field(default=None, repr=False)
    """The rule's file; None when lint was given the rule alone."""
    compiled: tuple[Compiled, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Expressions that do not compile."""

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem at a key of the rule's file."""
        if self.document is not None:
            return self.document.problem(path, message)
        return Problem(file=self.rule.source_file, line=0, message=f"{self.rule.id}: {message}")

    def problem_in(
        self, expression: RuleExpression, message: str, line: int = 1, column: int = 1
    ) -> Problem:
        """Return a problem at a place inside an expression."""
        where = ".".join(map(str, expression.key))
        if self.document is None:
            text = f"{self.rule.id}: {where}: {message}"
            return Problem(file=self.rule.source_file, line=0, message=text)
        at_line, at_column = self.document.inside_text(expression.key, max(line, 1), max(column, 1))
        return Problem(
            file=self.document.file,
            line=at_line,
            column=at_column,
            message=f"{where}: {message}",
        )


def view(rule: Rule, environment: Environment, files: Mapping[str, Marked]) -> RuleView:
    """Return the rule with each of its expressions compiled, or the reason why one is not."""
    document = files.get(rule.id)
    bare = RuleView(rule=rule, document=document)
    compiled: list[Compiled] = []
    problems: list[Problem] = []
    for expression in rule_expressions(rule):
        expect = types.BOOL if expression.is_condition else None
        try:
            program = environment.compile(expression.text, expect=expect)
        except (CelSyntaxError, CelTypeError) as error:
            problems.append(bare.problem_in(expression, error.message, error.line, error.column))
        else:
            compiled.append(Compiled(expression=expression, program=program))
    return RuleView(
        rule=rule, document=document, compiled=tuple(compiled), problems=tuple(problems)
    )
