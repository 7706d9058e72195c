"""Entry point: small enough that a broken installation still ends in a clear line and code 70."""

from __future__ import annotations

import sys

INTERNAL = 70


def main() -> None:
    """Run the command line and exit with one of the documented codes."""
    try:
        from ojkaudit.cli.app import run
    except Exception as error:  # noqa: BLE001 - the boundary: an import that fails is exit 70
        sys.stderr.write(
            f"ojkaudit: internal error: cannot be started ({type(error).__name__}: {error})\n"
            "  Reinstall ojkaudit; if that does not help, report this line.\n"
        )
        sys.exit(INTERNAL)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
