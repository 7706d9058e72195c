"""Judges evidence by rules: pure, without files, clock, network or environment."""

from __future__ import annotations

from ojkaudit.engine.assess import assess
from ojkaudit.engine.cases import judge_case
from ojkaudit.engine.evaluate import Progress, evaluate
from ojkaudit.engine.inputs import (
    AssessmentInputs,
    assessment_id,
    inputs_document,
    inputs_from_document,
)
from ojkaudit.engine.judgement import Judgement, result_from
from ojkaudit.engine.memory import MemorySnapshot

__all__ = [
    "AssessmentInputs",
    "Judgement",
    "MemorySnapshot",
    "Progress",
    "assess",
    "assessment_id",
    "evaluate",
    "inputs_document",
    "inputs_from_document",
    "judge_case",
    "result_from",
]
