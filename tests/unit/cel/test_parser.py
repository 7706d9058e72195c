from __future__ import annotations

import pytest

from ojkaudit.cel import CelSyntaxError, CelTypeError, Environment, types
from ojkaudit.cel.nodes import Binary, Call, Comprehension, Conditional, Logical, Select, walk
from ojkaudit.cel.parser import parse

ENVIRONMENT = Environment(variables={"a": types.DYN, "b": types.DYN, "c": types.DYN})


def shape(text: str) -> str:
    """Return the text of every node, the outermost first, as the parser cut it."""
    return " | ".join(text[node.place.start : node.place.end] for node, _ in walk(parse(text)))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a || b && c", "a || (b && c)"),
        ("!a.b", "!(a.b)"),
        ("-a * b", "(-a) * b"),
        ("a < b == c", "(a < b) == c"),
        ("a ? b : c ? a : b", "a ? b : (c ? a : b)"),
        ("a in b == c", "(a in b) == c"),
        ("a.b[c].a(b)", "((a.b)[c]).a(b)"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    def tree(source: str) -> list[tuple[str, int]]:
        return [
            (type(node).__name__ + str(getattr(node, "operator", "")), depth)
            for node, depth in walk(parse(source))
        ]

    assert tree(text) == tree(same)


def test_every_node_has_its_place() -> None:
    root = parse("a &&\n  b.c(1,\n  [a ? 2 : 3])")
    places = {(type(node), node.place.line, node.place.column) for node, _ in walk(root)}
    assert (Logical, 1, 3) in places
    assert (Call, 2, 6) in places
    assert (Conditional, 3, 6) in places


def test_the_text_of_a_bracketed_part_keeps_its_brackets() -> None:
    root = parse("(a || b) && c")
    assert isinstance(root, Logical)
    place = root.terms[0].place
    assert "(a || b) && c"[place.start : place.end] == "(a || b)"
    assert (root.place.start, root.place.end) == (0, 13)


def test_macros_become_loops_and_other_calls_do_not() -> None:
    assert isinstance(parse("a.all(x, x)"), Comprehension)
    assert isinstance(parse("a.all(x)"), Call)
    assert isinstance(parse("all(a, x, x)"), Call)
    assert isinstance(parse("a.existsOne(k, v, v)"), Comprehension)


def test_reserved_words_are_fields_but_not_names() -> None:
    assert isinstance(parse("a.namespace"), Select)
    with pytest.raises(CelSyntaxError, match="reserved"):
        parse("namespace")
    with pytest.raises(CelSyntaxError):
        parse("a.in")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("a ||", 1, 5),
        ("a\n  b", 2, 3),
        ("a ..b", 1, 4),
        ("'open", 1, 1),
        ("a # b", 1, 3),
        ("a == ", 1, 6),
        ("[1, 2", 1, 6),
        ("{1: }", 1, 5),
        ("f(1,)", 1, 5),
        ("1 2", 1, 3),
        ("'\\x4'", 1, 1),
        ("'\\ud800'", 1, 1),
        ("b'\\u0041'", 1, 1),
        ("9223372036854775808", 1, 1),
        ("-1u", 1, 1),
        ("18446744073709551616u", 1, 1),
        ("has(a)", 1, 5),
        ("a.all(b.c, true)", 1, 8),
        ("a.all(x, x, true)", 1, 10),
        ("a{b: 1}", 1, 2),
        ("!-a", 1, 2),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(CelSyntaxError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_error_shows_the_line_and_a_caret() -> None:
    source = "a &&\n  b.c( && 1"
    with pytest.raises(CelSyntaxError) as caught:
        parse(source)
    *_, line, caret = caught.value.render(source).splitlines()
    assert line.endswith("  b.c( && 1")
    assert line[caret.index("^")] == "&"


def test_an_error_far_to_the_right_shows_only_its_surroundings() -> None:
    source = "a && " * 1_000 + "&&"
    with pytest.raises(CelSyntaxError) as caught:
        parse(source)
    rendered = caught.value.render(source).splitlines()
    assert max(map(len, rendered)) < 200
    assert rendered[1][rendered[2].index("^")] == "&"


@pytest.mark.parametrize(
    "text",
    [
        "||".join(["a"] * 20_000),
        "(" * 5_000 + "a" + ")" * 5_000,
        "[" * 300 + "]" * 300,
        "a" + ".b" * 4_000,
        "a" + "+a" * 4_000,
        "a ? b : " * 300 + "c",
        "a" + "[0]" * 3_000,
        "{'a': " * 300 + "1" + "}" * 300,
        "a.all(x, " * 300 + "true" + ")" * 300,
        "!(" * 300 + "a" + ")" * 300,
        "a" * 10_001,
        "9" * 9_000,
        "'" + "\\" * 9_000,
        "'''" + "a'" * 3_000,
        "/" * 2 + "x" * 9_000,
    ],
)
def test_huge_and_deep_texts_are_refused_cleanly(text: str) -> None:
    with pytest.raises(CelSyntaxError):
        ENVIRONMENT.compile(text)


def test_long_chains_within_the_limit_compile() -> None:
    program = ENVIRONMENT.compile("||".join(["a"] * 3_000))
    assert isinstance(program.ast, Logical)
    assert len(program.ast.terms) == 3_000


def test_the_deepest_allowed_text_compiles() -> None:
    ENVIRONMENT.compile("a" + ".b" * 199)
    ENVIRONMENT.compile("(" * 99 + "a" + ")" * 99)
    ENVIRONMENT.compile("[" * 99 + "]" * 99)
    ENVIRONMENT.compile("a.all(x, " * 90 + "true" + ")" * 90)


def test_operands_stand_in_source_order() -> None:
    root = parse("a - b")
    assert isinstance(root, Binary)
    assert shape("a - b").startswith("a - b")
    assert root.left.place.start < root.right.place.start


def test_comments_are_ignored() -> None:
    program = ENVIRONMENT.compile("1 + // one\n 2 // two")
    assert program.result == types.INT


def test_a_bad_constant_pattern_is_refused_at_its_place() -> None:
    with pytest.raises(CelTypeError, match="regular expression") as caught:
        ENVIRONMENT.compile("a.matches('(x')")
    assert caught.value.column == 11
