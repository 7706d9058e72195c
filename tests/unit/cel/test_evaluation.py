from __future__ import annotations

import datetime as dt
import gc

import pytest

from ojkaudit.cel import (
    Activation,
    CelEvaluationError,
    CelTypeError,
    Environment,
    Function,
    Optional,
    UInt,
    types,
)

NOW = dt.datetime(2026, 9, 1, 3, 4, 5, tzinfo=dt.UTC)
ENVIRONMENT = Environment(
    variables={"object": types.DYN, "now": types.TIMESTAMP, "n": types.INT},
    functions=(
        Function(name="siteOf", params=(types.STRING,), result=types.STRING),
        Function(name="pick", params=(types.INT,), result=types.STRING),
        Function(name="pick", params=(types.STRING,), result=types.STRING),
    ),
)
OBJECT = {
    "spec": {"replicas": 3, "hostNetwork": False, "note": None},
    "labels": {"app": "x", "a/b": "y"},
    "items": [{"name": "a", "ports": [1, 2]}, {"name": "b", "ports": []}],
    "mixed": [1, 2.0, "x", None, True],
    "ones": {"true": 1},
}
FUNCTIONS = {"siteOf": lambda text: f"site-{text}", "pick": lambda key: f"picked-{key}"}


def evaluate(text: str, data: object = OBJECT, **options: object) -> object:
    program = ENVIRONMENT.compile(text)
    variables = {"object": data, "now": NOW, "n": 5}
    return program.evaluate(Activation(variables=variables, functions=FUNCTIONS, **options))  # type: ignore[arg-type]


