from __future__ import annotations

import pytest

from ojkaudit.cel import Activation, CelEvaluationError, Environment, types

ENVIRONMENT = Environment(variables={"s": types.DYN, "x": types.DYN})


def evaluate(text: str, **variables: object) -> object:
    return ENVIRONMENT.compile(text).evaluate(Activation(variables=variables))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a\\tb\\x41\\u00e9\\U0001F600\\101'", "a\tbA\u00e9\U0001f600A"),
        ("r'a\\tb'", "a\\tb"),
        ("'''a'b\n'''", "a'b\n"),
        ('"""a"b"""', 'a"b'),
        ("R\"\"\"\\\"\"\"", "\\"),
        ("b'a\\xff\\377'", b"a\xff\xff"),
        ("0x1F", 31),
        ("-0x1f", -31),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-9223372036854775808", -(2**63)),
        ("--5", 5),
        ("string(1.0)", "1"),
        ("string(1e6)", "1e+06"),
        ("string(123456.5)", "123456.5"),
        ("string(0.0001)", "0.0001"),
        ("string(0.00001)", "1e-05"),
        ("string(-0.0)", "-0"),
        ("string(duration('-1ms'))", "-0.001s"),
        ("string(duration('1500us'))", "0.001500s"),
        ("int('-7')", -7),
        ("uint(7) == 7u", True),
        ("double('1.5')", 1.5),
        ("bool('True')", True),
        ("'abc'.indexOf('c', 1)", 2),
        ("'abcabc'.lastIndexOf('b')", 4),
        ("'abcabc'.lastIndexOf('b', 3)", 1),
        ("'a,b,,c'.split(',')", ["a", "b", "", "c"]),
        ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
        ("'abc'.split('')", ["a", "b", "c"]),
        ("''.split('')", [""]),
        ("'abc'.split('b', 0)", []),
        ("'abc'.replace('b', 'x', 0)", "abc"),
        ("'  a\\u00a0'.trim()", "a"),
        ("'\u00c4bC'.lowerAscii()", "\u00c4bc"),
        ("'abc'.reverse()", "cba"),
        ("strings.quote('a\\n\"b')", '"a\\n\\"b"'),
        ("'abc'.charAt(3)", ""),
        ("['a', 'b'].join(', ')", "a, b"),
        ("'%s %s'.format([{'b': 1, 'a': [null, 1.5]}, type(1)])", "{a: [null, 1.5], b: 1} int"),
        ("'%.1f%% %x %X %o %b %e'.format([1.25, 255, 'hi', 8, true, 1.0])",
         "1.2% ff 6869 10 1 1.000000e+00"),
        ("'abc'.matches('b')", True),
        ("matches('abc', '^b')", False),
        ("timestamp('2024-12-31T23:59:60Z') == timestamp('2025-01-01T00:00:00Z')", True),
        ("string(timestamp('2024-01-01T00:00:00.120Z'))", "2024-01-01T00:00:00.120Z"),
        ("int(timestamp('1969-12-31T23:59:59.5Z'))", -1),
        ("timestamp('2024-03-01T00:00:00Z').getDayOfYear()", 60),
        ("timestamp('2024-03-03T00:00:00Z').getDayOfWeek()", 0),
        ("timestamp('2024-03-03T00:00:00Z').getMonth()", 2),
        ("timestamp('2024-03-03T00:00:00Z').getDate()", 3),
        ("duration('-90s').getMinutes()", -1),
    ],
)  # fmt: skip
def test_value(text: str, expected: object) -> None:
    found = evaluate(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "timestamp('2024-01-01T00:00:00')",
        "timestamp('2024-01-01 00:00:00Z')",
        "timestamp('26-01-01T00:00:00Z')",
        "timestamp('2024-01-01T00:00:00+7:00')",
        "timestamp('2024-01-01T00:00:00+0700')",
        "timestamp(' 2024-01-01T00:00:00Z')",
        "timestamp('2024-01-01T00:00:61Z')",
        "timestamp('\u0662024-01-01T00:00:00Z')",
        "timestamp('0000-01-01T00:00:00Z')",
        "duration('1h 30m')",
        "duration('1')",
        "duration('')",
        "duration('1h-30m')",
        "duration('" + "1s" * 200 + "')",
        "int(' 1')",
        "int('1_000')",
        "int('\u0661')",
        "int('')",
        "double('0x10')",
        "double('1_0.5')",
        "bool('yes')",
        "bool('T')",
        "'abc'.charAt(4)",
        "'abc'.charAt(-1)",
        "'abc'.substring(2, 1)",
        "'abc'.substring(4)",
        "'abc'.indexOf('a', 4)",
        "'%s'.format([])",
        "'%'.format([])",
        "'%z'.format([1])",
        "'%.99999f'.format([1.0])",
        "'%x'.format([1.5])",
        "string(dyn(null))",
        "[1, 'a'].join('')",
    ],
)
def test_error(text: str) -> None:
    with pytest.raises(CelEvaluationError):
        evaluate(text)


@pytest.mark.parametrize("value", [1, None, True, ["a"], {"a": 1}, b"a", 1.5])
@pytest.mark.parametrize(
    "call",
    [
        *("startsWith('a')", "contains('a')", "matches('a')", "lowerAscii()", "split(',')"),
        *("trim()", "replace('a', 'b')", "substring(0)", "charAt(0)", "indexOf('a')", "reverse()"),
    ],
)
def test_functions_on_text_refuse_every_other_type(call: str, value: object) -> None:
    with pytest.raises(CelEvaluationError, match="no such overload"):
        evaluate(f"s.{call}", s=value)


def test_a_time_zone_of_the_system_is_found_by_name_only() -> None:
    with pytest.raises(CelEvaluationError, match="no such time zone"):
        evaluate("timestamp(0).getHours(s)", s="/etc/localtime")
