"""`format` of the strings extension: `'%s has %d'.format([name, count])`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from ojkaudit.cel.conversions import to_string
from ojkaudit.cel.errors import Fault
from ojkaudit.cel.frame import CHARACTERS_PER_STEP, Frame
from ojkaudit.cel.times import format_duration, format_timestamp
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import TypeValue, kind_of, no_overload

_MAX_PRECISION = 1_000
_STEPS_PER_VALUE = 8
"""Writing a value takes several times as long as evaluating a node."""
_VERBS = "sdfeboxX"


def format_text(frame: Frame, template: Any, arguments: Any) -> str:
    """Return the template with its clauses filled in from the list.

    Raises:
        Fault: A clause is unknown or malformed, has no argument, or one of the wrong type.
    """
    if kind_of(template) is not Kind.STRING or kind_of(arguments) is not Kind.LIST:
        raise no_overload("format", template, arguments)
    pending = iter(arguments)
    parts: list[str] = []
    position = 0
    while (percent := template.find("%", position)) >= 0:
        parts.append(template[position:percent])
        if template[percent + 1 : percent + 2] == "%":
            parts.append("%")
            position = percent + 2
            continue
        precision, position = _precision(template, percent + 1)
        verb = template[position : position + 1]
        if not verb or verb not in _VERBS:
            raise Fault("format: a clause is %s, %d, %f, %e, %b, %o, %x or %X")
        position += 1
        parts.append(_next(frame, verb, precision, pending))
    parts.append(template[position:])
    return "".join(parts)


def _next(frame: Frame, verb: str, precision: int, pending: Any) -> str:
    for value in pending:
        text = _clause(frame, verb, precision, value)
        frame.charge(1 + len(text) // CHARACTERS_PER_STEP)
        return text
    raise Fault("format: fewer arguments than clauses")


def _precision(template: str, position: int) -> tuple[int, int]:
    """Return the precision (6 when none is given) and the offset of the verb."""
    if template[position : position + 1] != ".":
        return 6, position
    end = position + 1
    while template[end : end + 1].isascii() and template[end : end + 1].isdigit():
        end += 1
    digits = template[position + 1 : end]
    if not digits or len(digits) > 4 or int(digits) > _MAX_PRECISION:
        raise Fault(f"format: a precision is .0 to .{_MAX_PRECISION}")
    return int(digits), end


def _clause(frame: Frame, verb: str, precision: int, value: Any) -> str:
    kind = kind_of(value)
    match verb:
        case "s":
            return _string(frame, value)
        case "d":
            return _decimal(value, kind)
        case "f" | "e":
            return _fixed(value, kind, verb, precision)
        case _:
            return _base(value, kind, verb)


def _decimal(value: Any, kind: Kind) -> str:
    if kind is Kind.UINT:
        return str(value.value)
    if kind is Kind.INT:
        return str(value)
    if kind is Kind.DOUBLE:
        return f"{value:f}" if math.isfinite(value) else _special(value)
    raise Fault(f"format: %d takes a number, not a {kind.value}")


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _fixed(value: Any, kind: Kind, verb: str, precision: int) -> str:
    if kind is Kind.DOUBLE and not math.isfinite(value):
        return _special(value)
    if kind in (Kind.DOUBLE, Kind.INT):
        return f"{float(value):.{precision}{verb}}"
    if kind is Kind.UINT:
        return f"{float(value.value):.{precision}{verb}}"
    raise Fault(f"format: %{verb} takes a number, not a {kind.value}")


def _base(value: Any, kind: Kind, verb: str) -> str:
    if kind is Kind.UINT:
        value = value.value
    elif kind is Kind.BOOL and verb == "b":
        return "1" if value else "0"
    elif kind in (Kind.STRING, Kind.BYTES) and verb in "xX":
        data = value.encode() if isinstance(value, str) else value
        return str(data.hex() if verb == "x" else data.hex().upper())
    elif kind is not Kind.INT:
        raise Fault(f"format: %{verb} cannot show a {kind.value}")
    return f"{value:{verb}}"


def _string(frame: Frame, value: Any) -> str:
    frame.charge(_STEPS_PER_VALUE)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_string(frame, item) for item in value) + "]"
    if isinstance(value, Mapping):
        entries = ((_string(frame, key), _string(frame, item)) for key, item in value.items())
        return "{" + ", ".join(f"{key}: {item}" for key, item in sorted(entries)) + "}"
    if value is None:
        return "null"
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, float) and not math.isfinite(value):
        return _special(value)
    if isinstance(value, dt.datetime):
        return format_timestamp(value)
    if isinstance(value, dt.timedelta):
        return format_duration(value)
    text = to_string(frame, value)
    frame.charge(len(text) // CHARACTERS_PER_STEP)
    return text
