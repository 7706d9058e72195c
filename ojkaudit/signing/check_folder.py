"""The steps of a verification that compare names and digests."""

from __future__ import annotations

from collections.abc import Mapping

from ojkaudit.model.text import Text
from ojkaudit.signing.folder import Fault, FolderReading
from ojkaudit.signing.layout import RESULT, SUMMED_FILES, SUMS
from ojkaudit.signing.refusal import RefusedError
from ojkaudit.signing.report import StepStatus, VerificationStep
from ojkaudit.signing.result_facts import ResultFacts, read_result_facts
from ojkaudit.signing.steps import FAULTS, StepCode, make_step, run_step
from ojkaudit.signing.sums import parse_sums

Steps = tuple[VerificationStep, ...]

_SAME = Text(id="sesuai", en="matches")
_ALTERED = Text(
    id="isi berkas berbeda dari yang tercatat", en="the file differs from what is on record"
)


def check_layout(reading: FolderReading) -> Steps:
    """Return one entry for each fault of the folder, or one that says there is none."""
    if not reading.faults:
        whole = Text(id=f"{len(reading.digests)} berkas", en=f"{len(reading.digests)} files")
        return (make_step(StepCode.FOLDER_LAYOUT, StepStatus.OK, ".", whole),)
    return tuple(_fault(name, fault) for name, fault in reading.faults.items())


def _fault(name: str, fault: Fault) -> VerificationStep:
    unread = fault is Fault.UNREADABLE
    status = StepStatus.UNDECIDED if unread else StepStatus.FAILED
    # Whoever added a file chose its name, perhaps with escapes for the reader's terminal.
    shown = name if name.isprintable() else ascii(name)
    return make_step(StepCode.FOLDER_LAYOUT, status, shown, FAULTS[fault], fault.value)


def check_sums(reading: FolderReading) -> Steps:
    """Return whether `SHA256SUMS` lists the right files, and one entry for each that differs."""

    def names() -> tuple[Mapping[str, str], Text]:
        listed = dict(parse_sums(reading.contents[SUMS]))
        wrong = sorted(set(listed) ^ set(SUMMED_FILES))
        if wrong:
            text = ", ".join(wrong)
            raise RefusedError(
                f"SHA256SUMS kurang atau lebih menyebut: {text}",
                f"SHA256SUMS lists too few or too many: {text}",
            )
        return listed, Text(id=f"{len(listed)} berkas", en=f"{len(listed)} files")

    step, listed = run_step(
        StepCode.SUMS_NAMES,
        SUMS,
        names,
        reading=reading,
        needs=(SUMS,),
    )
    if listed is None:
        return step, _not_compared(StepCode.SUMS_DIGESTS, SUMS)
    compared = _compare(reading, StepCode.SUMS_DIGESTS, listed)
    bad = tuple(s for s in compared if s.status is not StepStatus.OK)
    return step, *(bad or (make_step(StepCode.SUMS_DIGESTS, StepStatus.OK, SUMS, _SAME),))


def check_schema(reading: FolderReading) -> tuple[VerificationStep, ResultFacts | None]:
    """Return whether `result.json` can be understood, and what it says."""

    def check() -> tuple[ResultFacts, Text]:
        facts = read_result_facts(reading.contents[RESULT])
        return facts, _identity(facts.assessment_id, reading.folder_name)

    return run_step(StepCode.RESULT_SCHEMA, RESULT, check, reading=reading, needs=(RESULT,))


def _identity(assessment_id: str, folder_name: str) -> Text:
    if assessment_id == folder_name:
        return Text(id=f"asesmen {assessment_id}", en=f"assessment {assessment_id}")
    return Text(
        id=f"asesmen {assessment_id}; nama folder telah diganti",
        en=f"assessment {assessment_id}; the folder has been renamed",
    )


def check_digests(reading: FolderReading, facts: ResultFacts | None) -> Steps:
    """Return whether findings and evidence are those that `result.json` names."""
    if facts is None:
        return (_not_compared(StepCode.RESULT_DIGESTS, RESULT),)
    return _compare(reading, StepCode.RESULT_DIGESTS, facts.digests)


def _compare(reading: FolderReading, code: StepCode, expected: Mapping[str, str]) -> Steps:
    return tuple(_compare_one(reading, code, name, expected[name]) for name in sorted(expected))


def _compare_one(
    reading: FolderReading, code: StepCode, name: str, expected: str
) -> VerificationStep:
    fault = reading.faults.get(name)
    if fault is not None:
        unread = fault is Fault.UNREADABLE
        status = StepStatus.UNDECIDED if unread else StepStatus.FAILED
        return make_step(code, status, name, FAULTS[fault], fault.value)
    if reading.digests.get(name) != expected:
        return make_step(code, StepStatus.FAILED, name, _ALTERED, "altered")
    return make_step(code, StepStatus.OK, name, _SAME)


def _not_compared(code: StepCode, subject: str) -> VerificationStep:
    text = Text(id="tidak dapat dibandingkan", en="could not be compared")
    return make_step(code, StepStatus.UNDECIDED, subject, text, "not_compared")
