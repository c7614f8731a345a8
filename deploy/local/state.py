"""What a local start remembers between two commands, in `.run/state.json`."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from deploy.local import postgres
from deploy.local.databases import OWNED
from deploy.local.layout import GATEWAY, SERVICES, Layout
from deploy.local.ports import free_port, is_free
from deploy.local.postgres import Cluster
from deploy.local.rabbitmq import Node, NodePorts


class StateBroken(RuntimeError):
    """`.run/state.json` cannot be read: `make reset` makes a new one."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Ports, passwords and settings of one local start.

    `admin_dsn` and `amqp_uri` are set when PostgreSQL or RabbitMQ are not ours but given from outside;
    `seen` is what the hall's clock last showed (ISO 8601), `loaded` the digest of the tables that
    were loaded, `own_tables` whether these were others than the reference hall's. A hall that was begun as no `demo`
    stays none, so that nobody makes one of it by a start that forgets to say so.
    `personal_keys` are the keys of personal data by id in base 64, the active one first; `phone_key` is that of hashes.
    """

    mark: str
    postgres_folder: str
    postgres_port: int
    postgres_password: str
    rabbitmq_ports: dict[str, int | None]
    rabbitmq_password: str
    role_passwords: dict[str, str] = field(default_factory=dict)
    owner_passwords: dict[str, str] = field(default_factory=dict)
    metrics_ports: dict[str, int] = field(default_factory=dict)
    web_port: int = 8000
    admin_dsn: str | None = None
    amqp_uri: str | None = None
    clock: str = "real"
    clock_started: float = 0.0
    clock_reason: str = ""
    seen: str | None = None
    loaded: str | None = None
    own_tables: bool = False
    demo: bool = True
    personal_keys: dict[str, str] = field(default_factory=dict)
    phone_key: str = ""

    @property
    def own_postgres(self) -> bool:
        return self.admin_dsn is None

    @property
    def own_rabbitmq(self) -> bool:
        return self.amqp_uri is None

    @property
    def cluster(self) -> Cluster:
        return Cluster(Path(self.postgres_folder), self.postgres_port, self.postgres_password)

    def node(self, layout: Layout) -> Node:
        known = self.rabbitmq_ports
        ports = NodePorts(known["amqp"] or 0, known["dist"] or 0, known["epmd"] or 0, known["management"])
        return Node(layout.rabbitmq, ports, self.rabbitmq_password)

    def bus_uri(self, layout: Layout) -> str:
        """Return the AMQP URI that every process uses."""
        return self.amqp_uri or self.node(layout).uri

    @property
    def database_admin(self) -> str:
        """The DSN that makes databases and roles."""
        return self.admin_dsn or self.cluster.admin_dsn

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"


def read(layout: Layout) -> State | None:
    """Return what is remembered, None before the first start.

    Raises:
        StateBroken: the file is there but is not ours or not whole.
    """
    try:
        return State(**json.loads(layout.state.read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as broken:
        raise StateBroken(
            f"{layout.state} cannot be read ({broken}): `make reset` makes a new one"
        ) from broken


def write(layout: Layout, state: State) -> None:
    """Remember; readable by its owner alone, since it holds passwords."""
    layout.run_dir.mkdir(parents=True, exist_ok=True)
    fresh = layout.state.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=2)
    fresh.rename(layout.state)


def new(layout: Layout) -> State:
    """Choose ports and passwords for a first start."""
    mark = f"hall-{secrets.token_hex(8)}"
    # Named by the mark: a clone that was deleted and made again must not meet the former one's cluster.
    folder = postgres.reachable_folder(layout.postgres, otherwise=Path("/var/lib/hallflow") / mark)
    return State(
        mark=mark,
        postgres_folder=str(folder),
        postgres_port=free_port(),
        postgres_password=secrets.token_urlsafe(24),
        rabbitmq_ports=asdict(NodePorts.choose(management=False)),
        rabbitmq_password=secrets.token_urlsafe(24),
    )


def with_environment(state: State, environment: Mapping[str, str]) -> State:
    """Return the state with what the user's environment says about servers and the web port."""
    port = environment.get("HALL_PORT") or "8000"
    if not port.isdecimal():
        raise ValueError(f"HALL_PORT is {port!r}, it must be a number")
    demo = environment.get("HALL_DEMO") or ("1" if state.demo else "0")
    if demo not in ("0", "1"):
        raise ValueError(f"HALL_DEMO is {demo!r}, it must be 1 or 0")
    if demo == "1" and not state.demo:
        raise ValueError("this hall was begun as no demo and stays none: make reset, or another HALL_RUN_DIR")
    return replace(
        state,
        demo=demo == "1",
        admin_dsn=environment.get("DATABASE_URL") or None,
        amqp_uri=environment.get("AMQP_URI") or None,
        web_port=int(port),
    )


def complete(state: State) -> State:
    """Return the state with what is new since it was written: passwords and metrics ports of services, and keys."""
    passwords = {service: secrets.token_urlsafe(24) for service in SERVICES} | state.role_passwords
    owners = {service: secrets.token_urlsafe(24) for service in OWNED} | state.owner_passwords
    metrics = {name: state.metrics_ports.get(name) or free_port() for name in (*SERVICES, GATEWAY)}
    return replace(
        state,
        role_passwords=passwords,
        owner_passwords=owners,
        metrics_ports=metrics,
        personal_keys=state.personal_keys or {"k1": new_key()},
        phone_key=state.phone_key or new_key(),
    )


def new_key() -> str:
    """Return 32 random bytes in base 64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def with_free_ports(state: State) -> State:
    """Return the state with other ports in place of those that somebody has taken; while nothing of ours runs."""
    changes: dict[str, Any] = {}
    if not is_free(state.postgres_port):
        changes["postgres_port"] = free_port()
    if not all(is_free(port) for port in state.rabbitmq_ports.values() if port):
        changes["rabbitmq_ports"] = asdict(NodePorts.choose(management=False))
    changes["metrics_ports"] = {
        service: port if is_free(port) else free_port() for service, port in state.metrics_ports.items()
    }
    return replace(state, **changes)
