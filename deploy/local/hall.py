"""The `hall` command: a whole hall on one machine, for trying it out and for development."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
import psutil
from rich.console import Console
from rich.table import Table

from deploy.hall import hours
from deploy.local import (
    databases,
    doctor,
    history,
    keys,
    launch,
    postgres,
    processes,
    rabbitmq,
    start,
    state,
    supervision,
)
from deploy.local.layout import GATEWAY, PLANNER, ROOT, SERVICES, Layout, default_run_dir
from deploy.local.state import State

_KNOWN = (
    start.StartFailed,
    state.StateBroken,
    supervision.SupervisorFailed,
    databases.DatabasesFailed,
    postgres.PostgresMissing,
    postgres.PostgresFailed,
    rabbitmq.RabbitMissing,
    rabbitmq.RabbitFailed,
    processes.StillRunning,
    OSError,
    ValueError,
)
PAGES = {
    "/": "start page",
    "/kiosk": "take a number",
    "/board": "the boards, one for each zone",
    "/guide": "the guide to services, and what changed in it",
    "/book": "book a time",
    "/appointment": "find a booking again",
    "/onsite": "ask staff to come",
    "/window": "a clerk's window",
    "/joint": "projects that several departments approve",
    "/operator": "bookings by phone",
    "/messages": "what was sent to people",
    "/dispatch": "on-site orders, plans, routes and crews",
    "/field": "a crew's route, on the phone",
    "/planning": "slots, extended hours, overtime",
    "/closures": "what is closed for a time",
    "/overview": "today's figures",
    "/dashboard": "figures of a period",
    "/reports": "reports, and the import of the past",
    "/anomalies": "unusual movements",
    "/quality": "evaluations, ranking, meetings, staffing advice",
    "/catalogue": "items are added, adjusted, withdrawn",
    "/setup": "opens a hall that is no demo",
    "/premises": "departments, zones, queues, windows, opening hours and the calendar",
    "/workbook": "the hall's tables as one workbook",
    "/accounts": "who signs in, as what, where",
    "/inbox": "what an account was given to do",
    "/audit": "what the staff did in all services",
    "/docs": "the API",
}
ROLES = (
    "admin",
    "manager",
    "analyst",
    "clerk",
    "operator",
    "kiosk",
    "visitor",
    "dispatcher",
    "crew",
    "department_head",
    "front_desk",
    "auditor",
)
# Programs that measure the running hall, and shapes of load that start a hall of their own.
MEASURES = ("bench", "bookings", "statistics", "strangers")
LOADS = ("day", "burst", "soak", "steps", "scale")
_console = Console(highlight=False, soft_wrap=True)


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Show a step while it is at work, and how long it took."""
    began = time.monotonic()
    with _console.status(f"{name} …"):
        yield
    _console.print(f"[green]✓[/] {name} [dim]{time.monotonic() - began:.1f} s[/]")


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what is known to go wrong into a message and exit code 1."""
    try:
        yield
    except _KNOWN as problem:
        raise click.ClickException(str(problem)) from problem


def _layout() -> Layout:
    return Layout(default_run_dir())


def _known(layout: Layout) -> State:
    with _explained():
        known = state.read(layout)
    if known is None:
        raise click.ClickException("nothing was started here yet: make up")
    return known


@click.group()
def main() -> None:
    """Start, watch and stop a hall on this machine."""


@main.command()
def up() -> None:
    """Start the hall, load the reference data, and wait until it is ready."""
    layout = _layout()
    with _explained():
        began = time.monotonic()
        started = start.up(layout, step=_step)
    if started.was_running:
        _console.print(f"The hall is running already: {started.known.url}")
        asked = os.environ.get("HALL_PORT")
        if asked and asked != str(started.known.web_port):
            _console.print(f"[yellow]HALL_PORT={asked} takes effect after `make down`.[/]")
        return
    _console.print(f"The hall is open, {time.monotonic() - began:.0f} s after the start.\n")
    _print_pages(started.known)
    if started.setup_code is not None:
        _console.print(f"\nThe hall is empty. Set it up: [bold]{started.known.url}/setup[/]")
        _console.print(f"set-up code: [bold]{started.setup_code}[/]")


def _print_pages(known: State) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2))
    for path, what in PAGES.items():
        table.add_row(f"{known.url}{path}", what)
    _console.print(table)
    _print_accounts(known)
    if known.clock == "real":
        _console.print("Clock: the real time.")
    else:
        _console.print(f"Clock: {known.clock}; {known.clock_reason}.")
    _console.print("`make status` shows the processes, `make down` stops them all.")


def _print_accounts(known: State) -> None:
    if known.demo:
        password = os.environ.get("HALL_DEMO_PASSWORD", "demo")
        _console.print(
            f"\nDemo accounts, password [bold]{password}[/]: {', '.join(ROLES)}, clerk001 … clerk363"
        )


@main.command()
def down() -> None:
    """Stop every process of the hall; the data stay."""
    with _explained(), _step("Stopping"):
        ran = start.down(_layout())
    _console.print("The hall is stopped." if ran else "Nothing was running.")


@main.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Stop the hall and delete its data."""
    layout = _layout()
    if not yes and sys.stdin.isatty():
        click.confirm(f"Delete everything below {layout.run_dir}?", abort=True)
    with _explained(), _step("Forgetting"):
        start.reset(layout)
    if os.environ.get("DATABASE_URL"):
        _console.print("The databases on the server of DATABASE_URL are left as they are.")


