"""An import that never gets beyond its first small chunk, for a test to kill; its argument is the file."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import signal
import sys
from typing import Any

from services.statistics import importing
from services.statistics.imports.use_cases import importing as use_cases

ROWS = 50


def _stuck(*given: Any, shown: Any, **other: Any) -> Any:
    def pause(now: Any) -> None:
        shown(now)
        sys.stdout.write(f"rows {now.rows_taken}\n")
        sys.stdout.flush()
        signal.pause()

    return use_cases.take_in(*given, shown=pause, rows=ROWS, **other)


if __name__ == "__main__":
    importing.take_in = _stuck
    sys.exit(importing.main(["cases", sys.argv[1]]))
