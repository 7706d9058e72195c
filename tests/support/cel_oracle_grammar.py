"""Random expressions, most of them well typed, from a seeded grammar."""

from __future__ import annotations

from collections.abc import Callable

from ojkaudit.cel import Environment, types
from tests.support.cel_oracle_mutation import seeded
from tests.support.cel_random_inputs import TEXTS

VARIABLES = {
    "i": types.INT,
    "j": types.INT,
    "f": types.DOUBLE,
    "s": types.STRING,
    "q": types.STRING,
    "b": types.BOOL,
    "y": types.BYTES,
    "now": types.TIMESTAMP,
    "w": types.DURATION,
    "li": types.list_of(types.INT),
    "ls": types.list_of(types.STRING),
    "ms": types.map_of(types.STRING, types.INT),
    "d": types.DYN,
    "e": types.DYN,
}
ENVIRONMENT = Environment(variables=VARIABLES)

_ALIKE = (
    *("dyn(1)", "dyn(true)", "dyn(0)", "dyn(false)", "dyn(1u)", "dyn(1.0)", "dyn(0.0)"),
    *("dyn('1')", "dyn(null)", "dyn(-1)", "dyn(2)"),
)
_PATTERNS = ("^a", "b$", "[0-9]+", "a|é", "(x", "h.l*o", "^$")
_ZONES = ("UTC", "Asia/Jakarta", "+07:00", "-03:30", "Nowhere/Land")
_PARTS = (
    *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
    *("getHours", "getMinutes", "getSeconds", "getMilliseconds"),
)
_DURATION_PARTS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
_KINDS = (
    *("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"),
    *("ints", "strings", "map", "dyn"),
)


