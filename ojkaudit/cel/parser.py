"""From tokens to the syntax tree: precedence climbing, with limits on nesting and depth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ojkaudit.cel import macros
from ojkaudit.cel.errors import CelSyntaxError, Fault
from ojkaudit.cel.lexer import Token, TokenKind, tokenize
from ojkaudit.cel.literals import parse_number, parse_string
from ojkaudit.cel.nodes import (
    Binary,
    Call,
    Conditional,
    Ident,
    Index,
    ListItem,
    ListLiteral,
    Literal,
    Logical,
    MapEntry,
    MapLiteral,
    Node,
    Place,
    Select,
    Unary,
    UnaryOperator,
    walk,
)

MAX_DEPTH = 200
"""Of the tree: keeps every later recursion far below the interpreter's own limit."""
MAX_NESTING = 100
"""Of brackets: each costs the parser several frames of recursion."""

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
}
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}
_KEYWORDS = frozenset({"true", "false", "null", "in"})
_RESERVED = _KEYWORDS | {
    *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"),
    *("loop", "package", "namespace", "return", "var", "void", "while"),
}


def parse(source: str) -> Node:
    """Return the syntax tree of a text.

    Raises:
        CelSyntaxError: The text is not an expression, or too long, or too deep.
    """
    parser = _Parser(tokens=tokenize(source))
    try:
        root = parser.expression()
    except RecursionError:
        raise CelSyntaxError("expression is nested too deeply", 1, 1) from None
    if parser.current.kind is not TokenKind.END:
        raise parser.unexpected("an operator or the end")
    for node, depth in walk(root):
        if depth > MAX_DEPTH:
            raise CelSyntaxError(
                f"expression is nested deeper than {MAX_DEPTH} levels",
                node.place.line,
                node.place.column,
            )
    return root


