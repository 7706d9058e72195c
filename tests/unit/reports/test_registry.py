"""Every report format keeps the same promises."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from ojkaudit.errors import RenderError, UsageError
from ojkaudit.model.outcome import Language
from ojkaudit.reports import RENDERERS, make_renderer, render_json
from tests.support.needs import ROOT
from tests.support.results import passing_result

MAGIC = {"html": b"<!doctype html>", "json": b"{", "pdf": b"%PDF-1.7"}
HEAVY = ("jinja2", "markupsafe", "weasyprint", "pikepdf")


def test_formats_are_listed_in_alphabetical_order() -> None:
    assert list(RENDERERS) == sorted(RENDERERS)


@pytest.mark.parametrize("name", RENDERERS)
def test_a_format_renders_the_result_and_nothing_else(name: str) -> None:
    renderer = make_renderer(name)
    result = passing_result()
    data = renderer.render(result, Language.ID, result_json=render_json(result))
    assert renderer.name == name
    assert renderer.file_name.endswith(f".{name}")
    assert "/" in renderer.media_type
    assert data.startswith(MAGIC[name])


@pytest.mark.parametrize("name", RENDERERS)
def test_a_format_refuses_bytes_of_another_result(name: str) -> None:
    other = render_json(replace(passing_result(), assessment_id="other"))
    with pytest.raises(RenderError, match="another result"):
        make_renderer(name).render(passing_result(), Language.ID, result_json=other)


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        make_renderer("docx")
    assert "html, json, pdf" in caught.value.hint


def test_importing_the_room_and_listing_formats_loads_nothing_heavy() -> None:
    script = (
        "import sys; from ojkaudit import reports; "
        "[factory() for factory in reports.RENDERERS.values()]; "
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
