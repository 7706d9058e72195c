import pytest

from ojkaudit.signing.der import MAX_DEPTH, check_der, der_length


def test_length_counts_the_header() -> None:
    assert der_length(b"\x04\x02ab" + b"rest") == 4
    assert der_length(b"\x04\x81\x80" + bytes(128)) == 131


@pytest.mark.parametrize("data", [b"\x30\x05\x04\x00\x02\x01\x07", b"\x04\x00"])
def test_shortest_form_is_accepted(data: bytes) -> None:
    check_der(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not one"),
        (b"\x30", "cut off"),
        (b"\x04\x02a", "not one"),
        (b"\x04\x00\x00", "not one"),
        (b"\x30\x80\x00\x00", "shortest"),
        (b"\x04\x81\x02ab", "shortest"),
        (b"\x04\x82\x00\x80" + bytes(128), "shortest"),
        (b"\x30\x04\x04\x81\x01a", "shortest"),
        (b"\x30\x03\x04\x05a", "overruns"),
        (b"\x1f\x81\x00", "several bytes"),
    ],
)
def test_anything_else_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_der(data)


def test_deep_nesting_is_refused() -> None:
    data = b""
    for _ in range(MAX_DEPTH + 2):
        size = len(data)
        header = bytes([size]) if size < 128 else b"\x81" + bytes([size])
        data = b"\x30" + header + data
    with pytest.raises(ValueError, match="deep"):
        check_der(data)
