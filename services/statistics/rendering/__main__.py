"""The process: reads `{"format": …, "report": …}` as JSON from stdin and writes the file's bytes to stdout."""

import json
import os
import sys

# One core, and no threads that wait for more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Make one file."""
    asked = json.load(sys.stdin)
    if asked["format"] == "xlsx":
        from services.statistics.rendering.workbook import workbook as make
    else:
        from services.statistics.rendering.document import document as make
    sys.stdout.buffer.write(make(asked["report"]))


if __name__ == "__main__":
    main()