@main.command()
def status() -> None:
    """Show the processes; exit code 1 when the hall is not ready."""
    layout = _layout()
    known = _known(layout)
    programs = supervision.programs(layout)
    if not programs:
        _console.print("The hall is not running.")
        raise SystemExit(1)
    table = Table("process", "state", "pid", "up for", "memory", box=None, padding=(0, 2))
    for program in programs:
        uptime = f"{program.uptime_s // 60} min {program.uptime_s % 60} s" if program.running else ""
        table.add_row(program.name, program.state, str(program.pid or ""), uptime, _memory(program.pid))
    _console.print(table)
    ready = start.is_ready(known)
    _console.print(f"{known.url} is {'ready' if ready else 'not ready: ' + start.not_ready_because(known)}")
    _console.print(_clock_line(known))
    raise SystemExit(0 if ready else 1)


def _memory(pid: int | None) -> str:
    process = None if pid is None else processes.alive(pid)
    if process is None:
        return ""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            # Shared pages are shared out among those who share them, so that the sum is true.
            total += each.memory_full_info().pss
        except psutil.Error:
            continue
    return f"{total // 2**20} MB"


def _clock_line(known: State) -> str:
    zone = hours.Timetable(start.REFERENCE).zone
    shown = hours.shown(known.clock, known.clock_started).astimezone(zone)
    kind = "the real time" if known.clock == "real" else f"set: {known.clock}; {known.clock_reason}"
    return f"The hall's clock shows {shown:%Y-%m-%d %H:%M:%S %z} ({kind})"


@main.command()
def clock() -> None:
    """Show the hall's time and how its clock is set."""
    layout = _layout()
    known = _known(layout)
    if supervision.pid(layout) is None:
        _console.print(f"The hall is not running; its clock last showed {known.seen or 'nothing yet'}")
        raise SystemExit(1)
    _console.print(_clock_line(known))


@main.command("doctor")
def examine() -> None:
    """Look for what is wrong and say how to mend it; exit code 1 when something serious is."""
    findings = doctor.examine(_layout())
    for finding in findings:
        sign = "[green]✓[/]" if finding.fine else "[red]✗[/]" if finding.serious else "[yellow]![/]"
        _console.print(f"{sign} ", end="")
        _console.print(finding.what, markup=False)
        if not finding.fine:
            _console.print(f"    → {finding.mend}", markup=False)
    raise SystemExit(any(finding.serious for finding in findings))


@main.command()
@click.argument(
    "tables",
    type=click.Path(exists=True, path_type=Path),
    default=start.REFERENCE,
    metavar="[FOLDER | FILE.xlsx]",
)
@click.option("--dry-run", is_flag=True, help="Load nothing: check, and say whom the days off touch.")
def load(tables: Path, *, dry_run: bool) -> None:
    """Load a hall's tables from a folder or a workbook (the reference hall when left out); can be run again."""
    layout = _layout()
    known = _known(layout)
    with _explained():
        if dry_run:
            said = start.check(layout, known, tables.resolve())
        else:
            _, said = start.load(layout, known, tables.resolve())
    click.echo(said, nl=False)


