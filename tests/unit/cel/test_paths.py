from __future__ import annotations

import copy
import random

import pytest

from ojkaudit.cel import Activation, CelEvaluationError, Environment, types

ENVIRONMENT = Environment(variables=dict.fromkeys(("object", "inputs", "params"), types.DYN))


def paths(text: str) -> set[str]:
    return {"/".join(path) for path in ENVIRONMENT.compile(text).paths()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("object.spec.replicas > 1", {"object/spec/replicas"}),
        ("has(object.spec.x)", {"object/spec/x"}),
        ("object.?spec.?x.orValue(object.y) == 1", {"object/spec/x", "object/y"}),
        ("object.labels[?'a/b'].hasValue()", {"object/labels/a/b"}),
        ("object.l[0].x == 1", {"object/l/[]/x"}),
        ("object.m[inputs.k].x == 1", {"object/m/[*]/x", "inputs/k"}),
        ("object.l.all(x, x.a == x.b)", {"object/l/[]/a", "object/l/[]/b"}),
        ("object.l.all(x, x.m.exists(y, y.n == x.a))", {"object/l/[]/m/[]/n", "object/l/[]/a"}),
        ("object.l.filter(x, x.a).all(y, y.b)", {"object/l/[]/a", "object/l/[]/b"}),
        ("object.l.map(x, x.a).all(y, y.b == 1)", {"object/l/[]/a/b"}),
        ("object.l.map(x, x.a).join()", {"object/l/[]/a"}),
        ("size(object.l) > 0", {"object/l"}),
        ("object.l.exists(x, true)", {"object/l"}),
        ("object.m.all(k, k != '')", {"object/m/[]"}),
        ("object.m.all(k, v, v.x == 1)", {"object/m", "object/m/[]/x"}),
        ("(object.a ? object.b : object.c).d == 1", {"object/a", "object/b/d", "object/c/d"}),
        ("[object.a, object.b].all(x, x.c)", {"object/a/c", "object/b/c"}),
        ("{'k': object.a}.k.c == 1", {"object/a/c"}),
        ("object.?a.optMap(x, x.b).orValue(1) == 1", {"object/a/b"}),
        ("object == {}", {"object"}),
        ("object.a == type(1)", {"object/a"}),
        ("[1].all(object, object == 1)", set()),
        ("[1].all(object, .object.a == 1)", {"object/a"}),
        ("1 == 1", set()),
    ],
)
def test_paths_read(text: str, expected: set[str]) -> None:
    assert paths(text) == expected


_TEXTS = (
    "object.a.all(x, x.b == 1 && x.c.exists(y, y.d > 0))",
    "object.a.filter(x, has(x.b)).map(x, x.c).size() > 1",
    "object.?a[?0].?b.orValue(object.b) == 1",
    "object.a.exists(x, x.b == object.b || x.c.all(y, y.e == object.m['k']))",
    "(object.b == 1 ? object.a : object.m).all(x, true)",
    "object.m.all(k, object.m[k] == object.b)",
    "[object.m, object.b].exists(x, x == 1)",
    "object.a.map(x, x.c)[0].all(y, y.d == y.e)",
    "object.a.transformList(i, x, x.b)[0] == object.b",
)


def _cut(value: object, steps: list[tuple[str, ...]]) -> object:
    """Keep only what lies on the paths, as a collector that projects would."""
    if any(not step for step in steps) or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        below = [step[1:] for step in steps if step[0] in ("[]", "[*]")]
        return [_cut(item, below) for item in value]
    if any(step[0] in ("[]",) for step in steps):
        return value
    kept: dict[str, object] = {}
    for key, item in value.items():
        below = [step[1:] for step in steps if step[0] in (key, "[*]")]
        if below:
            kept[key] = _cut(item, below)
    return kept


def _random(generator: random.Random, depth: int) -> object:
    if depth == 0 or generator.random() < 0.3:
        return generator.choice((0, 1, "k", None, True))
    if generator.random() < 0.5:
        return [_random(generator, depth - 1) for _ in range(generator.randint(0, 3))]
    return {key: _random(generator, depth - 1) for key in "abcdemk" if generator.random() < 0.7}


def _outcome(text: str, data: object) -> object:
    try:
        return ENVIRONMENT.compile(text).evaluate(Activation(variables={"object": data}))
    except CelEvaluationError as error:
        return (error.message, error.path)


@pytest.mark.parametrize("text", _TEXTS)
def test_nothing_outside_the_paths_changes_the_outcome(text: str) -> None:
    generator = random.Random(3)  # noqa: S311 - no secret is made of it
    found = ENVIRONMENT.compile(text).paths()
    for _ in range(400):
        data = {
            "a": [_random(generator, 3) for _ in range(generator.randint(0, 3))],
            "b": _random(generator, 1),
            "m": _random(generator, 2),
            "unread": 1,
        }
        whole = copy.deepcopy(data)
        projected = _cut(data, [path[1:] for path in found if path[0] == "object"])
        assert _outcome(text, projected) == _outcome(text, data)
        assert data == whole
