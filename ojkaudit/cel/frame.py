"""What one evaluation carries along, and how closures are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ojkaudit.cel.errors import CelBudgetError, CelEvaluationError, Fault
from ojkaudit.cel.nodes import Node, Place
from ojkaudit.cel.types import Type
from ojkaudit.cel.values import TypeValue


class Frame:
    """State of one evaluation: what names stand for, and the steps that are left."""

    __slots__ = ("functions", "left", "slots", "variables")

    def __init__(
        self,
        variables: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]],
        slot_count: int,
        budget: int,
    ) -> None:
        self.variables = variables
        self.functions = functions
        self.slots: list[Any] = [None] * slot_count
        self.left = budget

    def charge(self, steps: int) -> None:
        """Take steps from the budget, before the work they stand for is done.

        Raises:
            CelBudgetError: None are left.
        """
        self.left -= steps
        if self.left < 0:
            raise CelBudgetError("expression takes more steps than allowed")


CHARACTERS_PER_STEP = 16
"""Copying text is cheaper than evaluating a node; this keeps a full budget near 16 MB of text."""

Closure = Callable[[Frame], Any]
"""An evaluable node. `Any` because the values of the language are checked at run time."""

Builder = Callable[[Any, "Scope"], Closure]
"""Makes the closure of one kind of node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTypes:
    """The types of one overload of a function that the activation supplies."""

    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What names mean at one place of the tree."""

    builders: Mapping[type, Builder]
    """By the class of the node."""
    variables: Mapping[str, Type]
    """The declared variables."""
    functions: Mapping[str, tuple[FunctionTypes, ...]]
    """Overloads of the declared functions."""
    slots: Mapping[str, int]
    """Variables of the macros around this place."""
    size: int = 0
    """Number of slots taken; the next macro takes those behind."""

    def closure(self, node: Node) -> Closure:
        """Return the closure of a node at this place."""
        return self.builders[type(node)](node, self)

    def bind(self, names: Sequence[str]) -> Scope:
        """Return the scope inside a macro that binds these names to the next slots."""
        slots = dict(self.slots)
        for offset, name in enumerate(names):
            slots[name] = self.size + offset
        return Scope(
            builders=self.builders,
            variables=self.variables,
            functions=self.functions,
            slots=slots,
            size=self.size + len(names),
        )

    def is_known(self, name: str) -> bool:
        """Say whether a name is a variable here."""
        return name in self.slots or name in self.variables


def failure(place: Place, message: str, path: str = "") -> CelEvaluationError:
    """Return an evaluation error at a place."""
    return CelEvaluationError(message, place.line, place.column, path)


def located(fault: Fault, place: Place) -> CelEvaluationError:
    """Return a library function's refusal as an error at the place of its call."""
    return failure(place, str(fault))


TYPE_VALUES: Mapping[str, TypeValue] = {
    name: TypeValue(name)
    for name in (
        "bool",
        "int",
        "uint",
        "double",
        "string",
        "bytes",
        "list",
        "map",
        "null_type",
        "type",
        "optional_type",
        "google.protobuf.Timestamp",
        "google.protobuf.Duration",
    )
}
"""Names that stand for types."""
