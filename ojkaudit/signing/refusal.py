"""How a check says no, and how anything unexpected inside a check becomes a no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ojkaudit.model.text import Text
from ojkaudit.signing.quiet import quiet_libraries

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a check failed."""

    detail: Text


class RefusedError(Exception):
    """Raised inside a check that fails; never leaves the room.

    Args:
        id_: The reason in Bahasa Indonesia.
        en: The reason in English.
    """

    def __init__(self, id_: str, en: str) -> None:
        super().__init__(en)
        self.refusal = Refusal(detail=Text(id=id_, en=en))


def guarded(check: Callable[[], T]) -> T | Refusal:
    """Return what `check` returns, or why it refused; whatever else it raises is a refusal too.

    The files checked come from strangers, and the libraries that parse them raise whatever their
    authors did not think of. An exception here must never look like a signature that holds.
    """
    with quiet_libraries():
        try:
            return check()
        except RefusedError as error:
            return error.refusal
        except Exception as error:  # noqa: BLE001 - a hostile file may raise anything; see above
            name = type(error).__name__
            return Refusal(
                detail=Text(
                    id=f"berkas tidak dapat ditafsirkan ({name})",
                    en=f"the file cannot be interpreted ({name})",
                )
            )
