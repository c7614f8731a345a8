"""Whether this container's process answers: `python3 -m services.chassis.healthy`; exit code 1 when it does not.

The one health check of all containers. A process says that it lives on the listener of its metrics.
"""

import os
import sys
from http.client import HTTPException
from urllib.request import urlopen

PATIENCE_S = 3.0


def main() -> None:
    """Ask at `METRICS_PORT`."""
    try:
        with urlopen(f"http://127.0.0.1:{os.environ['METRICS_PORT']}/healthz", timeout=PATIENCE_S):
            pass
    except (KeyError, OSError, HTTPException) as fault:
        sys.exit(f"no answer: {fault!r}")


if __name__ == "__main__":
    main()