def failure(text: str, data: object = OBJECT) -> CelEvaluationError:
    with pytest.raises(CelEvaluationError) as caught:
        evaluate(text, data)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One deciding term decides, wherever the error stands.
        ("object.zz == 1 || true", True),
        ("true || object.zz == 1", True),
        ("false && object.zz == 1", False),
        ("object.zz == 1 && false", False),
        ("object.mixed.exists(x, x == 'x' && x.size() == 1)", True),
        ("object.mixed.all(x, x > 100)", False),
        # A bool is no number, in any place Python would take it for one.
        ("object.mixed[4] == 1", False),
        ("1 in [dyn(true)]", False),
        ("object.mixed[4] in [dyn(1)]", False),
        ("[dyn(true)] == [dyn(1)]", False),
        ("{'a': dyn(true)} == {'a': dyn(1)}", False),
        ("dyn({1: 'a'})[?dyn(true)].hasValue()", False),
        ("dyn(true) in {1: 'a'}", False),
        # Numbers cross types when nothing is known of them before evaluation.
        ("object.mixed[0] == 1.0", True),
        ("object.mixed[1] == 2", True),
        ("dyn(1u) == 1", True),
        ("dyn(9007199254740993) == 9007199254740992.0", False),
        ("dyn({1: 'a'})[dyn(1u)]", "a"),
        # Text counts code points.
        ("size('h\u00e9llo')", 5),
        ("'h\u00e9llo'.substring(1, 3)", "\u00e9l"),
        ("b'\u00e9'.size()", 2),
        # A null is a value.
        ("object.spec.note == null", True),
        ("object.spec.?note.hasValue()", True),
        ("has(object.spec.note)", True),
        ("object.spec.note == 1", False),
        # Division and remainder go towards zero.
        ("-5 / 2", -2),
        ("-5 % 3", -2),
        ("5 % -3", 2),
        # Optionals.
        ("object.spec.?zz.?deep.orValue('none')", "none"),
        ("object.?labels[?'a/b'].orValue('')", "y"),
        ("object.?spec.replicas.orValue(0)", 3),
        ("object.?spec.?replicas.orValue(1 / 0)", 3),
        ("object.?labels.?app.or(optional.of('z')).value()", "x"),
        ("object.?zz.or(object.?labels.?app).value()", "x"),
        ("object.?zz.optMap(x, x.y).orValue(7)", 7),
        ("object.?spec.optMap(x, x.replicas).orValue(7)", 3),
        ("[?object.?zz, ?object.?labels.?app]", ["x"]),
        ("{?'a': object.?zz, ?'b': object.?labels.?app}", {"b": "x"}),
        ("optional.ofNonZeroValue('').hasValue()", False),
        # Loops.
        ("object.items.map(i, i.name)", ["a", "b"]),
        ("object.items.map(i, size(i.ports) > 0, i.name)", ["a"]),
        ("object.items.filter(i, i.name == 'b').size()", 1),
        ("object.items.exists_one(i, i.name == 'a')", True),
        ("object.items.all(i, i.ports.all(p, p > 0))", True),
        ("object.labels.all(k, object.labels[k] != '')", True),
        ("[].all(x, x) && ![].exists(x, x)", True),
        ("object.labels.exists(k, v, k == 'app' && v == 'x')", True),
        ("[5, 6].transformList(i, v, i * v)", [0, 6]),
        ("[5, 6].transformList(i, v, i > 0, v)", [6]),
        ("{'a': 1}.transformMap(k, v, v + 1)", {"a": 2}),
        ("{'a': 1}.transformMapEntry(k, v, {v: k})", {1: "a"}),
        ("['a', 'b'].existsOne(i, v, i == 1 && v == 'b')", True),
        # Time.
        ("now.getDayOfWeek()", 2),
        ("now.getHours('Asia/Jakarta')", 10),
        ("now.getHours('+07:00')", 10),
        ("string(now + duration('1h30m'))", "2026-09-01T04:34:05Z"),
        ("timestamp('2026-09-01T10:04:05+07:00') == now", True),
        ("duration('90m').getHours()", 1),
        ("string(now - timestamp('2026-08-31T00:00:00Z'))", "97445s"),
        # Types.
        ("type(1) == int && type(now) == google.protobuf.Timestamp", True),
        ("type(object.spec.note) == null_type", True),
        # Names of macros hide variables.
        ("[1].map(n, n + 1)", [2]),
        ("[1].map(n, .n)", [5]),
        # Functions.
        ("siteOf('q')", "site-q"),
        ("pick(1) + pick('x')", "picked-1picked-x"),
    ],
)
def test_value(text: str, expected: object) -> None:
    found = evaluate(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("object.spec.replicas && true", "int"),
        ("!object.spec.replicas", "int"),
        ("object.spec.replicas ? 1 : 2", "int"),
        ("object.items.filter(i, i.name)", "string"),
        ("object.labels.app + 1", "no such overload"),
        ("object.mixed[0] + object.mixed[1]", "no such overload"),
        ("object.spec.note.zz", "only maps have fields"),
        ("object.labels.app.zz", "only maps have fields"),
        ("has(object.labels.app.zz)", "only maps have fields"),
        ("object.labels.app[0]", "index of a string"),
        ("'a' in object.labels.app", "no such overload"),
        ("object.mixed < object.mixed", "no such overload"),
        ("object.spec.note < 1", "no such overload"),
        ("object.labels.app.all(c, true)", "only lists and maps"),
        ("object.mixed[-1]", "out of range"),
        ("object.mixed[5]", "out of range"),
        ("9223372036854775807 + n", "overflow"),
        ("-9223372036854775808 - n", "overflow"),
        ("4611686018427387904 * n", "overflow"),
        ("n / (n - 5)", "divide by zero"),
        ("n % (n - 5)", "modulus by zero"),
        ("1u - 2u", "overflow"),
        ("int('x')", "no integer"),
        ("int(1e19)", "out of range"),
        ("timestamp('2026-02-30T00:00:00Z')", "out of range"),
        ("timestamp('2026-02-28')", "is written as"),
        ("duration('1d')", "no unit for days"),
        ("duration('100000000h')", "out of range"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "out of range"),
        ("now.getHours('Nowhere/Land')", "no such time zone"),
        ("now.getHours('../../etc/passwd')", "no such time zone"),
        ("'a'.matches(object.labels.app + '(')", "regular expression"),
        ("optional.none().value()", "empty optional"),
        ("object.labels.app.orValue('')", "no such overload"),
        ("{'a': 1, 'a': 2}", "twice"),
        ("{1: 'a', true: 'b'}", "bool key"),
        ("siteOf(object.spec.replicas)", "no such overload: siteOf"),
        ("'%d'.format(['x'])", "%d"),
        ("string(b'\\xff')", "UTF-8"),
    ],
)
def test_error(text: str, message: str) -> None:
    error = failure(text)
    assert message in error.message
    assert error.line == 1
    assert error.column > 0


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("object.spec.encryption", "object.spec.encryption"),
        ("object.spec.encryption.type == 'x'", "object.spec.encryption"),
        ("object.labels['odd/key']", "object.labels['odd/key']"),
        ("object.items[1].zz", "object.items[1].zz"),
        ("object.items.all(i, i.image != '')", "object.items[0].image"),
        ("object.items.map(i, i.ports[0])", "object.items[1].ports[0]"),
        ("object.items.filter(i, i.name == 'b').all(i, i.zz)", "object.items[].zz"),
        ("object.items.all(i, i.ports.all(p, p.zz))", "object.items[0].ports[0].zz"),
        ("object.?items.orValue([]).all(i, i.zz)", "object.items[0].zz"),
        ("object.labels.all(k, v, v.zz)", "object.labels.app.zz"),
        ("object[object.labels.app]", "object.x"),
        ("missing.x", "missing"),
    ],
)
def test_an_error_names_the_missing_field(text: str, path: str) -> None:
    environment = Environment(variables={"object": types.DYN, "missing": types.DYN})
    with pytest.raises(CelEvaluationError) as caught:
        environment.compile(text).evaluate(Activation(variables={"object": OBJECT}))
    assert caught.value.path == path


