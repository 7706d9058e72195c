"""Which plain YAML scalars are numbers, booleans or null: two sets of rules, nothing else."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None


class Scalars(StrEnum):
    """How plain scalars are read."""

    CORE = "core"
    """Our own files: the core schema of YAML 1.2. `on`, `yes` and dates stay texts."""
    KUBECTL = "kubectl"
    """Kubernetes manifests, as kubectl reads them: `0644` is 420, `on` is true."""


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_KUBECTL_TRUE = _TRUE | {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_KUBECTL_FALSE = _FALSE | {"n", "N", "no", "No", "NO", "off", "Off", "OFF"}

_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CORE_INT = re.compile(r"[-+]?[0-9]+")
_CORE_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_GO_INT = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+|0|[1-9][0-9]*)")
_INT64 = range(-(2**63), 2**63)
_MAX_DIGITS = 70
"""Longer integers are out of range in every base; Python refuses to parse very long ones."""


def resolve(text: str, rules: Scalars) -> Scalar:
    """Return the value of a plain scalar.

    Raises:
        ValueError: The number is not finite or needs more than 64 bits.
    """
    if rules is Scalars.CORE:
        return _resolve_core(text)
    return _resolve_kubectl(text)


def _resolve_core(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] not in "+-.0123456789":
        return text
    if _CORE_INT.fullmatch(text):
        return _int64(text, 10)
    if _CORE_BASED.fullmatch(text):
        return _int64(text[2:], 8 if text[1] == "o" else 16)
    return _float_or_text(text)


def _resolve_kubectl(text: str) -> Scalar:
    # As the YAML 1.1 reader of kubectl (goyaml.v2) resolves; dates stay texts, as they do when it
    # hands them on as JSON.
    if text in _NULLS:
        return None
    if text in _KUBECTL_TRUE:
        return True
    if text in _KUBECTL_FALSE:
        return False
    if text[0] not in "+-.0123456789":
        return text
    if text[0] == ".":
        return _float_or_text(text)
    plain = text.replace("_", "")
    found = _GO_INT.fullmatch(plain)
    if found:
        return _int64(*_go_digits(found))
    value = _float_or_text(plain)
    return text if isinstance(value, str) else value


def _go_digits(found: re.Match[str]) -> tuple[str, int]:
    sign, digits = found.group(1), found.group(2)
    prefix = digits[:2].lower()
    base = {"0x": 16, "0b": 2, "0o": 8}.get(prefix)
    if base:
        return sign + digits[2:], base
    return sign + digits, 8 if len(digits) > 1 and digits[0] == "0" else 10


def _int64(digits: str, base: int) -> int:
    if len(digits) <= _MAX_DIGITS:
        value = int(digits, base)
        if value in _INT64:
            return value
    raise ValueError("this number needs more than 64 bits; put it in quotes if it is a text")


def _float_or_text(text: str) -> float | str:
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("infinity and not-a-number have no place here; quote it if it is a text")
    if not _FLOAT.fullmatch(text):
        return text
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("this number is too large; put it in quotes if it is a text")
    return value
