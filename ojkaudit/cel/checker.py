"""The check of names and types before evaluation: what cannot work is refused with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ojkaudit.cel import nodes as n
from ojkaudit.cel import signatures
from ojkaudit.cel import types as t
from ojkaudit.cel.access import qualified_name
from ojkaudit.cel.calls import callee
from ojkaudit.cel.errors import CelTypeError
from ojkaudit.cel.frame import TYPE_VALUES, FunctionTypes, Scope
from ojkaudit.cel.types import Kind, Type
from ojkaudit.cel.unify import Unifier
from ojkaudit.cel.values import kind_of

Bound = Mapping[str, Type]
"""Types of the macros' variables around a node."""


def check(root: n.Node, scope: Scope, expect: Type | None) -> Type:
    """Return the type of an expression.

    Raises:
        CelTypeError: A name is not declared, or types do not fit.
    """
    checker = _Checker(scope=scope)
    found = checker.visit(root, {})
    if expect is not None and not checker.unifier.fits((found,), (expect,)):
        found = checker.unifier.resolve(found, is_final=True)
        raise _error(root, f"expression is of type {found}, {expect} is needed")
    return checker.unifier.resolve(found, is_final=True)


def _error(node: n.Node, message: str) -> CelTypeError:
    return CelTypeError(message, node.place.line, node.place.column)


