"""Turns itself into one process of the hall: `python -m deploy.local.launch NAME`; the supervisor's command.

The settings come from `.run/state.json` at each start, so no password stands in the supervisor's own
configuration. The process id stays the same: what the supervisor watches is the process itself.
"""

import os
import shutil
import sys
from pathlib import Path

from deploy.local import databases, postgres, processes, state
from deploy.local.layout import ANALYST, GATEWAY, PLANNER, ROOT, SERVICES, Layout, default_run_dir
from deploy.local.state import State

OWNER_URL = "DATABASE_OWNER_URL"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Processes that work on the database of a service, with the module each is.
HELPERS = {
    PLANNER: ("dispatch", "services.dispatch.planner"),
    ANALYST: ("statistics", "services.statistics.analyst"),
}


def settings_of(program: str, *, known: State, layout: Layout) -> dict[str, str]:
    """Return a program's environment: the user's, without what is not meant for it, and its settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", OWNER_URL, "AMQP_URI")
    }
    settings = kept | {
        processes.MARK: known.mark,
        "AMQP_URI": known.bus_uri(layout),
        "HALL_CLOCK": known.clock,
        "HALL_CLOCK_STARTED": str(known.clock_started),
        "HALL_DEMO": "1" if known.demo else "0",
        "HALL_ENV": "local",
        "HALL_PERSONAL_KEYS": ",".join(f"{name}:{value}" for name, value in known.personal_keys.items()),
        "HALL_PHONE_KEY": known.phone_key,
        "PYTHONUNBUFFERED": "1",
    }
    if known.own_rabbitmq:
        # Our own has an address, not a name; eventlet's resolver takes a fifth of the time to load a service.
        settings["EVENTLET_NO_GREENDNS"] = "yes"
    if program == GATEWAY:
        settings["HALL_PORT"] = str(known.web_port)
        settings[METRICS_FOLDER] = str(layout.run_dir / "gateway-metrics")
    elif program in (*SERVICES, *HELPERS):
        owner = HELPERS[program][0] if program in HELPERS else program
        password = known.role_passwords[owner]
        settings["DATABASE_URL"] = databases.dsn(known.database_admin, owner, password=password)
    if program in known.metrics_ports:
        settings["METRICS_PORT"] = str(known.metrics_ports[program])
    return settings


def migration_settings(service: str, *, known: State, layout: Layout) -> dict[str, str]:
    """Return the environment in which a service is migrated: by the role that owns its database, where it has one."""
    settings = settings_of(service, known=known, layout=layout)
    if service in databases.OWNED:
        password = known.owner_passwords[service]
        settings[OWNER_URL] = databases.owner_dsn(known.database_admin, service, password=password)
    return settings


def command_of(program: str) -> list[str]:
    """Return the command line of a service, one of its helpers or the gateway."""
    if program == GATEWAY:
        module = ["gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
    elif program in HELPERS:
        module = [HELPERS[program][1]]
    else:
        module = ["services.chassis.run", program]
    return [sys.executable, "-m", *module]


def _become_postgres(known: State) -> None:
    cluster = known.cluster
    cluster.prepare()
    os.chdir("/")
    if account := postgres.server_account():
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    os.execv(cluster.command[0], cluster.command)  # noqa: S606 - no shell is wanted


def _become_rabbitmq(known: State, layout: Layout) -> None:
    node = known.node(layout)
    node.prepare()
    node.pid_file.write_text(f"{os.getpid()}\n")
    os.chdir(node.folder)
    os.execve(node.command[0], node.command, {**os.environ, **node.environment()})  # noqa: S606 - no shell is wanted


def _become_hall(program: str, settings: dict[str, str]) -> None:
    if folder := settings.get(METRICS_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)  # a former life's counters would be added to this one's
        Path(folder).mkdir(parents=True)
    command = command_of(program)
    os.execve(command[0], command, settings)  # noqa: S606 - no shell is wanted


def main(arguments: list[str]) -> None:
    """Become the program named on the command line."""
    layout = Layout(default_run_dir())
    known = state.read(layout)
    if len(arguments) != 1 or known is None:
        raise SystemExit("usage: python -m deploy.local.launch PROGRAM, after `hall up`")
    program = arguments[0]
    os.environ[processes.MARK] = known.mark
    if program == "postgres":
        _become_postgres(known)
    elif program == "rabbitmq":
        _become_rabbitmq(known, layout)
    else:
        os.chdir(ROOT)
        _become_hall(program, settings_of(program, known=known, layout=layout))


if __name__ == "__main__":
    main(sys.argv[1:])
