"""Bytes → proof → status: sign files and reports, and verify a run folder.

Signing: `open_key_source` → `preflight` → `sign_pdf` → `sign_bytes` → `write_sums` → `sign_bytes`.
Checking: `verify_run`. Importing this package loads no cryptography; calling it does.
"""

from ojkaudit.signing.cms import sign_bytes
from ojkaudit.signing.demo_key import make_demo_key
from ojkaudit.signing.guide import verification_text
from ojkaudit.signing.interface import (
    DemoKey,
    KeySettings,
    KeySource,
    PreflightProblem,
    PrivateOperation,
    ProblemSeverity,
    Secret,
    SigningKey,
)
from ojkaudit.signing.layout import REQUIRED_FILES, SUMMED_FILES
from ojkaudit.signing.pades import sign_pdf
from ojkaudit.signing.preflight import preflight
from ojkaudit.signing.registry import KEY_SOURCES, open_key_source
from ojkaudit.signing.report import Decision, StepStatus, VerificationReport, VerificationStep
from ojkaudit.signing.roles import ROLES, SEAL, Role
from ojkaudit.signing.sums import write_sums
from ojkaudit.signing.verify import verify_run

__all__ = [
    "KEY_SOURCES",
    "REQUIRED_FILES",
    "ROLES",
    "SEAL",
    "SUMMED_FILES",
    "Decision",
    "DemoKey",
    "KeySettings",
    "KeySource",
    "PreflightProblem",
    "PrivateOperation",
    "ProblemSeverity",
    "Role",
    "Secret",
    "SigningKey",
    "StepStatus",
    "VerificationReport",
    "VerificationStep",
    "make_demo_key",
    "open_key_source",
    "preflight",
    "sign_bytes",
    "sign_pdf",
    "verification_text",
    "verify_run",
    "write_sums",
]
