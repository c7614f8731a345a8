"""Administrators from the command line: `python -m deploy.hall.admin code|create USERNAME`, run by `hall admin`.

`code` prints a new set-up code while the hall has no administrator. `create` is for a hall whose administrators lost
their passwords, and for one that is set up without a browser. Who may reach the hall's bus may do both.
"""

import argparse
import getpass
import sys
from collections.abc import Sequence

from deploy.hall import begin
from deploy.hall.load import bus_call
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.config import settings


def _password() -> str:
    """Ask for a password twice at a terminal; otherwise it is the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != given:
        raise SystemExit("these are two passwords")
    return given


def create(username: str, *, name: str, password: str) -> None:
    """Make an administrator with a password; an account that is there becomes one, and gets this password.

    Raises:
        BusError: identity does not answer.
        RemoteProblem: it refuses the name or the password.
    """
    bus = Bus(settings().amqp_uri)
    try:
        call = bus_call(bus, hall=settings().hall)
        known = {each["username"]: each["roles"] for each in call("identity", "list_accounts", {})["items"]}
        if username not in known:
            call("identity", "create_account", {"username": username, "name": name, "roles": ["admin"]})
        call("identity", "set_password", {"username": username, "password": password})
        if "admin" not in known.get(username, ["admin"]):
            roles = [*known[username], "admin"]
            call("identity", "change_account", {"username": username, "roles": roles})
    finally:
        bus.close()


def main(arguments: Sequence[str]) -> None:
    """Read the command line and do it; exit code 1 when it was refused."""
    parser = argparse.ArgumentParser(prog="hall admin", description="Administrators of the hall.")
    actions = parser.add_subparsers(dest="action", required=True)
    making = actions.add_parser("create", help="make an administrator, or give one a new password")
    making.add_argument("username", metavar="USERNAME")
    making.add_argument("--name", help="as others read it")
    actions.add_parser("code", help="print a new code that sets the hall up, while it has no administrator")
    asked = parser.parse_args(arguments)
    try:
        if asked.action == "code":
            said = begin.said_of(begin.setup_code())
        else:
            create(asked.username, name=asked.name or asked.username, password=_password())
            said = f"{asked.username} administers the hall"
    except RemoteProblem as refused:
        wrong = "; ".join(
            f"{name}: {' '.join(map(str, said))}" for name, said in (refused.errors or {}).items()
        )
        raise SystemExit(f"refused: {wrong or refused.detail}") from refused
    except BusError as away:
        raise SystemExit(f"identity does not answer: {away}") from away
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
