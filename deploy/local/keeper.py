"""Keeps a throw-away server while its owner lives: `python -m deploy.local.keeper postgres|rabbitmq`.

The owner holds the other end of our standard input. When that closes, because the owner is done or was
killed, the server is ended and its folder deleted: no test run can leave one behind. One line of JSON on
standard output tells the owner where the server is.
"""

import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from deploy.local import ports, postgres, processes, rabbitmq


def _throw_away_folder(kind: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"hall-{kind}-"))
    folder.chmod(0o755)  # the account that runs PostgreSQL passes through
    return folder


def _start_postgres(folder: Path) -> dict[str, object]:
    cluster = postgres.Cluster(folder / "pg", ports.free_port(), secrets.token_urlsafe(18), durable=False)
    cluster.prepare()
    cluster.start()
    return {"dsn": cluster.admin_dsn, "pid": cluster.pid(), "log": str(cluster.log), "folder": str(folder)}


def _start_rabbitmq(folder: Path) -> dict[str, object]:
    node = rabbitmq.Node(folder / "mq", rabbitmq.NodePorts.choose(management=True), secrets.token_urlsafe(18))
    node.prepare()
    node.start()
    return {
        "uri": node.uri,
        "management": node.management_url,
        "user": rabbitmq.USER,
        "password": node.password,
        "pid": node.pid(),
        "log": str(node.log),
        "folder": str(folder),
    }


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def keep(kind: str) -> None:
    """Start a server of this kind, tell where it is, and end it when standard input closes."""
    start = {"postgres": _start_postgres, "rabbitmq": _start_rabbitmq}[kind]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    mark = f"{kind}-{secrets.token_hex(8)}"
    os.environ[processes.MARK] = mark
    folder = _throw_away_folder(kind)
    try:
        told = start(folder)
        sys.stdout.write(json.dumps(told | {"mark": mark}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        # Killed, PostgreSQL would leave its shared memory on the machine for good; in good order takes it a moment.
        postgres.Cluster(folder / "pg", 0, "").stop(timeout_s=10)
        # RabbitMQ would need 9 s, for data that nobody wants any more.
        processes.end_marked(mark, grace_s=0)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(sys.argv[1])
