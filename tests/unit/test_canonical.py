from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ojkaudit import canonical

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_key_order_does_not_change_the_bytes(value: dict[str, object]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical.dumps(value) == canonical.dumps(turned)


def test_bytes_are_utf8_without_spaces() -> None:
    assert canonical.dumps({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()


def test_a_lone_surrogate_still_has_bytes() -> None:
    assert canonical.dumps("\ud800") == b'"\\ud800"'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, b"x", {"a": {2}}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"finite|canonical JSON"):
        canonical.dumps(value)


def test_true_and_one_differ() -> None:
    assert canonical.digest(True) != canonical.digest(1)
