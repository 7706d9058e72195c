"""The door to WeasyPrint; import it only when a PDF is to be made."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import NoReturn, cast

import weasyprint
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher

VARIANT = "pdf/a-3a"


# The base is a BaseException on purpose: WeasyPrint swallows every other error of a fetcher and
# renders on without the resource, so that a hostile name could probe files or hosts unnoticed.
class ForbiddenResourceError(FatalURLFetchingError):  # type: ignore[misc]
    """The page asked for something outside itself."""


class _NoFetcher(URLFetcher):  # type: ignore[misc]
    """Refuses every address: the page carries all it needs."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Refuse `url`.

        Raises:
            ForbiddenResourceError: Always.
        """
        del headers
        self.refused.append(url[:200])
        raise ForbiddenResourceError(url[:200])


def to_pdf(page: str, *, name: str, attachment: bytes, at: datetime) -> bytes:
    """Return `page` as PDF/A-3a with `attachment` embedded under `name` as its source.

    Raises:
        ForbiddenResourceError: The page refers to a file, a host or a data URL.
    """
    fetcher = _NoFetcher()
    embedded = Attachment(
        string=attachment, name=name, relationship="Source", created=at, modified=at
    )
    document = HTML(string=page, url_fetcher=fetcher, base_url=None)
    with warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        data = cast("bytes", document.write_pdf(pdf_variant=VARIANT, attachments=[embedded]))
    if fetcher.refused:
        # Inside a drawing WeasyPrint swallows even this error.
        raise ForbiddenResourceError(fetcher.refused[0])
    return data


def version() -> str:
    """Return the version of the renderer; importing this module needs its system libraries."""
    return str(weasyprint.__version__)
