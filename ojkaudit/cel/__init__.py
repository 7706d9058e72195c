"""An expression language: CEL, parsed, checked and evaluated on plain Python data."""

from __future__ import annotations

from ojkaudit.cel import types
from ojkaudit.cel.environment import Activation, Environment, Function, Program
from ojkaudit.cel.errors import (
    CelBudgetError,
    CelError,
    CelEvaluationError,
    CelSyntaxError,
    CelTypeError,
)

__all__ = [
    "Activation",
    "CelBudgetError",
    "CelError",
    "CelEvaluationError",
    "CelSyntaxError",
    "CelTypeError",
    "Environment",
    "Function",
    "Program",
    "types",
]
