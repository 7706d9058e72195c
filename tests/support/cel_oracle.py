"""Compares our evaluation of expressions with the other runtime's, value by value."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ojkaudit.cel import (
    Activation,
    CelEvaluationError,
    CelSyntaxError,
    CelTypeError,
    Environment,
    Optional,
    UInt,
)
from ojkaudit.cel.types import Kind
from ojkaudit.cel.values import TypeValue
from tests.support.cel_oracle_functions import FUNCTIONS
from tests.support.needs import ROOT

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
_SHOWN = 10
_DECLARED_ONLY_THERE = (
    " duration does not take (int)",
    " int does not take (google.protobuf.Duration)",
)
"""Conversions the other checker declares and the other runtime does not have."""
_REFUSED_ONLY_HERE = frozenset(
    {
        "no such overload: int(bool)",
        "a timestamp is written as 2026-01-31T07:00:00Z or with +07:00",
    }
)
"""What the other runtime takes beyond the language's definition: a bool as integer when it is
dynamic (its own checker refuses it), and timestamps that are no RFC 3339 (`6-1-31T7:0:0+0700`)."""
_NEVER_ABSORBED_THERE = (
    "INVALID_ARGUMENT: Applying SELECT to non-message type",
    "ALREADY_EXISTS: duplicate key in map",
)
"""Two errors end the other's evaluation as a whole, even where the specification lets `||`, `&&`,
`all` and `exists` absorb them (as they absorb every other): such results are not compared."""


def encode(value: object) -> Any:  # noqa: C901, PLR0912 - one arm a type
    match value:
        case None:
            return ["null"]
        case bool():
            return ["bool", value]
        case int():
            return ["int", value]
        case UInt():
            # The other binding hands both kinds of integers back as one.
            return ["int", value.value]
        case float():
            return ["double", repr(value)]
        case str():
            return ["string", value]
        case bytes():
            return ["bytes", value.hex()]
        case dt.datetime():
            return ["timestamp", (value - EPOCH) // MICROSECOND]
        case dt.timedelta():
            return ["duration", value // MICROSECOND]
        case TypeValue():
            return ["type"]
        case list() | tuple():
            return ["list", [encode(item) for item in value]]
        case dict():
            pairs = [[encode(key), encode(item)] for key, item in value.items()]
            return ["map", sorted(pairs, key=json.dumps)]
        case Optional():
            return ["optional"]
        case _:
            return ["strange", type(value).__name__]


def to_json(value: object) -> object:
    match value:
        case dt.datetime():
            return {"$timestamp": value.isoformat()}
        case dt.timedelta():
            return {"$duration": value // MICROSECOND}
        case bytes():
            return {"$bytes": value.hex()}
        case _:
            return value


@dataclass(slots=True, kw_only=True)
class Comparison:
    """A tally of comparisons, and the first differences."""

    count: int = 0
    errors: int = 0
    refused: int = 0
    different: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, text: str, inputs: object, ours: object, theirs: object) -> None:
        if isinstance(theirs, list) and theirs[0] == "raised":
            if ours != ["error"] and theirs[1].startswith(_NEVER_ABSORBED_THERE):
                return
            theirs = ["error"]
        if theirs == ["unreadable"] and ours == ["error"]:
            # `format` there makes text of bytes that are no UTF-8, which ours refuses.
            return
        self.count += 1
        self.errors += ours == ["error"]
        if ours == theirs:
            return
        self.different += 1
        if len(self.differences) < _SHOWN and not any(
            each.startswith(text + "\n") for each in self.differences
        ):
            shown = json.dumps(inputs, default=str)[:600]
            self.differences.append(f"{text}\n  ours   {ours}\n  theirs {theirs}\n  on {shown}")


def report(line: str) -> None:
    """Write a line that a reader of the test run shall see."""
    sys.stdout.write(f"\n{line}\n")


class Oracle:
    """The other runtime with an environment that declares what ours does."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        functions: dict[str, object] = {}
        for each in environment.functions:
            assert each.name not in functions, f"{each.name}: overloads are not compared"
            functions[each.name] = [[str(type_) for type_ in each.params], str(each.result)]
        self.declared = {
            "variables": {name: str(type_) for name, type_ in environment.variables.items()},
            "functions": functions,
        }
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Oracle:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.cel_oracle_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._send(self.declared)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def _send(self, message: object) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, batch: Sequence[tuple[str, Sequence[Mapping[str, object]]]]) -> list[Any]:
        """Return per text the encoded results, or the message of its refusal."""
        assert self.process is not None
        assert self.process.stdout is not None
        self._send(
            [
                [text, [{name: to_json(v) for name, v in each.items()} for each in inputs]]
                for text, inputs in batch
            ]
        )
        line = self.process.stdout.readline()
        assert line, f"the other runtime died with status {self.process.wait()}"
        return list(json.loads(line))

    def compare(
        self,
        tally: Comparison,
        texts: Sequence[str],
        inputs: Sequence[Mapping[str, object]],
    ) -> None:
        """Compare every text on all inputs; a text both refuse counts once."""
        prepared = [self._prepare(text) for text in texts]
        answers = self.ask([(text, inputs) for text, _, _ in prepared])
        for (text, program, refusal), theirs in zip(prepared, answers, strict=True):
            if program is None or isinstance(theirs, str):
                tally.refused += 1
                if refusal.endswith(_DECLARED_ONLY_THERE) and not isinstance(theirs, str):
                    continue
                their_verdict = "refused" if isinstance(theirs, str) else "accepted"
                our_verdict = "refused" if program is None else "accepted"
                message = theirs if isinstance(theirs, str) else refusal
                tally.add(text, message, our_verdict, their_verdict)
                continue
            for each, their_answer in zip(inputs, theirs, strict=True):
                activation = Activation(variables=each, functions=FUNCTIONS)
                ours, message = self._ours(program, activation)
                if message not in _REFUSED_ONLY_HERE or their_answer[0] == "error":
                    tally.add(text, each, ours, their_answer)

    def _prepare(self, text: str) -> tuple[str, Any, str]:
        try:
            program = self.environment.compile(text)
        except (CelSyntaxError, CelTypeError) as error:
            return text, None, str(error)
        if program.result.kind is Kind.OPTIONAL:
            # The other binding cannot hand an optional back.
            wrapped = f"[?{text}]"
            return wrapped, self.environment.compile(wrapped), ""
        return text, program, ""

    def _ours(self, program: Any, activation: Activation) -> tuple[Any, str]:
        try:
            return encode(program.evaluate(activation)), ""
        except CelEvaluationError as error:
            return ["error"], error.message
