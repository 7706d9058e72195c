"""The PDF report: archival, accessible, carrying the result, the same bytes every time."""

from __future__ import annotations

import io
import socket
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from ojkaudit import canonical
from ojkaudit.errors import RenderError
from ojkaudit.model.outcome import Language
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports import pdf_report, render_json, render_pdf
from tests.support.needs import need_program
from tests.support.results import large_result, passing_result, rich_result

FIRST_PAGE = {
    Language.ID: (
        "PT Dana Contoh Nusantara",
        "TIDAK MEMENUHI",
        "3 dari 8 aturan dinilai lengkap",
        "34 Gagal",
        "4 Tidak diketahui",
        "KEGAGALAN UTAMA",
        "Sesi jaringan PostgreSQL memakai TLS",
        "YANG TIDAK DAPAT DILIHAT",
        "Akses ditolak: 2",
        "31 Oktober 2026",
        "berakhir 20 hari lalu",
        "KEP-17/D.05/2021",
        "1 Oktober 2026",
        "20 November 2026, 09.00 WIB",
        "Baru gagal 1",
        "Segel elektronik lembaga",
    ),
    Language.EN: (
        "PT Dana Contoh Nusantara",
        "NOT COMPLIANT",
        "3 of 8 rules judged in full",
        "34 Fail",
        "4 Unknown",
        "TOP FAILURES",
        "PostgreSQL network sessions use TLS",
        "WHAT COULD NOT BE SEEN",
        "Access refused: 2",
        "31 October 2026",
        "expired 20 days ago",
        "KEP-17/D.05/2021",
        "20 November 2026, 09:00 WIB",
        "Newly failing 1",
        "Electronic seal of the institution",
    ),
}


def pdf(result: AssessmentResult, language: Language) -> bytes:
    return render_pdf(result, language, result_json=render_json(result))


@cache
def rich_pdf(language: Language) -> bytes:
    return pdf(rich_result(), language)


@cache
def demonstration_pdf(language: Language) -> bytes:
    return pdf(replace(wordiest_first_page(), demonstration=True), language)


def wordiest_first_page() -> AssessmentResult:
    """Return a result that fills every part of the first page, without many pages behind it."""
    result = large_result(rules=12, failing=1, unknown=8)
    return replace(
        result,
        controls=result.controls[:4],
        coverage=result.coverage[:12],
        parameters=(),
        register=result.register[:5],
    )


def pages_of(data: bytes, tmp_path: Path) -> list[str]:
    """Return the text of each page, words joined by single spaces."""
    program = need_program("pdftotext", "poppler-utils")
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    text = subprocess.run([program, "-layout", path, "-"], check=True, capture_output=True).stdout
    return [" ".join(page.split()) for page in text.decode("utf-8").split("\f")[:-1]]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


@pytest.mark.parametrize("language", list(Language))
def test_the_first_page_tells_where_the_institution_stands(
    language: Language, tmp_path: Path
) -> None:
    first = pages_of(rich_pdf(language), tmp_path)[0]
    assert [words for words in FIRST_PAGE[language] if words not in first] == []


@pytest.mark.parametrize("language", list(Language))
def test_the_first_page_stays_one_page_with_everything_on_it(
    language: Language, tmp_path: Path
) -> None:
    pages = pages_of(demonstration_pdf(language), tmp_path)
    last_words = {Language.ID: "bagian Metode.", Language.EN: "section Method."}[language]
    contents = {Language.ID: "DAFTAR ISI", Language.EN: "CONTENTS"}[language]
    assert last_words in pages[0]
    assert contents in pages[1]
    assert contents not in pages[0]


@pytest.mark.parametrize("language", list(Language))
def test_every_page_of_a_demonstration_is_stamped(language: Language, tmp_path: Path) -> None:
    stamp = {
        Language.ID: "DEMONSTRASI \u2013 BUKAN LAPORAN RESMI",
        Language.EN: "DEMONSTRATION \u2013 NOT AN OFFICIAL REPORT",
    }[language]
    pages = pages_of(demonstration_pdf(language), tmp_path)
    assert len(pages) > 5
    assert all(stamp in page for page in pages)
    assert not any(stamp in page for page in pages_of(rich_pdf(language), tmp_path))


def test_every_page_carries_number_run_and_digest(tmp_path: Path) -> None:
    pages = pages_of(rich_pdf(Language.ID), tmp_path)
    digest = canonical.sha256(render_json(rich_result()))
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page.replace(" ", "")
        assert rich_result().assessment_id in page
        assert digest[:16] in page


def test_the_whole_digest_of_the_embedded_result_is_printed(tmp_path: Path) -> None:
    text = " ".join(pages_of(rich_pdf(Language.ID), tmp_path))
    assert canonical.sha256(render_json(rich_result())) in text


