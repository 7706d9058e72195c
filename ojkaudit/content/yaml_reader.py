"""The one reader of YAML files: places kept, duplicates refused, size, depth and aliases bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ojkaudit.content.marked import Marked
from ojkaudit.content.yaml_builder import Builder, BuiltDocument, YamlFault
from ojkaudit.content.yaml_scalars import Scalars
from ojkaudit.errors import ContentError, OjkauditError, Problem

MAX_FILE_BYTES = 5_000_000

# The C parser is about ten times as fast; PyYAML built without libyaml lacks it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_documents(
    path: Path,
    *,
    scalars: Scalars = Scalars.CORE,
    error: type[OjkauditError] = ContentError,
) -> tuple[Marked, ...]:
    """Return every document of a YAML file; an empty one has None as its data.

    Args:
        path: The file, UTF-8 with or without a byte order mark.
        scalars: How plain scalars are read.
        error: What to raise.

    Raises:
        OjkauditError: Of type `error`: the file cannot be read, passes a limit, is no YAML or
            repeats a key; the one problem in it names the line.
    """
    name = str(path)
    return parse_documents(_read(path, name, error), file=name, scalars=scalars, error=error)


def read_document(
    path: Path,
    *,
    scalars: Scalars = Scalars.CORE,
    error: type[OjkauditError] = ContentError,
) -> Marked:
    """Return the only document of a YAML file.

    Raises:
        OjkauditError: Of type `error`: as `read_documents`; or the file is empty or holds more than
            one document.
    """
    documents = read_documents(path, scalars=scalars, error=error)
    if not documents or (len(documents) == 1 and documents[0].data is None):
        raise _failure(error, Problem(file=str(path), line=0, message="the file is empty"))
    if len(documents) > 1:
        message = "a second document begins here; this file may hold only one"
        raise _failure(error, documents[1].problem((), message))
    return documents[0]


def parse_documents(
    text: str,
    *,
    file: str,
    scalars: Scalars = Scalars.CORE,
    error: type[OjkauditError] = ContentError,
) -> tuple[Marked, ...]:
    """Return every document of a YAML text; `file` is its name in messages.

    Raises:
        OjkauditError: Of type `error`, with one problem that names the line.
    """
    documents: list[Marked] = []
    stream = Builder(scalars).documents(_events(text))
    while True:
        try:
            built = next(stream, None)
        except YamlFault as fault:
            problem = Problem(
                file=file, line=fault.line, column=fault.column, message=fault.message
            )
            raise _failure(error, problem) from None
        if built is None:
            return tuple(documents)
        documents.append(_marked(built, file, text))


def _marked(built: BuiltDocument, file: str, text: str) -> Marked:
    return Marked(
        file=file, data=built.data, marks=built.marks, first_line=built.first_line, source=text
    )


def _read(path: Path, name: str, error: type[OjkauditError]) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as reason:
        message = f"cannot be read: {reason.strerror or type(reason).__name__}"
        raise _failure(error, Problem(file=name, line=0, message=message)) from None
    if len(content) > MAX_FILE_BYTES:
        message = f"larger than {MAX_FILE_BYTES // 1_000_000} MB; split the file"
        raise _failure(error, Problem(file=name, line=0, message=message))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content.count(b"\n", 0, reason.start) + 1
        problem = Problem(file=name, line=line, message="not valid UTF-8; save the file as UTF-8")
        raise _failure(error, problem) from None


def _events(text: str) -> Iterator[Any]:
    events = iter(yaml.parse(text, Loader=_LOADER))
    while True:
        try:
            event = next(events, None)
        except yaml.MarkedYAMLError as reason:
            raise YamlFault(_plain_words(reason, text), reason.problem_mark) from None
        except yaml.reader.ReaderError as reason:
            raise _reader_fault(reason, text) from None
        if event is None:
            return
        yield event


def _plain_words(reason: yaml.MarkedYAMLError, text: str) -> str:
    """Return what the parser found, without quoting the file."""
    problem = str(reason.problem or "")
    if "cannot start any token" in problem:
        mark = reason.problem_mark
        is_tab = mark is not None and text[mark.index : mark.index + 1] == "\t"
        return (
            "a tab; indent YAML with spaces"
            if is_tab
            else "no text may begin with this character; put the text in quotes"
        )
    if problem.startswith("found undefined tag handle"):
        return "this tag has no meaning here; put a text that begins with ! in quotes"
    if "mapping values are not allowed" in problem:
        return "a second ': ' in one line, or wrong indentation; put the text in quotes"
    context = f" {reason.context}" if reason.context else ""
    return f"not valid YAML: {problem}{context}"


def _reader_fault(reason: yaml.reader.ReaderError, text: str) -> YamlFault:
    fault = YamlFault("a control character, which YAML does not allow")
    position = reason.position if isinstance(reason.position, int) else -1
    if 0 <= position <= len(text):
        fault.line = text.count("\n", 0, position) + 1
    return fault


def _failure(error: type[OjkauditError], problem: Problem) -> OjkauditError:
    return error("a file cannot be used", problems=(problem,))
