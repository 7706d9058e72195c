"""The functions every environment has, by name and by whether they are called on a target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ojkaudit.cel import conversions, text
from ojkaudit.cel.compare import as_optional, is_zero
from ojkaudit.cel.errors import Fault
from ojkaudit.cel.formatting import format_text
from ojkaudit.cel.frame import Frame
from ojkaudit.cel.times import DURATION_PARTS, TIMESTAMP_PARTS, in_zone
from ojkaudit.cel.values import NONE, Optional, no_overload

Implementation = Callable[..., Any]
"""Called with the frame and the arguments, the target first."""

NAMESPACES = frozenset({"optional", "strings"})
"""Names before the dot of functions such as `optional.of`."""


def _part(name: str) -> Implementation:
    def evaluate(_frame: Frame, value: Any, *zone: Any) -> int:
        if isinstance(value, dt.timedelta) and not zone and name in DURATION_PARTS:
            return DURATION_PARTS[name](value)
        if not isinstance(value, dt.datetime):
            raise no_overload(name, value, *zone)
        if zone and not isinstance(zone[0], str):
            raise no_overload(name, value, *zone)
        return TIMESTAMP_PARTS[name](in_zone(value, zone[0] if zone else "UTC"))

    return evaluate


def _optional_of(_frame: Frame, value: Any) -> Optional:
    return Optional((value,))


def _optional_of_non_zero(_frame: Frame, value: Any) -> Optional:
    return NONE if is_zero(value) else Optional((value,))


def _optional_none(_frame: Frame) -> Optional:
    return NONE


def _has_value(_frame: Frame, value: Any) -> bool:
    return bool(as_optional(value, "hasValue").content)


def _value(_frame: Frame, value: Any) -> Any:
    content = as_optional(value, "value").content
    if not content:
        raise Fault("value() of an empty optional")
    return content[0]


GLOBAL: Mapping[str, tuple[Implementation, int, int]] = {
    "size": (text.size, 1, 1),
    "matches": (text.matches, 2, 2),
    "int": (conversions.to_int, 1, 1),
    "uint": (conversions.to_uint, 1, 1),
    "double": (conversions.to_double, 1, 1),
    "bool": (conversions.to_bool, 1, 1),
    "string": (conversions.to_string, 1, 1),
    "bytes": (conversions.to_bytes, 1, 1),
    "timestamp": (conversions.to_timestamp, 1, 1),
    "duration": (conversions.to_duration, 1, 1),
    "dyn": (conversions.to_dyn, 1, 1),
    "type": (conversions.type_of, 1, 1),
    "optional.of": (_optional_of, 1, 1),
    "optional.ofNonZeroValue": (_optional_of_non_zero, 1, 1),
    "optional.none": (_optional_none, 0, 0),
    "strings.quote": (text.quote, 1, 1),
}
"""Function, fewest and most arguments."""

MEMBERS: Mapping[str, tuple[Implementation, int, int]] = {
    "size": (text.size, 1, 1),
    "contains": (text.contains, 2, 2),
    "startsWith": (text.starts_with, 2, 2),
    "endsWith": (text.ends_with, 2, 2),
    "matches": (text.matches, 2, 2),
    "charAt": (text.char_at, 2, 2),
    "indexOf": (text.index_of, 2, 3),
    "lastIndexOf": (text.last_index_of, 2, 3),
    "join": (text.join, 1, 2),
    "lowerAscii": (text.lower_ascii, 1, 1),
    "upperAscii": (text.upper_ascii, 1, 1),
    "replace": (text.replace, 3, 4),
    "split": (text.split, 2, 3),
    "substring": (text.substring, 2, 3),
    "trim": (text.trim, 1, 1),
    "reverse": (text.reverse, 1, 1),
    "format": (format_text, 2, 2),
    "hasValue": (_has_value, 1, 1),
    "value": (_value, 1, 1),
    **{name: (_part(name), 1, 2) for name in TIMESTAMP_PARTS},
}
"""The same for functions called on a target, which counts as an argument."""