def test_an_error_stands_where_it_arose() -> None:
    program = ENVIRONMENT.compile("true &&\n  object.spec.zz == 1")
    with pytest.raises(CelEvaluationError) as caught:
        program.evaluate(Activation(variables={"object": OBJECT}))
    assert (caught.value.line, caught.value.column) == (2, 14)


def test_a_result_of_the_wrong_type_is_an_error_not_a_truth() -> None:
    program = ENVIRONMENT.compile("object.spec.replicas", expect=types.BOOL)
    activation = Activation(variables={"object": OBJECT})
    with pytest.raises(CelEvaluationError, match="result must be bool, not int"):
        program.evaluate(activation)


@pytest.mark.parametrize("value", ["false", 1, [True], {"a": 1}, None, 1.0])
def test_no_value_but_true_is_taken_for_true(value: object) -> None:
    assert failure("object.x && true", {"x": value}).message
    assert failure("object.x ? 1 : 2", {"x": value}).message
    assert failure("[1].exists(i, object.x)", {"x": value}).message


def test_a_variable_without_value_is_an_error() -> None:
    with pytest.raises(CelEvaluationError, match="variable object has no value"):
        ENVIRONMENT.compile("object.a").evaluate(Activation(variables={}))


@pytest.mark.parametrize("value", ["2026-01-01", NOW.replace(tzinfo=None), 0, None])
def test_a_variable_of_another_type_than_declared_is_an_error(value: object) -> None:
    program = ENVIRONMENT.compile("now < now")
    with pytest.raises(CelEvaluationError, match=r"google\.protobuf\.Timestamp"):
        program.evaluate(Activation(variables={"now": value}))


@pytest.mark.parametrize("error", [ValueError("no such host"), CelEvaluationError("no such host")])
def test_an_error_of_a_supplied_function_stands_at_its_call(error: Exception) -> None:
    def refuse(_text: str) -> str:
        raise error

    program = ENVIRONMENT.compile("true && siteOf('a') == ''")
    with pytest.raises(CelEvaluationError, match="siteOf: no such host") as caught:
        program.evaluate(Activation(variables={}, functions={"siteOf": refuse}))
    assert caught.value.column == 15
    program = ENVIRONMENT.compile("siteOf('a') == '' || true")
    assert program.evaluate(Activation(variables={}, functions={"siteOf": refuse})) is True


def test_a_supplied_function_must_keep_its_declared_type() -> None:
    program = ENVIRONMENT.compile("siteOf('a') != ''")
    for wrong in (None, 1, True, object()):
        with pytest.raises(CelEvaluationError):
            program.evaluate(
                Activation(variables={}, functions={"siteOf": lambda _text, value=wrong: value})
            )


def test_a_function_that_is_not_supplied_is_an_error() -> None:
    with pytest.raises(CelEvaluationError, match="declared but not supplied"):
        ENVIRONMENT.compile("siteOf('a')").evaluate(Activation(variables={}))


def test_a_value_of_no_type_of_the_language_is_an_error() -> None:
    assert "Python set" in failure("object.x + 1", {"x": {1}}).message
    assert "Python set" in failure("!object.x", {"x": {1}}).message
    assert "Python set" in failure("object.x == object.x", {"x": {1}}).message