@main.command()
@click.argument("name")
@click.option("-n", "--lines", default=100, show_default=True, help="How many lines from the end.")
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is added.")
def logs(name: str, lines: int, follow: bool) -> None:
    """Show the log of a process: postgres, rabbitmq, a service, gateway or supervisord."""
    layout = _layout()
    log = layout.log_of(name)
    if not log.exists():
        known = ", ".join(sorted(path.stem for path in layout.logs.glob("*.log")))
        raise click.ClickException(f"there is no log of {name}; there are: {known or 'none yet'}")
    os.execvp("tail", ["tail", "-n", str(lines), *(["-F"] if follow else []), str(log)])  # noqa: S606


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("action", type=click.Choice(["list", "show", "replay"]))
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def dead(action: str, service: str, rest: tuple[str, ...]) -> None:
    """Look at the messages a SERVICE could not handle, and send them again."""
    _run(service, "services.chassis.dead", action, service, *rest)


def _run(service: str, module: str, *arguments: str) -> NoReturn:
    """Run a module with the settings of a service, and end as it does."""
    layout = _layout()
    settings = launch.settings_of(service, known=_known(layout), layout=layout)
    # Eventlet announces its own retirement to whoever imports the chassis.
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    raise SystemExit(subprocess.run(command, env=settings, cwd=ROOT, check=False).returncode)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("action", type=click.Choice(["verify"]))
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def audit(action: str, rest: tuple[str, ...]) -> None:
    """Verify that the trail of the staff is whole and unchanged; --head NUMBER:LINK for a place noted earlier."""
    _run("identity", f"services.identity.{action}", *rest)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("action", type=click.Choice(["code", "create"]))
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def admin(action: str, rest: tuple[str, ...]) -> None:
    """Print a new set-up code, or make an administrator: create USERNAME, --name for how others read it."""
    _run("identity", "deploy.hall.admin", action, *rest)


@main.command()
@click.argument("program", type=click.Choice([*SERVICES, PLANNER, GATEWAY]))
def environment(program: str) -> None:
    """Print the settings a PROGRAM runs with, as JSON, so that a further copy can be started; they hold passwords."""
    layout = _layout()
    settings = launch.settings_of(program, known=_known(layout), layout=layout)
    own = {
        name: value
        for name, value in settings.items()
        if name.startswith("HALL_") or os.environ.get(name) != value
    }
    click.echo(json.dumps(own))


@main.command()
@click.argument("service", type=click.Choice(["statistics"]))
def rebuild(service: str) -> None:
    """Derive what a SERVICE keeps from the archive of events again, while it goes on."""
    _run(service, f"services.{service}.rebuild")


@main.command()
@click.argument("what", type=click.Choice(["anomalies"]))
@click.option(
    "--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First business date."
)
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last business date.")
def detect(what: str, since: datetime, until: datetime) -> None:
    """Look for ANOMALIES on dates of the past; what was found before stays."""
    if until < since:
        raise click.BadParameter("may not be before --from", param_hint="--to")
    _run("statistics", "services.statistics.detect", f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", type=click.Choice([*MEASURES, *LOADS]))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def measure(program: str, arguments: tuple[str, ...]) -> None:
    """Run a PROGRAM of loadtests/ against the running hall, or in a hall of its own; it gets the ARGUMENTS."""
    if program in LOADS:
        command = [sys.executable, "-m", "loadtests.load", program, *arguments]
        raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)
    layout = _layout()
    known = _known(layout)
    supervisor = supervision.pid(layout)
    if supervisor is None or not start.is_ready(known):
        raise click.ClickException("the hall is not ready: make up")
    given = ["--url", known.url, "--database", known.database_admin, "--supervisor", str(supervisor)]
    given += ["--bus", known.bus_uri(layout)]
    command = [sys.executable, "-m", f"loadtests.{program}", *given, *arguments]
    raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)


main.add_command(keys.commands)
main.add_command(history.imports)
main.add_command(history.generate)

if __name__ == "__main__":
    main()