def test_the_embedded_result_has_the_exact_bytes() -> None:
    with opened(rich_pdf(Language.ID)) as document:
        assert list(document.attachments) == ["result.json"]
        attached = document.attachments["result.json"]
        assert attached.get_file().read_bytes() == render_json(rich_result())
        assert attached.obj.AFRelationship == "/Source"
        assert [str(item.F) for item in document.Root.AF] == ["result.json"]


def test_dates_are_those_of_the_assessment() -> None:
    with opened(rich_pdf(Language.ID)) as document:
        attached = document.attachments["result.json"].get_file()
        dates = [
            str(document.docinfo["/CreationDate"]),
            str(document.docinfo["/ModDate"]),
            str(attached.obj.Params.CreationDate),
            str(attached.obj.Params.ModDate),
        ]
    assert {date[:16] for date in dates} == {"D:20261120020000"}


@pytest.mark.parametrize("language", list(Language))
def test_the_file_is_tagged_and_declares_its_language_and_standards(language: Language) -> None:
    with opened(rich_pdf(language)) as document:
        assert str(document.Root.Lang) == language.value
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in document.Root
        metadata = document.Root.Metadata.read_bytes().decode("utf-8")
        assert str(document.docinfo["/Title"]).endswith("PT Dana Contoh Nusantara")
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert metadata.count("<rdf:RDF") == 1


def test_every_drawing_has_a_text_and_every_font_is_embedded() -> None:
    with opened(rich_pdf(Language.ID)) as document:
        figures = [o for o in document.objects if _is(o, "/S", "/Figure")]
        fonts = [o for o in document.objects if _is(o, "/Type", "/FontDescriptor")]
        assert len(figures) == 2
        assert all(str(figure.Alt) for figure in figures)
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


def test_lists_hold_only_items_as_accessibility_demands() -> None:
    # A validator of PDF/UA-1 found this rule broken by <dl> and by items set in one line.
    with opened(rich_pdf(Language.ID)) as document:
        lists = [o for o in document.objects if _is(o, "/S", "/L")]
        kids = {str(kid.S) for item in lists for kid in _elements(item.K)}
        assert len(lists) > 10
    assert kids == {"/LI"}


def _elements(kids: pikepdf.Object) -> list[pikepdf.Object]:
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is(item: pikepdf.Object, key: str, value: str) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get(key) == pikepdf.Name(value)


def test_pages_are_a4() -> None:
    with opened(rich_pdf(Language.ID)) as document:
        for page in document.pages:
            width, height = (float(side) for side in page.mediabox[2:])
            assert (round(width), round(height)) == (595, 842)


def test_no_object_stream_is_so_large_that_checking_becomes_slow() -> None:
    with opened(rich_pdf(Language.ID)) as document:
        sizes = [int(o.N) for o in document.objects if _is(o, "/Type", "/ObjStm")]
    # pikepdf hides object streams once read; count them in the raw bytes as well.
    assert all(size <= 100 for size in sizes)
    assert rich_pdf(Language.ID).count(b"/ObjStm") > 5


def test_hostile_names_are_printed_as_they_are(tmp_path: Path) -> None:
    text = " ".join(pages_of(rich_pdf(Language.ID), tmp_path))
    assert "<b>x</b>{{7*7}}" in text


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert pdf(rich_result(), Language.ID) == rich_pdf(Language.ID)


def test_another_result_json_than_the_result_is_refused() -> None:
    other = render_json(replace(rich_result(), assessment_id="other"))
    with pytest.raises(RenderError, match="another result"):
        render_pdf(rich_result(), Language.ID, result_json=other)


@pytest.mark.parametrize(
    "element",
    [
        '<img src="file:///etc/passwd">',
        '<img src="https://example.invalid/x.png">',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="http://example.invalid/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<div style="background: url(file:///etc/passwd)"></div>',
        '<style>@import "http://example.invalid/x.css";</style>',
        "<style>@font-face { font-family: x; src: url(http://example.invalid/x.ttf) }</style>",
        '<object data="file:///etc/passwd"></object>',
        '<svg><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ],
)
def test_a_page_that_asks_for_anything_stops_the_report(
    element: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"<html lang=id><title>x</title><body>{element}<p>x</p></body></html>"
    monkeypatch.setattr(pdf_report, "fill_page", _always(page))
    with pytest.raises(RenderError, match="outside itself"):
        pdf(passing_result(), Language.ID)


def _always(page: str) -> Callable[..., str]:
    return lambda *_: page


def test_rendering_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert pdf(passing_result(), Language.EN)