@dataclass(slots=True, kw_only=True)
class _Checker:
    scope: Scope
    unifier: Unifier = field(default_factory=Unifier)

    def visit(self, node: n.Node, bound: Bound) -> Type:  # noqa: C901, PLR0912 - one arm a kind
        """Return the type of a node."""
        match node:
            case n.Literal():
                return Type(kind=kind_of(node.value))
            case n.Ident():
                return self.ident(node, bound)
            case n.Select() | n.Has():
                return self.selection(node, bound)
            case n.Index():
                given = (self.visit(node.operand, bound), self.visit(node.key, bound))
                return self.apply(node, "[?]" if node.is_optional else "[]", given)
            case n.Call():
                return self.call(node, bound)
            case n.Unary():
                name = "!" if node.operator is n.UnaryOperator.NOT else "neg"
                return self.apply(node, name, (self.visit(node.operand, bound),))
            case n.Binary():
                given = (self.visit(node.left, bound), self.visit(node.right, bound))
                return self.apply(node, node.operator, given)
            case n.Logical():
                return self.logical(node, bound)
            case n.Conditional():
                return self.conditional(node, bound)
            case n.ListLiteral():
                return self.list_literal(node, bound)
            case n.MapLiteral():
                return self.map_literal(node, bound)
            case n.Comprehension():
                return self.comprehension(node, bound)
            case n.OptionalMap():
                return self.optional_map(node, bound)

    def apply(self, node: n.Node, name: str, given: tuple[Type, ...]) -> Type:
        return self.resolve(node, name, signatures.OPERATORS[name], given)

    def resolve(
        self, node: n.Node, name: str, overloads: Iterable[FunctionTypes], given: Sequence[Type]
    ) -> Type:
        """Return the result of a call; dyn when several overloads fit and differ."""
        result: Type | None = None
        for overload in overloads:
            instance = self.unifier.instance(overload)
            # What a fitting overload teaches about free variables holds for those behind it.
            if not self.unifier.fits(given, instance.parameters):
                continue
            found = self.unifier.resolve(instance.result)
            if result is None:
                result = found
            elif result != found:
                result = t.DYN
        if result is None:
            types = ", ".join(str(self.unifier.resolve(each, is_final=True)) for each in given)
            raise _error(node, f"{name} does not take ({types})")
        return result

    def ident(self, node: n.Ident, bound: Bound) -> Type:
        if node.name in bound and not node.is_root:
            return bound[node.name]
        if node.name in self.scope.variables:
            return self.scope.variables[node.name]
        if node.name in TYPE_VALUES:
            return t.TYPE
        raise _error(node, f"undeclared name {node.name}")

    def selection(self, node: n.Select | n.Has, bound: Bound) -> Type:
        if isinstance(node, n.Select):
            name = qualified_name(node)
            root = name.partition(".")[0]
            if name in TYPE_VALUES and root not in bound and root not in self.scope.variables:
                return t.TYPE
        operand = self.unifier.resolve(self.visit(node.operand, bound))
        found = self.field_type(node, operand)
        if isinstance(node, n.Has):
            return t.BOOL
        is_optional = found.kind is Kind.OPTIONAL and operand.kind is Kind.OPTIONAL
        return t.optional_of(found) if node.is_optional and not is_optional else found

    def field_type(self, node: n.Select | n.Has, operand: Type) -> Type:
        match operand.kind:
            case Kind.MAP:
                return operand.parameters[1]
            case Kind.DYN:
                return t.DYN
            case Kind.VARIABLE:
                self.unifier.fits((operand,), (t.DYN,))
                return t.DYN
            case Kind.OPTIONAL:
                inner = self.unifier.resolve(operand.parameters[0])
                return t.optional_of(self.field_type(node, inner))
            case _:
                raise _error(node, f"field {node.field} of a {operand}: only maps have fields")

    def call(self, node: n.Call, bound: Bound) -> Type:
        def is_known(name: str) -> bool:
            return name in bound or name in self.scope.variables

        name, arguments, is_member = callee(node, is_known)
        table = signatures.MEMBERS if is_member else signatures.GLOBAL
        overloads = table.get(name)
        if overloads is None and not is_member:
            overloads = self.scope.functions.get(name)
        if overloads is None:
            where = " on a value" if is_member else ""
            raise _error(node, f"undeclared function {name}{where}")
        given = tuple(self.visit(argument, bound) for argument in arguments)
        return self.resolve(node, name, overloads, given)

    def logical(self, node: n.Logical, bound: Bound) -> Type:
        sign = "&&" if node.is_and else "||"
        for term in node.terms:
            found = self.visit(term, bound)
            if not self.unifier.fits((found,), (t.BOOL,)):
                found = self.unifier.resolve(found, is_final=True)
                raise _error(term, f"{sign} takes bool, not {found}")
        return t.BOOL

    def conditional(self, node: n.Conditional, bound: Bound) -> Type:
        parts = (node.condition, node.then, node.otherwise)
        return self.apply(node, "?:", tuple(self.visit(part, bound) for part in parts))

    def list_literal(self, node: n.ListLiteral, bound: Bound) -> Type:
        found = [self.item_type(each.value, each.is_optional, bound) for each in node.items]
        return t.list_of(self.joined(found))

    def map_literal(self, node: n.MapLiteral, bound: Bound) -> Type:
        keys: list[Type] = []
        values: list[Type] = []
        for entry in node.entries:
            keys.append(self.visit(entry.key, bound))
            values.append(self.item_type(entry.value, entry.is_optional, bound))
        return t.map_of(self.joined(keys), self.joined(values))

    def item_type(self, node: n.Node, is_optional: bool, bound: Bound) -> Type:
        found = self.unifier.resolve(self.visit(node, bound))
        if not is_optional:
            return found
        if found.kind is not Kind.OPTIONAL:
            raise _error(node, f"a value behind ? must be an optional, not {found}")
        return found.parameters[0]

    def joined(self, found: Sequence[Type]) -> Type:
        """Return the type that all elements of a literal have, dyn when they differ."""
        if not found:
            return self.unifier.fresh()
        joined = found[0]
        for each in found[1:]:
            if not self.unifier.fits((each,), (joined,)):
                return t.DYN
            joined = self.unifier.general(joined, each)
        return joined

    def element_types(self, node: n.Comprehension, source: Type) -> tuple[Type, ...]:
        """Return the types of a loop's variables."""
        has_pairs = len(node.variables) == 2
        match source.kind:
            case Kind.LIST:
                element = source.parameters[0]
                return (t.INT, element) if has_pairs else (element,)
            case Kind.MAP:
                return source.parameters if has_pairs else source.parameters[:1]
            case Kind.DYN:
                return (t.DYN,) * len(node.variables)
            case _:
                found = self.unifier.resolve(source, is_final=True)
                if source.kind is Kind.VARIABLE:
                    raise _error(
                        node.source, "nothing says what this is: it comes from an empty list"
                    )
                message = f"{node.macro.value}() of a {found}: only lists and maps have elements"
                raise _error(node.source, message)

    def comprehension(self, node: n.Comprehension, bound: Bound) -> Type:
        source = self.unifier.resolve(self.visit(node.source, bound))
        variables = self.element_types(node, source)
        inner = {**bound, **dict(zip(node.variables, variables, strict=True))}
        if node.condition is not None:
            found = self.visit(node.condition, inner)
            if not self.unifier.fits((found,), (t.BOOL,)):
                found = self.unifier.resolve(found, is_final=True)
                raise _error(node.condition, f"a condition must be bool, not {found}")
        result = t.DYN if node.result is None else self.visit(node.result, inner)
        match node.macro:
            case n.Macro.ALL | n.Macro.EXISTS | n.Macro.EXISTS_ONE:
                return t.BOOL
            case n.Macro.FILTER:
                return t.list_of(variables[0])
            case n.Macro.MAP | n.Macro.TRANSFORM_LIST:
                return t.list_of(result)
            case n.Macro.TRANSFORM_MAP:
                return t.map_of(variables[0], result)
            case n.Macro.TRANSFORM_MAP_ENTRY:
                return self.entry_type(node, result)

    def entry_type(self, node: n.Comprehension, result: Type) -> Type:
        wanted = t.map_of(self.unifier.fresh(), self.unifier.fresh())
        if not self.unifier.fits((result,), (wanted,)):
            raise _error(node, "transformMapEntry() needs a map as its result")
        return self.unifier.resolve(wanted)

    def optional_map(self, node: n.OptionalMap, bound: Bound) -> Type:
        element = self.unifier.fresh()
        target = self.visit(node.target, bound)
        if not self.unifier.fits((target,), (t.optional_of(element),)):
            found = self.unifier.resolve(target, is_final=True)
            raise _error(node, f"optMap() needs an optional, not {found}")
        result = self.visit(node.body, {**bound, node.variable: self.unifier.resolve(element)})
        if not node.is_flat:
            return t.optional_of(result)
        wanted = t.optional_of(self.unifier.fresh())
        if not self.unifier.fits((result,), (wanted,)):
            raise _error(node, "optFlatMap() needs an optional as its result")
        return self.unifier.resolve(wanted)
