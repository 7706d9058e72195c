"""Fitting types together: assignability with type variables, as Google's checker decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from ojkaudit.cel import types as t
from ojkaudit.cel.frame import FunctionTypes
from ojkaudit.cel.types import Kind, Type

_NULLABLE = frozenset({Kind.NULL, Kind.TIMESTAMP, Kind.DURATION, Kind.OPTIONAL})
_UNKNOWN = frozenset({Kind.DYN, Kind.VARIABLE})


@dataclass(slots=True, kw_only=True)
class Unifier:
    """What the type variables of one expression stand for."""

    known: dict[str, Type] = field(default_factory=dict)
    """Type by the name of the variable."""
    numbers: count[int] = field(default_factory=count)
    """Makes names that no signature uses."""

    def fresh(self) -> Type:
        """Return a type variable that is used nowhere yet."""
        return t.variable(f"%{next(self.numbers)}")

    def instance(self, signature: FunctionTypes) -> FunctionTypes:
        """Return a signature with fresh variables, for one call."""
        names: dict[str, Type] = {}
        parameters = tuple(self._renamed(type_, names) for type_ in signature.parameters)
        return FunctionTypes(parameters=parameters, result=self._renamed(signature.result, names))

    def _renamed(self, type_: Type, names: dict[str, Type]) -> Type:
        if type_.kind is Kind.VARIABLE:
            if type_.name not in names:
                names[type_.name] = self.fresh()
            return names[type_.name]
        if not type_.parameters:
            return type_
        inner = tuple(self._renamed(parameter, names) for parameter in type_.parameters)
        return Type(kind=type_.kind, parameters=inner)

    def resolve(self, type_: Type, *, is_final: bool = False) -> Type:
        """Return a type with its variables replaced; those still free become dyn in the end."""
        if type_.kind is Kind.VARIABLE:
            known = self.known.get(type_.name)
            if known is not None:
                return self.resolve(known, is_final=is_final)
            return t.DYN if is_final else type_
        if not type_.parameters:
            return type_
        inner = tuple(self.resolve(each, is_final=is_final) for each in type_.parameters)
        return Type(kind=type_.kind, parameters=inner)

    def fits(self, given: Sequence[Type], wanted: Sequence[Type]) -> bool:
        """Say whether types fit parameters one by one; what is learnt stays only if all do."""
        if len(given) != len(wanted):
            return False
        before = dict(self.known)
        if all(map(self._fits, given, wanted)):
            return True
        self.known = before
        return False

    def _fits(self, given: Type, wanted: Type) -> bool:
        given = self._followed(given)
        wanted_name = wanted.name
        if given.kind is Kind.VARIABLE and given.name == wanted_name:
            return True
        if wanted.kind is Kind.VARIABLE:
            return self._fits_variable(given, wanted_name)
        if given.kind is Kind.VARIABLE:
            return self._bind(given.name, wanted)
        if Kind.DYN in (given.kind, wanted.kind):
            return True
        if Kind.NULL in (given.kind, wanted.kind):
            return given.kind in _NULLABLE and wanted.kind in _NULLABLE
        return given.kind is wanted.kind and all(
            self._fits(a, b) for a, b in zip(given.parameters, wanted.parameters, strict=True)
        )

    def _followed(self, type_: Type) -> Type:
        while type_.kind is Kind.VARIABLE and type_.name in self.known:
            type_ = self.known[type_.name]
        return type_

    def _fits_variable(self, given: Type, name: str) -> bool:
        known = self.known.get(name)
        if known is None:
            return self._bind(name, given)
        if not self._fits(given, known):
            return False
        # The more general of the two is kept: one dyn among them makes the whole dyn.
        general = self.general(given, known)
        if general != known and not self._mentions(general, name):
            self.known[name] = general
        return True

    def _bind(self, name: str, type_: Type) -> bool:
        if type_ == t.variable(name):
            return True
        if self._mentions(type_, name):
            return False
        self.known[name] = type_
        return True

    def _mentions(self, type_: Type, name: str) -> bool:
        if type_.kind is Kind.VARIABLE:
            known = self.known.get(type_.name)
            return type_.name == name or (known is not None and self._mentions(known, name))
        return any(self._mentions(each, name) for each in type_.parameters)

    def general(self, first: Type, second: Type) -> Type:
        """Return the less specific of two types that fit each other."""
        return first if self._is_as_general(first, second) else second

    def _is_as_general(self, first: Type, second: Type) -> bool:
        first = self._followed(first)
        second = self._followed(second)
        if first.kind in _UNKNOWN:
            return first.kind is Kind.DYN or second.kind is not Kind.DYN
        if second.kind in _UNKNOWN:
            return False
        if first.kind is Kind.NULL and second.kind is not Kind.NULL:
            return False
        return first.kind is second.kind and all(
            self._is_as_general(a, b)
            for a, b in zip(first.parameters, second.parameters, strict=True)
        )
