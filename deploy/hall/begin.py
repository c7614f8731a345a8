"""What a hall needs that has just started: `python -m deploy.hall.begin`.

A demo gets the tables of the reference hall. Any other hall is empty until somebody sets it up: while it has no
administrator the code for that is printed, which counts once and takes the place of any printed before.
"""

import sys

from deploy.hall import load
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.config import settings


def setup_code() -> str | None:
    """Return a new code that sets the hall up, None when it has an administrator.

    Raises:
        BusError, RemoteProblem: identity does not answer, or refuses.
    """
    bus = Bus(settings().amqp_uri)
    try:
        code: str | None = load.bus_call(bus, hall=settings().hall)("identity", "make_setup_code", {})["code"]
    finally:
        bus.close()
    return code


def said_of(code: str | None) -> str:
    """Return what whoever has started the hall is told."""
    if code is None:
        return "The hall has an administrator."
    return f"The hall has no administrator. Open its page /setup.\nset-up code: {code}"


def main() -> int:
    """Begin, and return the exit code."""
    if settings().demo:
        return load.main([])
    try:
        code = setup_code()
    except (BusError, RemoteProblem) as away:
        sys.stderr.write(f"the hall cannot be set up: {type(away).__name__}: {away}\n")
        return 1
    sys.stdout.write(f"{said_of(code)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
