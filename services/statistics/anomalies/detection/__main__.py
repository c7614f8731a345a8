"""The process: reads counts as JSON, prints line by line what it finds in them, and a last line when it is through."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

# One core, and no threads that wait for more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def findings(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give what is found in days or in the hours of a day; each loads only the libraries it needs."""
    if message["task"] == "hours":
        from services.statistics.anomalies.detection import hours

        yield from hours.examine(message)
    else:
        from services.statistics.anomalies.detection import days

        yield from days.Days(message).examine([date.fromisoformat(each) for each in message["examine"]])


def main() -> None:
    """Look at what stands on stdin."""
    for line in findings(json.load(sys.stdin)):
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    sys.stdout.write('{"done":true}\n')


if __name__ == "__main__":
    main()
