from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ojkaudit import signing
from ojkaudit.pipeline import seal
from tests.support.results import rich_result

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_the_signature_carries_the_time_it_is_made_not_that_the_key_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = signing.make_demo_key(now=NOW, common_name="uji")
    for name in (seal.RESULT, seal.PDF, seal.HTML, seal.FINDINGS, seal.EVIDENCE):
        (tmp_path / name).write_bytes(b"x")
    times = []

    def sign_pdf(pdf: bytes, *_: object, signing_time: datetime, **__: object) -> bytes:
        times.append(signing_time)
        return pdf

    monkeypatch.setattr(signing, "sign_pdf", sign_pdf)
    sealing = seal.SealingKey(key=key.key)
    clock = iter([LATER]).__next__
    seal.seal(tmp_path, rich_result(), sealing=sealing, clock=clock)
    assert times == [LATER]
