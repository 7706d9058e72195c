"""Keep the signing libraries from logging: they log tracebacks for faults we report ourselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_NOISY = ("pyhanko", "pyhanko_certvalidator", "pikepdf")
_SILENT = logging.CRITICAL + 1


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence the loggers of pyHanko and pikepdf for the time of the block."""
    loggers = [logging.getLogger(name) for name in _NOISY]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(_SILENT)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
