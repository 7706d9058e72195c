"""The HTML report: self-contained, inert, honest about foreign text."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ojkaudit import canonical
from ojkaudit.errors import ContentError, RenderError
from ojkaudit.model.outcome import Language, VerdictStatus
from ojkaudit.model.result import AssessmentResult
from ojkaudit.reports import render_html, render_json, templates
from ojkaudit.reports.html_report import HtmlRenderer
from tests.support.results import HOSTILE_NAME, passing_result, rich_result

VOID = {"meta", "rect", "path", "circle", "br", "link", "img"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and checks that tags close in order."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("result", [rich_result(), passing_result()], ids=["rich", "passing"])
def test_the_page_is_well_formed(result: AssessmentResult, language: Language) -> None:
    page = Page(render_html(result, language))
    assert page.faults == []
    identifiers = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(identifiers) == len(set(identifiers))
    assert ("html", {"lang": language.value}) in page.tags


@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_loaded_and_nothing_runs(language: Language) -> None:
    html = render_html(rich_result(), language)
    page = Page(html)
    identifiers = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    for tag, attrs in page.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
        assert not {name for name in attrs if name.startswith("on")}
        assert not {"src", "style", "action", "srcset", "xlink:href"} & set(attrs)
        if "href" in attrs:
            assert (attrs["href"] or "")[:1] == "#"
            assert (attrs["href"] or "")[1:] in identifiers
    style = re.search(rb"<style>(.*?)</style>", html, re.S)
    assert style is not None
    assert b"url(" not in style[1]
    assert b"@import" not in style[1]


def test_the_policy_allows_this_style_sheet_and_nothing_else() -> None:
    html = render_html(rich_result(), Language.ID)
    style = re.search(rb"<style>(.*?)</style>", html, re.S)
    assert style is not None
    allowed = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    policy = next(
        attrs["content"] or ""
        for tag, attrs in Page(html).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{allowed}'" in policy
    assert "unsafe" not in policy


def test_rendering_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert render_html(rich_result(), Language.ID)


def test_names_of_the_platform_are_text_never_markup_or_template() -> None:
    html = render_html(rich_result(), Language.ID)
    assert b"<b>" not in html
    assert b"&lt;b&gt;x&lt;/b&gt;{{7*7}}" in html
    assert f"pinjaman/{HOSTILE_NAME}" in Page(html).text


def test_every_string_of_the_result_is_escaped() -> None:
    marker = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}{% raw %}"

    result = rich_result()
    hostile = replace(
        result,
        assessment_id=marker,
        tool_version=marker,
        institution=replace(result.institution, name=marker, licence_number=marker),
        findings=tuple(
            replace(
                f,
                observed=marker,
                missing_right=marker,
                waiver=marker,
                subject=replace(f.subject, target=marker, namespace=marker, name=marker),
            )
            for f in result.findings
        ),
        controls=tuple(replace(c, citation=marker, id=f"D/{marker}") for c in result.controls),
        coverage=tuple(replace(c, detail=marker, missing_right=marker) for c in result.coverage),
        register=tuple(replace(e, holder=marker, file=marker) for e in result.register),
        targets=tuple(replace(t, address=marker, version=marker) for t in result.targets),
        waivers=tuple(replace(w, id=marker) for w in result.waivers),
    )
    page = Page(render_html(hostile, Language.EN))
    assert page.faults == []
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert sum(text.count(marker) for text in page.text) > 60


@pytest.mark.parametrize("language", list(Language))
def test_a_demonstration_is_stamped_and_a_report_is_not(language: Language) -> None:
    stamp = {Language.ID: "BUKAN LAPORAN RESMI", Language.EN: "NOT AN OFFICIAL REPORT"}[language]
    plain = "".join(Page(render_html(rich_result(), language)).text)
    shown = "".join(Page(render_html(replace(rich_result(), demonstration=True), language)).text)
    assert stamp not in plain
    assert stamp in shown


def test_the_digest_of_the_result_is_printed() -> None:
    result = rich_result()
    digest = canonical.sha256(render_json(result))
    text = "".join(Page(render_html(result, Language.ID)).text)
    assert digest in text
    assert f"SHA-256 {digest[:16]}" in text


def test_a_result_that_contradicts_itself_is_not_shown() -> None:
    result = rich_result()
    false = replace(result, verdict=replace(result.verdict, status=VerdictStatus.COMPLIANT))
    with pytest.raises(ContentError, match="says compliant"):
        render_html(false, Language.ID)


def test_another_result_json_than_the_result_is_refused() -> None:
    other = render_json(replace(rich_result(), assessment_id="other"))
    with pytest.raises(RenderError, match="another result"):
        HtmlRenderer().render(rich_result(), Language.ID, result_json=other)


def test_a_template_that_asks_for_what_is_not_there_stops_the_report() -> None:
    with pytest.raises(RenderError, match=r"letter\.id\.txt\.j2: 'letter' is undefined"):
        templates.fill("letter.id.txt.j2", {}, markup=False)