class Grammar:
    """Makes expressions of a wanted type; now and then of another one, to be refused."""

    def __init__(self, seed: int) -> None:
        self.random = seeded(seed)
        self.bound: list[tuple[str, str]] = []

    def expression(self) -> str:
        """Return one whole expression."""
        self.bound = []
        roll = self.random.random()
        if roll < 0.06:
            return self.unlike(1)
        # Rules are conditions: these get the largest share.
        kind = "bool" if roll < 0.4 else self.random.choice(_KINDS)
        return self.make(kind, self.random.randint(1, 4))

    def make(self, kind: str, depth: int) -> str:
        if self.random.random() < 0.015:
            kind = self.random.choice(_KINDS)
        names = [name for name, its_kind in self.bound if its_kind == kind]
        if names and self.random.random() < 0.5:
            return self.random.choice(names)
        if depth <= 0 or self.random.random() < 0.12:
            return self.random.choice(_LEAVES[kind])(self)
        if self.random.random() < 0.06:
            return self.conditional(kind, depth - 1)
        if self.random.random() < 0.05:
            return self.fallback(kind, depth - 1)
        return self.random.choice(_BRANCHES[kind])(self, depth - 1)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def conditional(self, kind: str, depth: int) -> str:
        condition = self.make("bool", depth)
        return f"({condition} ? {self.make(kind, depth)} : {self.make(kind, depth)})"

    def fallback(self, kind: str, depth: int) -> str:
        optional = self.pick(
            f"optional.of({self.make(kind, depth)})",
            "optional.none()",
            f"optional.ofNonZeroValue({self.make(kind, depth)})",
            f"optional.of({self.make(kind, depth)}).or(optional.of({self.make(kind, depth)}))",
            f"optional.of({self.make('dyn', depth)}).optMap(o, {self.make(kind, depth)})",
            f"optional.none().optMap(o, {self.make(kind, depth)})",
            f"optional.of(1).optFlatMap(o, optional.of({self.make(kind, depth)}))",
        )
        return self.pick(
            f"{optional}.orValue({self.make(kind, depth)})",
            f"{optional}.value()",
        )

    def string_literal(self) -> str:
        return repr(self.random.choice(TEXTS))

    def loop(self, depth: int, wanted: str) -> str:
        """Return a macro over a list or map that gives a bool, a list or a number."""
        source, element = self.random.choice(
            (("ints", "int"), ("strings", "string"), ("dyn", "dyn"), ("map", "string"))
        )
        range_ = self.make(source, depth)
        name = f"x{len(self.bound)}"
        self.bound.append((name, element))
        body = self.loop_body(range_, source, name, depth, wanted)
        self.bound.pop()
        return body

    def loop_body(self, range_: str, source: str, name: str, depth: int, wanted: str) -> str:
        condition = self.make("bool", depth)
        if wanted == "bool":
            macro = self.pick("all", "exists", "all", "exists", "exists_one")
            return f"{range_}.{macro}({name}, {condition})"
        element = "int" if wanted == "ints" else "string"
        if source in ("dyn", "map"):
            # The order of a map's keys differs from process to process in the other runtime.
            return (
                f"[size({range_}.filter({name}, {condition}))].map(z, {self.make(element, depth)})"
            )
        mapped = self.make(element, depth)
        if (source == "ints") == (wanted == "ints") and self.random.random() < 0.5:
            return f"{range_}.filter({name}, {condition})"
        if self.random.random() < 0.3:
            return f"{range_}.map({name}, {condition}, {mapped})"
        return f"{range_}.map({name}, {mapped})"

    def dyn_path(self) -> str:
        path = self.pick("d", "e", "d", *[name for name, kind in self.bound if kind == "dyn"])
        for _ in range(self.random.randint(1, 3)):
            path += self.pick(".a", ".b", ".n", ".l", ".m", ".k", "['a']", "[0]", "[1]", "['zz']")
        return path

    def optional_path(self) -> str:
        path = self.pick("d", "e", *[name for name, kind in self.bound if kind == "dyn"])
        steps = (".?a", ".?b", ".?l", ".?m", ".?zz", "[?'k']", "[?0]", "[?d.a]")
        for _ in range(self.random.randint(1, 3)):
            path += self.pick(*steps, ".a", ".m", "['k']", "[0]", "[e]")
        return path + self.pick(*steps)

    def comparison(self, depth: int) -> str:
        kind = self.pick("int", "double", "string", "dyn", "uint", "timestamp", "duration", "bytes")
        operator = self.pick("==", "!=", "<", "<=", ">", ">=")
        return f"({self.make(kind, depth)} {operator} {self.make(kind, depth)})"

    def equality(self, depth: int) -> str:
        kind = self.random.choice(_KINDS)
        other = self.pick(kind, kind, "dyn")
        return f"({self.make(kind, depth)} {self.pick('==', '!=')} {self.make(other, depth)})"

    def unlike(self, _depth: int) -> str:
        """Return a comparison of values that a careless runtime takes for equal."""
        value = self.pick(*_ALIKE)
        container = f"[{self.pick(*_ALIKE)}, dyn({self.pick(*_ALIKE)})]"
        key = self.pick("1", "true", "0", "false", "1u")
        return self.pick(
            f"({self.dyn_path()} == {value})",
            f"({value} == {self.pick(*_ALIKE)})",
            f"({value} in {container})",
            f"({container} == {container})",
            f"(dyn({{{key}: 'x'}})[?{value}].hasValue())",
            f"({value} in dyn({{{key}: 'x'}}))",
            f"({{'k': {value}}} == {{'k': {self.pick(*_ALIKE)}}})",
            f"({value} {self.pick('<', '<=', '>', '>=')} {self.pick(*_ALIKE)})",
        )

    def arithmetic(self, kind: str, operators: str, depth: int) -> str:
        operator = self.random.choice(operators)
        other = kind if self.random.random() < 0.9 else "dyn"
        return f"({self.make(kind, depth)} {operator} {self.make(other, depth)})"

    def member(self, kind: str, depth: int) -> str:
        container = self.pick("ints", "strings", "map", "dyn")
        item = {"ints": "int", "strings": "string", "map": "string", "dyn": "dyn"}[container]
        return f"({self.make(item, depth)} in {self.make(container, depth)})"

    def text_call(self, depth: int) -> str:
        text = self.make("string", depth)
        number = self.random.randint(-1, 4)
        other = self.make("string", depth - 1)
        return self.pick(
            f"{text}.charAt({number})",
            f"{text}.lowerAscii()",
            f"{text}.upperAscii()",
            f"{text}.replace({other}, {self.string_literal()})",
            f"{text}.replace({other}, {self.string_literal()}, {number})",
            f"{text}.substring({number})",
            # The other runtime refuses an end that is the size, against its own documentation.
            f"({text} + '......').substring({number}, {self.random.randint(0, 5)})",
            f"{text}.trim()",
            f"{text}.reverse()",
            f"strings.quote({text})",
            f"{self.make('strings', depth)}.join({other})",
            f"{self.make('strings', depth)}.join()",
            f"'%s|%d|%s'.format([{text}, {self.make('int', depth)}, {self.make('ints', depth)}])",
            f"'%x %.2f %b'.format([{self.make('int', 0)}, {self.make('double', 0)}, {number}])",
        )

    def text_number(self, depth: int) -> str:
        text = self.make("string", depth)
        part = self.make("string", depth - 1)
        number = self.random.randint(-1, 4)
        return self.pick(
            f"{text}.indexOf({part})",
            f"{text}.indexOf({part}, {number})",
            f"{text}.lastIndexOf({part})",
            f"{text}.lastIndexOf({part}, {number})",
            f"size({text})",
            f"{text}.size()",
            f"{self.make(self.pick('ints', 'strings', 'map', 'bytes', 'dyn'), depth)}.size()",
        )

    def text_test(self, depth: int) -> str:
        text = self.make(self.pick("string", "string", "dyn"), depth)
        call = self.pick("startsWith", "endsWith", "contains")
        pattern = self.random.choice(_PATTERNS)
        if pattern == "(x":
            # Ours refuses a constant pattern that cannot compile, the other reports it later.
            pattern = "x"
        return self.pick(
            f"{text}.{call}({self.make('string', depth)})",
            f"{text}.matches({pattern!r})",
            f"{text}.matches({self.make('string', depth)})",
        )

    def has(self, _depth: int) -> str:
        return f"has({self.dyn_path()}.{self.pick('a', 'b', 'zz')})"

    def moment_part(self, depth: int) -> str:
        zone = self.pick("", repr(self.random.choice(_ZONES)))
        if self.random.random() < 0.3:
            part = self.random.choice(_DURATION_PARTS)
            return f"{self.make('duration', depth)}.{part}()"
        return f"{self.make('timestamp', depth)}.{self.random.choice(_PARTS)}({zone})"

    def strings(self, depth: int) -> str:
        text = self.make("string", depth)
        separator = self.string_literal()
        return self.pick(
            f"[{text}, {self.make('string', depth)}]",
            f"{text}.split({separator})",
            f"{text}.split({separator}, {self.random.randint(-1, 3)})",
            f"({self.make('strings', depth)} + {self.make('strings', depth)})",
            f"[?optional.of({text}), {separator}]",
        )

    def map(self, depth: int) -> str:
        return self.pick(
            f"{{'a': {self.make('int', depth)}, 'k': {self.make('int', depth)}}}",
            f"{{{self.make('string', depth)}: {self.make('int', depth)}}}",
            f"{{?'k': optional.of({self.make('int', depth)})}}",
            "ms",
        )


