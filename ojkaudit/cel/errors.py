"""The errors of the expression language, each with its place in the source."""

from __future__ import annotations


class CelError(Exception):
    """Base of every error of this package.

    Args:
        message: One line, for people; quotes names and types, never whole values.
        line: 1-based line in the source; 0 when unknown.
        column: 1-based column in code points; 0 when unknown.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """Return `line:column: message`, or the bare message when the place is unknown."""
        return f"{self.line}:{self.column}: {self.message}" if self.line else self.message

    def render(self, source: str) -> str:
        """Return the message, the source line it speaks of and a caret below the column."""
        lines = source.splitlines()
        if not 0 < self.line <= len(lines):
            return str(self)
        text = lines[self.line - 1].replace("\t", " ")
        # A generated line may be thousands of characters long: show the part around the fault.
        begin = max(0, self.column - 81)
        shown = text[begin : begin + 120]
        return f"{self}\n  {shown}\n  {' ' * (self.column - 1 - begin)}^"


class CelSyntaxError(CelError):
    """The text is not an expression, or passes the limits on length and depth."""


class CelTypeError(CelError):
    """The text is an expression, but names or types do not fit."""


class CelEvaluationError(CelError):
    """The expression has no value on these inputs.

    Args:
        message: One line, for people.
        line: 1-based line of the failing part.
        column: 1-based column of the failing part.
        path: The field that is missing, such as `object.spec.encryption`; empty when the error is
            about something else.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, path: str = "") -> None:
        super().__init__(message, line, column)
        self.path = path


def detached(error: CelEvaluationError) -> CelEvaluationError:
    """Return the error without what led to it, so that keeping it makes no cycle of references.

    Traceback and context hold the frames of the evaluation, and one of those holds the error: such
    cycles are left to the garbage collector, which is off while many resources are judged.
    """
    error.__context__ = None
    return error.with_traceback(None)


class CelBudgetError(CelEvaluationError):
    """The evaluation took more steps than allowed; no operator absorbs this."""


class Fault(Exception):  # noqa: N818 - never leaves the package: the call site turns it into an error with a place
    """A library function refuses its arguments; it does not know its place in the source."""
