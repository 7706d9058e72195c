"""The environment of an expression: what it may name, and how it is compiled and evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ojkaudit.cel import access, calls, logic, loops, operators
from ojkaudit.cel import nodes as n
from ojkaudit.cel.checker import check
from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, CelSyntaxError, Fault
from ojkaudit.cel.explain import Term, explain
from ojkaudit.cel.frame import Builder, Closure, Frame, FunctionTypes, Scope
from ojkaudit.cel.parser import parse
from ojkaudit.cel.paths import AccessPath, access_paths, called_functions, free_variables
from ojkaudit.cel.types import Type
from ojkaudit.cel.values import conforms, kind_of

DEFAULT_BUDGET = 1_000_000
"""Steps; the most one evaluation may take is then about a second."""

_BUILDERS: Mapping[type, Builder] = {
    n.Literal: operators.literal,
    n.Ident: operators.ident,
    n.Unary: operators.unary,
    n.Binary: operators.binary,
    n.ListLiteral: operators.list_literal,
    n.MapLiteral: operators.map_literal,
    n.Select: access.select,
    n.Has: access.has,
    n.Index: access.index,
    n.Logical: logic.logical,
    n.Conditional: logic.conditional,
    n.Call: calls.call,
    n.Comprehension: loops.comprehension,
    n.OptionalMap: loops.optional_map,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that the activation supplies; several of one name are its overloads."""

    name: str
    """As called."""
    params: tuple[Type, ...]
    """Types of the arguments."""
    result: Type
    """Type of the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The inputs of one evaluation."""

    variables: Mapping[str, object]
    """Values by name; JSON data is used as it is, timestamps are aware datetimes."""
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    """Implementations by name, called with plain Python values."""
    budget: int = DEFAULT_BUDGET
    """Steps after which the evaluation is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A compiled expression; evaluating it changes nothing."""

    text: str
    """The source."""
    ast: n.Node
    """The syntax tree."""
    scope: Scope = field(repr=False)
    """What the names of the source mean."""
    closure: Closure = field(repr=False)
    """The evaluable tree."""
    slot_count: int
    """Variables of macros that can be alive at one time."""
    expect: Type | None
    """The type a result must have; none when any will do."""
    result: Type
    """The type of the result as far as it is known without evaluating."""

    def evaluate(self, activation: Activation) -> object:
        """Return the value of the expression.

        Raises:
            CelEvaluationError: There is none, or it is not of the expected type.
            CelBudgetError: The budget is spent; a subclass of the above.
        """
        frame = self.frame(activation)
        try:
            value = self.closure(frame)
        except RecursionError:
            raise CelBudgetError("expression or data is nested too deeply", 1, 1) from None
        except Fault as fault:
            # A value of no known type, met where no call could place it.
            place = self.ast.place
            raise CelEvaluationError(str(fault), place.line, place.column) from None
        if self.expect is not None and not self._is_expected(value):
            place = self.ast.place
            message = f"result must be {self.expect}, not {kind_of(value).value}"
            raise CelEvaluationError(message, place.line, place.column)
        return value

    def variables(self) -> frozenset[str]:
        """Return the declared variables that the expression names."""
        return free_variables(self.ast, self.scope)

    def functions(self) -> frozenset[str]:
        """Return the functions that the expression calls, the library's included."""
        return called_functions(self.ast)

    def paths(self) -> tuple[AccessPath, ...]:
        """Return the fields that the expression can read, sorted: never too few."""
        return access_paths(self.ast, self.scope)

    def failing_terms(self, activation: Activation) -> tuple[Term, ...]:
        """Return the smallest parts that make the expression false; none when it is not false."""
        try:
            value = self.evaluate(activation)
        except CelEvaluationError:
            return ()
        if value is not False:
            return ()
        return explain(self.ast, self.scope, self.frame(activation), self.text)

    def frame(self, activation: Activation) -> Frame:
        """Return the state a fresh evaluation begins with."""
        return Frame(activation.variables, activation.functions, self.slot_count, activation.budget)

    def _is_expected(self, value: object) -> bool:
        assert self.expect is not None  # noqa: S101 - the only caller has tested it
        try:
            return conforms(value, self.expect)
        except Fault as fault:
            place = self.ast.place
            raise CelEvaluationError(str(fault), place.line, place.column) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What expressions may name."""

    variables: Mapping[str, Type]
    """Types by name."""
    functions: tuple[Function, ...] = ()
    """Beyond the language's own library."""

    def compile(self, text: str, expect: Type | None = None) -> Program:
        """Return the program of a text.

        Args:
            text: The expression.
            expect: The type its result must have; none when any will do.

        Raises:
            CelSyntaxError: The text is no expression.
            CelTypeError: Names or types do not fit.
        """
        root = parse(text)
        overloads: dict[str, tuple[FunctionTypes, ...]] = {}
        for function in self.functions:
            types = FunctionTypes(parameters=function.params, result=function.result)
            overloads[function.name] = (*overloads.get(function.name, ()), types)
        scope = Scope(builders=_BUILDERS, variables=self.variables, functions=overloads, slots={})
        try:
            result = check(root, scope, expect)
            closure = scope.closure(root)
        except RecursionError:
            raise CelSyntaxError("expression is nested too deeply", 1, 1) from None
        return Program(
            text=text,
            ast=root,
            scope=scope,
            closure=closure,
            slot_count=_slot_count(root),
            expect=expect,
            result=result,
        )


def _slot_count(root: n.Node) -> int:
    """Return an upper bound of the slots that the macros of a tree take."""
    count = 0
    for node, _ in n.walk(root):
        if isinstance(node, n.Comprehension):
            count += len(node.variables)
        elif isinstance(node, n.OptionalMap):
            count += 1
    return count