Leaf = Callable[[Grammar], str]
Branch = Callable[[Grammar, int], str]


def _convert(function: str, *kinds: str) -> Branch:
    return lambda g, depth: f"{function}({g.make(g.pick(*kinds), depth)})"


_LEAVES: dict[str, tuple[Leaf, ...]] = {
    "bool": (lambda g: g.pick("true", "false", "b"), lambda g: "b"),
    "int": (
        lambda g: g.pick("i", "j"),
        lambda g: str(
            g.random.choice((0, 1, 2, -1, 7, 60, -9223372036854775808, 9223372036854775807))
        ),
    ),
    "uint": (lambda g: g.pick("0u", "1u", "7u", "18446744073709551615u"),),
    "double": (lambda g: g.pick("f", "0.0", "1.0", "-2.5", "1e20", "1.5e-3", "0.1"),),
    "string": (lambda g: g.pick("s", "q"), lambda g: g.string_literal()),
    "bytes": (lambda g: g.pick("y", "b'a'", "b''", "b'\\xff'"),),
    "timestamp": (
        lambda g: g.pick("now", "timestamp('2026-01-31T07:00:00.25Z')", "timestamp(0)"),
        lambda g: "timestamp('2024-02-29T23:59:59+07:00')",
    ),
    "duration": (lambda g: g.pick("w", "duration('1h30m')", "duration('-1.5s')", "duration('0')"),),
    "ints": (lambda g: g.pick("li", "[1, 2, 3]", "[0]"), lambda g: "li"),
    "strings": (lambda g: g.pick("ls", "['a', 'b']", "['']"), lambda g: "ls"),
    "map": (lambda g: g.pick("ms", "{'a': 1}", "{'k': 0, 'z': 5}"),),
    "dyn": (
        lambda g: g.dyn_path(),
        lambda g: g.pick("dyn(1)", "dyn('a')", "dyn(1.0)", "dyn(null)"),
    ),
}
_BRANCHES: dict[str, tuple[Branch, ...]] = {
    "bool": (
        lambda g, n: f"({g.make('bool', n)} && {g.make('bool', n)})",
        lambda g, n: f"({g.make('bool', n)} || {g.make('bool', n)})",
        lambda g, n: f"({g.make('dyn', n)} || {g.make('bool', n)} || {g.make('bool', n)})",
        lambda g, n: f"!{g.make('bool', n)}",
        Grammar.comparison,
        Grammar.comparison,
        Grammar.equality,
        Grammar.unlike,
        lambda g, n: g.member("", n),
        lambda g, n: g.loop(n, "bool"),
        lambda g, n: g.loop(n, "bool"),
        Grammar.text_test,
        Grammar.has,
        lambda g, n: f"{g.optional_path()}.hasValue()",
        lambda g, n: (
            f"(type({g.make('dyn', n)}) == {g.pick('int', 'string', 'map', 'list', 'bool')})"
        ),
        _convert("bool", "string", "bool"),
    ),
    "int": (
        lambda g, n: g.arithmetic("int", "+-*/%", n),
        lambda g, n: g.arithmetic("int", "+-", n),
        lambda g, n: f"-{g.make('int', n)}",
        Grammar.text_number,
        Grammar.moment_part,
        _convert("int", "int", "uint", "double", "string", "timestamp"),
        lambda g, n: f"{g.make('ints', n)}[{g.pick('0', '1', '-1', 'i')}]",
        lambda g, n: f"{g.make('map', n)}[{g.make('string', n)}]",
        lambda g, n: f"{g.make('map', n)}.{g.pick('a', 'k')}",
        lambda g, n: f"{g.make('map', n)}[?{g.make('string', n)}].orValue({g.make('int', n)})",
    ),
    "uint": (
        lambda g, n: g.arithmetic("uint", "+-*/%", n),
        _convert("uint", "int", "uint", "double", "string"),
    ),
    "double": (
        lambda g, n: g.arithmetic("double", "+-*/", n),
        _convert("double", "int", "uint", "double", "string"),
        lambda g, n: f"-{g.make('double', n)}",
    ),
    "string": (
        lambda g, n: g.arithmetic("string", "+", n),
        Grammar.text_call,
        Grammar.text_call,
        _convert(
            "string", "int", "uint", "double", "bool", "string", "bytes", "timestamp", "duration"
        ),
        lambda g, n: f"{g.make('strings', n)}[{g.pick('0', '1')}]",
        lambda g, n: f"{g.optional_path()}.orValue({g.make('string', n)})",
    ),
    "bytes": (
        lambda g, n: g.arithmetic("bytes", "+", n),
        _convert("bytes", "string", "bytes"),
    ),
    "timestamp": (
        lambda g, n: f"({g.make('timestamp', n)} {g.pick('+', '-')} {g.make('duration', n)})",
        lambda g, n: f"({g.make('duration', n)} + {g.make('timestamp', n)})",
        _convert("timestamp", "string", "int", "timestamp"),
    ),
    "duration": (
        lambda g, n: g.arithmetic("duration", "+-", n),
        lambda g, n: f"({g.make('timestamp', n)} - {g.make('timestamp', n)})",
        _convert("duration", "string", "duration"),
    ),
    "ints": (
        lambda g, n: g.arithmetic("ints", "+", n),
        lambda g, n: f"[{g.make('int', n)}, {g.make('int', n)}]",
        lambda g, n: g.loop(n, "ints"),
    ),
    "strings": (Grammar.strings, Grammar.strings, lambda g, n: g.loop(n, "strings")),
    "map": (Grammar.map,),
    "dyn": (
        lambda g, n: g.dyn_path(),
        lambda g, n: g.dyn_path(),
        lambda g, n: f"{g.optional_path()}.orValue({g.make('dyn', n)})",
        lambda g, n: f"dyn({g.make(g.pick('int', 'string', 'double', 'bool', 'ints', 'map'), n)})",
        lambda g, n: f"({g.make('dyn', n)} + {g.make('dyn', n)})",
        lambda g, n: f"[{g.make('int', n)}, {g.make('string', n)}][{g.pick('0', '1', '2')}]",
    ),
}
