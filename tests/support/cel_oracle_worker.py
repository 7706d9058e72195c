"""The other runtime, in a process of its own: it crashes when nulls are handed back too often.

Reads JSON lines, writes JSON lines. The first line declares the environment, every further one is
a batch: texts, and the inputs each text is evaluated on. No null ever crosses `.value()`, and a
result is an error when its *type* says so: the value of an error is ordinary text.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional, ext_strings

from tests.support.cel_oracle_functions import FUNCTIONS

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def encode(value: Any) -> Any:
    kind = value.type()
    if kind == cel.Type.NULL:
        return ["null"]
    if kind == cel.Type.TYPE:
        return ["type"]
    try:
        content = value.value()
    except TypeError:
        # The binding calls an optional an error too, but has no Python value for it. The other
        # thing it cannot hand back is text that is no UTF-8.
        return ["optional"] if kind == cel.Type.ERROR else ["unreadable"]
    return ["error"] if kind == cel.Type.ERROR else encode_plain(content)


def encode_plain(content: Any) -> Any:
    match content:
        case bool():
            return ["bool", content]
        case int():
            return ["int", content]
        case float():
            return ["double", repr(content)]
        case str():
            # The sign of a NaN is chance: what the processor makes of 0.0 / -0.0.
            return ["string", content.replace("-nan", "nan")]
        case bytes() | bytearray():
            return ["bytes", bytes(content).hex()]
        case dt.datetime():
            return ["timestamp", (content - EPOCH) // MICROSECOND]
        case dt.timedelta():
            return ["duration", content // MICROSECOND]
        case list():
            return ["list", [encode(item) for item in content]]
        case dict():
            pairs = [[encode_plain(key), encode(item)] for key, item in content.items()]
            return ["map", sorted(pairs, key=json.dumps)]
        case _:
            return ["strange", type(content).__name__]


def cel_type(name: str) -> Any:
    """Return the type of a signature such as `map(string, dyn)`."""
    name = name.strip()
    if name.startswith("list("):
        return cel.Type.List(cel_type(name[5:-1]))
    if name.startswith("map("):
        key, _, value = name[4:-1].partition(",")
        return cel.Type.Map(cel_type(key), cel_type(value))
    if name == "google.protobuf.Timestamp":
        return cel.Type.TIMESTAMP
    if name == "google.protobuf.Duration":
        return cel.Type.DURATION
    return getattr(cel.Type, name.upper())


def environment(declared: dict[str, Any]) -> Any:
    functions = [
        cel.FunctionDecl(
            name,
            [
                cel.Overload(
                    id=name,
                    return_type=cel_type(result),
                    parameters=[cel_type(parameter) for parameter in parameters],
                    is_member=False,
                    impl=FUNCTIONS[name],
                )
            ],
        )
        for name, (parameters, result) in declared["functions"].items()
    ]
    return cel.NewEnv(
        variables={name: cel_type(type_) for name, type_ in declared["variables"].items()},
        functions=functions,
        extensions=[ext_optional.ExtOptional(), ext_strings.ExtStrings()],
    )


def decoded(variables: dict[str, Any]) -> dict[str, Any]:
    """Return inputs with the moments and durations that JSON has no words for."""
    return {name: decoded_value(value) for name, value in variables.items()}


def decoded_value(value: Any) -> Any:
    if isinstance(value, dict) and "$timestamp" in value:
        return dt.datetime.fromisoformat(value["$timestamp"])
    if isinstance(value, dict) and "$duration" in value:
        return dt.timedelta(microseconds=value["$duration"])
    if isinstance(value, dict) and "$bytes" in value:
        return bytes.fromhex(value["$bytes"])
    return value


def evaluate(expression: Any, activation: Any) -> Any:
    try:
        return encode(expression.eval(activation))
    except RuntimeError as error:
        # The evaluation as a whole broke off: no operator around it could absorb this.
        return ["raised", str(error)]


def main() -> None:
    env = environment(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        batch = json.loads(line)
        answers: list[Any] = []
        for text, inputs in batch:
            try:
                expression = env.compile(text)
            except RuntimeError as error:
                answers.append(str(error).splitlines()[0])
                continue
            answers.append([evaluate(expression, env.Activation(decoded(each))) for each in inputs])
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