def test_evaluation_leaves_its_inputs_alone() -> None:
    data = {"l": [1], "m": {"a": 1}}
    assert evaluate("object.l + [2]", data) == [1, 2]
    assert evaluate("object.l.filter(x, true)", data) == [1]
    assert data == {"l": [1], "m": {"a": 1}}


def test_tuples_count_as_lists() -> None:
    assert evaluate("object.x.all(i, i > 0) && size(object.x) == 2", {"x": (1, 2)}) is True
    assert evaluate("object.x == [1, 2]", {"x": (1, 2)}) is True


def test_unsigned_integers_and_optionals_are_values_of_their_own() -> None:
    assert evaluate("1u + 2u") == UInt(3)
    found = evaluate("object.?labels")
    assert isinstance(found, Optional)
    assert found.content == (OBJECT["labels"],)
    assert hash(UInt(7)) == hash(7)
    assert UInt(1) != True  # noqa: E712 - the very comparison that must be false


def test_errors_leave_nothing_for_the_garbage_collector() -> None:
    program = ENVIRONMENT.compile(
        "object.a.b || object.c.d || object.items.all(i, i.zz) || object.items.exists(i, i.yy)"
    )
    activation = Activation(variables={"object": OBJECT})
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            try:
                program.evaluate(activation)
            except CelEvaluationError:
                continue
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_absorbed_errors_leave_nothing_for_the_garbage_collector() -> None:
    program = ENVIRONMENT.compile("object.a.b || object.items.exists(i, i.zz || i.name == 'b')")
    activation = Activation(variables={"object": OBJECT})
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            assert program.evaluate(activation) is True
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("1 == 1.0", 3),
        ("object.a && 1", 13),
        ("nowhere", 1),
        ("nothing(1)", 8),
        ("'a'.nothing()", 12),
        ("'a' + 1", 5),
        ("'a'.startsWith(1)", 15),
        ("n.field", 2),
        ("n.all(x, true)", 1),
        ("[1].all(x, x)", 12),
        ("true ? 1 : 'a'", 6),
        ("siteOf(1)", 7),
        ("siteOf('a', 'b')", 7),
        ("size()", 5),
        ("[1] + ['a']", 5),
        ("{'a': 1}[1]", 9),
        ("[?1]", 3),
        ("1.optMap(x, x)", 9),
        ("now + 1", 5),
        ("[1].map(x, x + 'a')", 14),
        ("optional.of('a').orValue(1)", 25),
        ("duration(5)", 9),
    ],
)
def test_what_cannot_work_is_refused_before_evaluation(text: str, column: int) -> None:
    with pytest.raises(CelTypeError) as caught:
        ENVIRONMENT.compile(text)
    assert (caught.value.line, caught.value.column) == (1, column)


def test_an_unexpected_type_is_refused_before_evaluation() -> None:
    with pytest.raises(CelTypeError, match="of type int, bool is needed"):
        ENVIRONMENT.compile("n + 1", expect=types.BOOL)
    assert ENVIRONMENT.compile("object.a", expect=types.BOOL).result == types.DYN


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("[1, 2]", types.list_of(types.INT)),
        ("[1, 'a']", types.list_of(types.DYN)),
        ("{'a': [1]}", types.map_of(types.STRING, types.list_of(types.INT))),
        ("object.a.b[0]", types.DYN),
        ("object.?a", types.optional_of(types.DYN)),
        ("object.a + ['x']", types.list_of(types.STRING)),
        ("object.items.map(i, i.name == 'x')", types.list_of(types.BOOL)),
        ("object.items.filter(i, i.a)", types.list_of(types.DYN)),
        ("now - now", types.DURATION),
        ("object.a.size()", types.INT),
        ("[]", types.list_of(types.DYN)),
    ],
)
def test_type_of_an_expression(text: str, result: types.Type) -> None:
    assert ENVIRONMENT.compile(text).result == result


def test_names_read_are_told() -> None:
    program = ENVIRONMENT.compile(
        "object.a.all(n, n == siteOf(object.b)) && now > now && size('') == .n"
    )
    assert program.variables() == {"object", "now", "n"}
    assert program.functions() == {"siteOf", "size"}
