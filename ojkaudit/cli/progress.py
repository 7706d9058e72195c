"""Progress on the terminal: a line that is overwritten; plain lines for stages elsewhere."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from types import TracebackType

from ojkaudit.cli import console
from ojkaudit.cli.options import environment, now
from ojkaudit.model.outcome import Language
from ojkaudit.model.text import Text
from ojkaudit.pipeline.world import World, secret_reader

_STAGES = {
    "collect": Text(id="Mengumpulkan bukti", en="Collecting evidence"),
    "judge": Text(id="Menilai bukti", en="Judging the evidence"),
    "render": Text(id="Menyusun laporan", en="Rendering the report"),
    "seal": Text(id="Menandatangani berkas", en="Signing the files"),
    "verify": Text(id="Memeriksa berkas", en="Verifying the files"),
}
_WIDTH = 100


class Progress(AbstractContextManager["Progress"]):
    """Shows what is going on; silent about counts where nobody looks."""

    def __init__(self) -> None:
        """Look whether somebody looks."""
        self._live = sys.stderr.isatty()
        self._counts: dict[tuple[str, str], int] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave a clean line."""
        self._draw("")

    def stage(self, name: str) -> None:
        """Announce a step."""
        self._draw("")
        text = _STAGES.get(name)
        console.note("• " + (text.in_language(console.language()) if text else name) + " …")

    def collecting(self, target: str, kind: str, count: int) -> None:
        """Show how many resources of a kind were read."""
        self._counts[target, kind] = count
        total = sum(self._counts.values())
        word = "sumber daya" if console.language() is Language.ID else "resources"
        self._draw(f"  {total} {word}  {target} {kind}")

    def judging(self, rule: str, done: int, total: int) -> None:
        """Show a bar of rules judged."""
        filled = 30 * done // max(total, 1)
        self._draw(f"  [{'█' * filled}{'·' * (30 - filled)}] {done}/{total} {rule}")

    def world(self) -> World:
        """Return the world as this process sees it, with progress shown here."""
        return World(
            clock=now,
            read_secret=secret_reader(environment()),
            collecting=self.collecting,
            judging=self.judging,
            stage=self.stage,
        )

    def _draw(self, text: str) -> None:
        if self._live:
            sys.stderr.write("\r" + text[:_WIDTH].ljust(_WIDTH) + ("\r" if not text else ""))
            sys.stderr.flush()
