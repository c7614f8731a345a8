"""The keys of personal data: which are in use, and a new one in place of the active one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import click

from deploy.local import start, state, supervision
from deploy.local.layout import GATEWAY, SERVICES, Layout, default_run_dir
from deploy.local.state import State
from services.chassis.bus import Bus, BusError, RemoteProblem

_TIMEOUT_S = 5.0


class KeysFailed(RuntimeError):
    """The keys cannot be changed now; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What one service says: the key it seals under, and its rows by the key they are under; None when it is silent."""

    service: str
    active: str | None
    rows: Mapping[str, int]

    @property
    def old(self) -> int:
        """How many rows are under another key than the active one."""
        return sum(count for key, count in self.rows.items() if key != self.active)


def rotated(known: State) -> State:
    """Return the state with a new key before the others, which still open what was sealed under them."""
    numbers = [int(name[1:]) for name in known.personal_keys if name[1:].isdecimal()]
    fresh = f"k{max(numbers, default=0) + 1}"
    return replace(known, personal_keys={fresh: state.new_key(), **known.personal_keys})


def rotate(layout: Layout, *, timeout_s: float = 90.0) -> State:
    """Make a new key the active one, and start every process that runs again with it.

    The services seal their old rows anew by themselves. The old keys stay in the state, since copies of the databases
    may need them.

    Raises:
        KeysFailed: nothing was started here yet, or the hall does not come back in time.
    """
    with start.exclusively(layout):
        known = state.read(layout)
        if known is None:
            raise KeysFailed("nothing was started here yet: make up")
        known = rotated(state.complete(known))
        state.write(layout, known)
        if supervision.pid(layout) is None:
            return known
        supervision.restart(layout, (*SERVICES, GATEWAY))
        deadline = time.monotonic() + timeout_s
        while not start.is_ready(known):
            if time.monotonic() > deadline:
                raise KeysFailed(f"the hall is not ready again: {start.not_ready_because(known)}")
            time.sleep(0.3)
        return known


def status(layout: Layout, known: State) -> list[Sealed]:
    """Ask each service about its sealed rows; those that keep none are left out."""
    bus = Bus(known.bus_uri(layout), name="hall-keys")
    try:
        found = [_asked(bus, service) for service in SERVICES]
    finally:
        bus.close()
    return [each for each in found if each is not None]


def _asked(bus: Bus, service: str) -> Sealed | None:
    try:
        told = bus.call(service, "health", {}, caller={}, call_id="hall-keys", timeout=_TIMEOUT_S).result
    except (BusError, RemoteProblem):
        return Sealed(service=service, active=None, rows={})
    personal: Mapping[str, Any] | None = told.get("personal")
    if personal is None:
        return None
    return Sealed(service=service, active=personal["active"], rows=personal["rows"])


@click.group("keys")
def commands() -> None:
    """Look at the keys of personal data, and change the active one."""


@commands.command("status")
def show() -> None:
    """Show under which keys rows are sealed; exit code 1 while some are under an old one or a service is silent."""
    layout = Layout(default_run_dir())
    known = state.read(layout)
    if known is None or supervision.pid(layout) is None:
        raise click.ClickException("the hall is not running: make up")
    click.echo(f"Keys, the active one first: {', '.join(known.personal_keys)}")
    found = status(layout, known)
    for each in found:
        if each.active is None:
            click.echo(f"{each.service}: does not answer")
        else:
            total = sum(each.rows.values())
            click.echo(
                f"{each.service}: seals under {each.active}; {total} rows, {each.old} under an old key"
            )
    raise SystemExit(any(each.active is None or each.old for each in found))


@commands.command("rotate")
def change() -> None:
    """Seal under a new key from now on; the processes are started again, and old rows are sealed anew."""
    try:
        known = rotate(Layout(default_run_dir()))
    except (KeysFailed, start.StartFailed, supervision.SupervisorFailed, state.StateBroken) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(
        f"The active key is {next(iter(known.personal_keys))}; `hall keys status` counts what is left."
    )
