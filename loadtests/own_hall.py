"""A hall of its own for a run: started, asked and forgotten through the `hall` command, never the user's data.

It lies in a new folder below the system's temporary one, on a free port, with its own PostgreSQL and RabbitMQ. Limits
are those of a real hall: each actor comes from an address of their own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What the user may set to see what it does; everything else of theirs is for their own hall.
TUNING = ("HALL_GATEWAY_WORKERS", "HALL_WORKERS", "HALL_LOG_LEVEL")
# How much longer than the last start the next may take, and what the actors need to take their places.
ALLOWANCE, MARGIN_S = 1.5, 40.0
TRIES = 3


class HallFailed(RuntimeError):
    """A command of the hall failed; the message is what it printed."""


@dataclass
class OwnHall:
    """The hall of one run."""

    folder: Path
    port: int
    copies: list[subprocess.Popen[bytes]] = field(default_factory=list)
    start_took_s: float = 60.0

    @property
    def url(self) -> str:
        """The root of its gateway."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def supervisor(self) -> int:
        """The process id of its supervisor."""
        return int((self.folder / "supervisord.pid").read_text())

    def command(self, *arguments: str, clock: str = "real") -> str:
        """Run the `hall` command on it and return what it prints.

        Raises:
            HallFailed: it ended with an error.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in TUNING
            or not (name.startswith(("HALL_", "OIDC_")) or name in ("DATABASE_URL", "AMQP_URI"))
        }
        settings = {"HALL_RUN_DIR": str(self.folder), "HALL_PORT": str(self.port), "HALL_CLOCK": clock}
        done = subprocess.run(  # noqa: S603 - the hall's own command
            [sys.executable, "-m", "deploy.local.hall", *arguments],
            env=kept | settings | {"HALL_DEMO": "1", "HALL_DEMO_PASSWORD": "demo"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise HallFailed(f"hall {' '.join(arguments)}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.stdout

    def settings_of(self, program: str) -> dict[str, str]:
        """Return the settings one of its processes runs with."""
        found: dict[str, str] = json.loads(self.command("environment", program))
        return found

    def database(self, service: str) -> str:
        """Return the DSN of a service's database."""
        return self.settings_of(service)["DATABASE_URL"]

    def start(self, clock: str) -> None:
        """Start it under a clock, and note how long that took."""
        begun = time.monotonic()
        try:
            self.command("up", clock=clock)
        except HallFailed:
            # On a busy machine somebody else may take a port in the moment between its choice and its use.
            self.command("down")
            self.command("up", clock=clock)
        self.start_took_s = time.monotonic() - begun

    def start_copy(self, service: str) -> None:
        """Start one more copy of a service, as `hall up` starts the first."""
        settings = self.settings_of(service)
        settings.pop("METRICS_PORT", None)
        with (self.folder / "log" / f"{service}-copies.log").open("ab") as log:
            copy = subprocess.Popen(  # noqa: S603 - the hall's own program
                [sys.executable, "-m", "services.chassis.run", service],
                env=os.environ | settings,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.copies.append(copy)

    def forget(self) -> None:
        """Stop it and delete its data."""
        for copy in self.copies:
            copy.terminate()
        for copy in self.copies:
            with suppress(subprocess.TimeoutExpired):
                copy.wait(timeout=30)
        self.command("reset", "--yes")
        for left in self.folder.iterdir():
            left.unlink()
        self.folder.rmdir()


@contextmanager
def own_hall(*, clock: str, keep: bool = False) -> Iterator[OwnHall]:
    """Give a hall that is open for this run; it is forgotten at the end, also when the run is stopped.

    Args:
        clock: what `HALL_CLOCK` is at its first start.
        keep: leave it running at the end, to look at.
    """
    hall = OwnHall(Path(tempfile.mkdtemp(prefix="hallflow-load-")), free_port())
    # Ctrl-C and `kill` end the run in good order: no process of the hall is left behind.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        hall.start(clock)
        yield hall
    finally:
        signal.signal(signal.SIGTERM, before)
        if not keep:
            hall.forget()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin_day(hall: OwnHall, opening: datetime, *, speed: float) -> None:
    """Start the hall again with a fast clock, so that it is ready before a moment of that clock.

    The clock runs while the processes start, so it begins somewhat longer before the moment than the last start took.

    Args:
        hall: runs with another clock.
        opening: the moment on the hall's clock, aware.
        speed: how many seconds of the hall pass in a real one.

    Raises:
        HallFailed: it never was in time.
    """
    for _ in range(TRIES):
        lead_s = ALLOWANCE * hall.start_took_s + MARGIN_S
        begins = opening - timedelta(seconds=speed * lead_s)
        hall.command("down")
        hall.start(f"{begins.isoformat(timespec='seconds')}@{speed:g}")
        if real_moment(hall.settings_of("ticketing"), opening) > time.time() + MARGIN_S / 2:
            return
    raise HallFailed(f"a start takes very different times, {hall.start_took_s:.0f} s the last one")


def real_moment(settings: Mapping[str, str], shown: datetime) -> float:
    """Return when the clock of these settings shows a moment, in unix seconds.

    Args:
        settings: `HALL_CLOCK` and `HALL_CLOCK_STARTED` of a process.
        shown: aware.
    """
    start, _, speed = settings["HALL_CLOCK"].partition("@")
    ahead = (shown - datetime.fromisoformat(start)).total_seconds()
    return float(settings["HALL_CLOCK_STARTED"]) + ahead / float(speed or 1)