@dataclass(slots=True, kw_only=True)
class _Parser:
    tokens: list[Token]
    position: int = field(default=0)
    nesting: int = field(default=0)

    @property
    def current(self) -> Token:
        return self.tokens[self.position]

    def unexpected(self, wanted: str) -> CelSyntaxError:
        token = self.current
        found = f"{token.text[:40]!r}" if token.text else "the end of the expression"
        return CelSyntaxError(f"expected {wanted}, found {found}", token.line, token.column)

    def advance(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def at(self, text: str) -> bool:
        return self.current.text == text and self.current.kind is TokenKind.OPERATOR

    def take(self, text: str) -> bool:
        if self.at(text):
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.at(text):
            raise self.unexpected(repr(text))
        return self.advance()

    def place(self, token: Token, start: int) -> Place:
        """Return a place named by `token` that reaches from `start` to the last token taken."""
        end = self.tokens[self.position - 1].end
        return Place(line=token.line, column=token.column, start=start, end=end)

    def expression(self) -> Node:
        """Parse `condition ? then : otherwise`, or what binds tighter."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            message = f"brackets are nested deeper than {MAX_NESTING} levels"
            raise CelSyntaxError(message, self.current.line, self.current.column)
        # A chain of conditionals is gathered first, so that it costs no recursion.
        chain: list[tuple[Node, Token, Node]] = []
        last = self.binary(1)
        while self.at("?"):
            token = self.advance()
            then = self.binary(1)
            self.expect(":")
            chain.append((last, token, then))
            last = self.binary(1)
        for condition, token, then in reversed(chain):
            place = self.place(token, condition.place.start)
            last = Conditional(place=place, condition=condition, then=then, otherwise=last)
        self.nesting -= 1
        return last

    def binary(self, floor: int) -> Node:
        """Parse operators that bind at least as tightly as `floor`."""
        left = self.unary()
        while True:
            token = self.current
            level = _PRECEDENCE.get(token.text, 0) if token.kind is not TokenKind.STRING else 0
            if level < floor or level == 0:
                return left
            if level <= 2:
                left = self.logical(left, token, level)
                continue
            self.advance()
            right = self.binary(level + 1)
            place = self.place(token, left.place.start)
            left = Binary(place=place, operator=token.text, left=left, right=right)

    def logical(self, left: Node, token: Token, level: int) -> Node:
        terms = [left]
        while self.take(token.text):
            terms.append(self.binary(level + 1))
        place = self.place(token, left.place.start)
        return Logical(place=place, is_and=token.text == "&&", terms=tuple(terms))

    def unary(self) -> Node:
        token = self.current
        count = 0
        if self.at("!") or (self.at("-") and not self.is_negative_literal()):
            while self.take(token.text):
                count += 1
        node = self.postfix(self.primary())
        # As in the language's own parsers, two signs cancel each other without being evaluated.
        if count % 2 == 0:
            return node
        operator = UnaryOperator(token.text)
        return Unary(place=self.place(token, token.start), operator=operator, operand=node)

    def is_negative_literal(self) -> bool:
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        return self.at("-") and following.kind is TokenKind.NUMBER

    def postfix(self, node: Node) -> Node:
        """Parse the selections, indexes and method calls behind a primary."""
        while True:
            start = node.place.start
            if self.at("."):
                token = self.advance()
                is_optional = self.take("?")
                name = self.field_name()
                if self.at("(") and not is_optional:
                    node = self.call(node, name, start)
                    continue
                place = self.place(token, start)
                node = Select(place=place, operand=node, field=name, is_optional=is_optional)
            elif self.at("["):
                token = self.advance()
                is_optional = self.take("?")
                key = self.expression()
                self.expect("]")
                place = self.place(token, start)
                node = Index(place=place, operand=node, key=key, is_optional=is_optional)
            else:
                return node

    def field_name(self) -> str:
        token = self.current
        if token.kind is not TokenKind.IDENT or token.text in _KEYWORDS:
            raise self.unexpected("a field or function name")
        return self.advance().text

    def call(self, target: Node | None, name: str, start: int) -> Node:
        """Parse the arguments of a call; a macro becomes its own kind of node."""
        token = self.expect("(")
        arguments: list[Node] = []
        while not self.at(")"):
            arguments.append(self.expression())
            if not self.take(","):
                break
            if self.at(")"):
                raise self.unexpected("an argument")
        self.expect(")")
        call = Call(
            place=self.place(token, start),
            function=name,
            target=target,
            arguments=tuple(arguments),
        )
        return macros.expand(call)

    def primary(self) -> Node:
        token = self.current
        if token.kind is TokenKind.IDENT:
            return self.name(token)
        if token.kind is TokenKind.NUMBER or self.is_negative_literal():
            return self.number(token)
        if token.kind is TokenKind.STRING:
            self.advance()
            return self.literal(token, parse_string, token.text)
        if self.take("."):
            name = self.field_name()
            return Ident(place=self.place(token, token.start), name=name, is_root=True)
        if self.take("("):
            return self.parenthesis(token)
        if self.take("["):
            return self.list_literal(token)
        if self.take("{"):
            return self.map_literal(token)
        raise self.unexpected("a value")

    def parenthesis(self, token: Token) -> Node:
        inner = self.expression()
        self.expect(")")
        # The brackets belong to the text of the node, so that a quoted part reads well.
        end = self.tokens[self.position - 1].end
        return replace(inner, place=replace(inner.place, start=token.start, end=end))

    def number(self, token: Token) -> Node:
        is_negative = self.take("-")
        digits = self.advance().text
        return self.literal(token, lambda text: parse_number(text, is_negative=is_negative), digits)

    def literal(self, token: Token, convert: macros.Converter, text: str) -> Node:
        try:
            value = convert(text)
        except Fault as fault:
            raise CelSyntaxError(str(fault), token.line, token.column) from None
        return Literal(place=self.place(token, token.start), value=value)

    def name(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            self.advance()
            place = self.place(token, token.start)
            return Literal(place=place, value=_CONSTANTS[token.text])
        if token.text in _RESERVED:
            raise self.unexpected("a value; this word is reserved")
        self.advance()
        if self.at("("):
            return self.call(None, token.text, token.start)
        return Ident(place=self.place(token, token.start), name=token.text)

    def list_literal(self, token: Token) -> Node:
        items: list[ListItem] = []
        while not self.at("]"):
            is_optional = self.take("?")
            items.append(ListItem(value=self.expression(), is_optional=is_optional))
            if not self.take(","):
                break
        self.expect("]")
        return ListLiteral(place=self.place(token, token.start), items=tuple(items))

    def map_literal(self, token: Token) -> Node:
        entries: list[MapEntry] = []
        while not self.at("}"):
            is_optional = self.take("?")
            key = self.expression()
            self.expect(":")
            value = self.expression()
            entries.append(MapEntry(key=key, value=value, is_optional=is_optional))
            if not self.take(","):
                break
        self.expect("}")
        return MapLiteral(place=self.place(token, token.start), entries=tuple(entries))
