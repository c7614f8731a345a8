"""The process: reads `{"format": …, "report": …}` as JSON from stdin and writes JSON lines to stdout.

`{"progress": …}` tells how far it is, from 0 to 1; the last line is the file, `{"content": …}` in base64.
"""

import json
import os
import sys
from base64 import b64encode
from typing import Any

# One core, and no threads that wait for more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Make one file."""
    asked = json.load(sys.stdin)
    if asked["format"] == "xlsx":
        from services.statistics.reports.rendering.workbook import workbook as make
    else:
        from services.statistics.reports.rendering.document import document as make
    made = make(asked["report"], told=lambda progress: _say(progress=progress))
    _say(content=b64encode(made).decode("ascii"))


def _say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
