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
from ojkaudit.cel.explain import Term
from ojkaudit.cel.paths import AccessPath
from ojkaudit.cel.values import NONE, Optional, UInt

__all__ = [
    "NONE",
    "AccessPath",
    "Activation",
    "CelBudgetError",
    "CelError",
    "CelEvaluationError",
    "CelSyntaxError",
    "CelTypeError",
    "Environment",
    "Function",
    "Optional",
    "Program",
    "Term",
    "UInt",
    "types",
]
