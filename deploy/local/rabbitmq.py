"""A private RabbitMQ node in a folder of its own, with its epmd, on ports of the loopback."""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import amqp
import psutil

from deploy.local import ports, processes

OLDEST = (3, 10)
USER = "hall"
_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_RELEASES = Path("/usr/lib/rabbitmq/lib")


class RabbitMissing(RuntimeError):
    """No RabbitMQ of version 3.10 or newer is installed: `apt-get install rabbitmq-server`."""


class RabbitFailed(RuntimeError):
    """RabbitMQ could not be started; the message ends with its own last words."""


def version() -> tuple[int, ...]:
    """Return the installed RabbitMQ's version.

    Raises:
        RabbitMissing: there is none of version 3.10 or newer.
    """
    names = [folder.name.rpartition("-")[2] for folder in _RELEASES.glob("rabbitmq_server-*")]
    found = [tuple(int(part) for part in re.findall(r"\d+", name)) for name in names]
    if not found or not _SERVER.exists() or max(found) < OLDEST:
        shown = ", ".join(names) or "none"
        raise RabbitMissing(f"RabbitMQ {OLDEST[0]}.{OLDEST[1]} or newer is needed, found: {shown}")
    return max(found)


@dataclass(frozen=True)
class NodePorts:
    """The ports of one node: AMQP, Erlang distribution, epmd, and management (None: plugin off)."""

    amqp: int
    dist: int
    epmd: int
    management: int | None = None

    @staticmethod
    def choose(*, management: bool) -> "NodePorts":
        bus, dist, epmd, web = ports.free_ports(4)
        return NodePorts(bus, dist, epmd, web if management else None)


@dataclass(frozen=True)
class Node:
    """One private node: where it lives, its ports, and its user's password."""

    folder: Path
    ports: NodePorts
    password: str

    @property
    def name(self) -> str:
        """The Erlang node's name, different for each folder."""
        digest = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()
        return f"hall-{digest[:10]}@localhost"

    @property
    def pid_file(self) -> Path:
        return self.folder.resolve() / "rabbitmq.pid"

    @property
    def log(self) -> Path:
        return self.folder / "rabbitmq.log"

    @property
    def uri(self) -> str:
        """The AMQP URI of the virtual host `/`."""
        return self.uri_of("/")

    @property
    def management_url(self) -> str | None:
        """The root of the management API; user `hall`, the node's password."""
        return f"http://127.0.0.1:{self.ports.management}" if self.ports.management else None

    @property
    def command(self) -> list[str]:
        """The server in the foreground; the shell script replaces itself by the Erlang machine."""
        version()
        return [str(_SERVER), "-noinput"]

    def uri_of(self, vhost: str) -> str:
        """Return the AMQP URI of a virtual host."""
        password = quote(self.password, safe="")
        return f"amqp://{USER}:{password}@127.0.0.1:{self.ports.amqp}/{quote(vhost, safe='')}"

    def environment(self) -> dict[str, str]:
        """Return what `command` needs in its environment, beside PATH."""
        folder = self.folder.resolve()
        return {
            "HOME": str(folder / "home"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.ports.epmd),
            # Without it a shell stays as the parent, and killing that leaves an orphan on the port.
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_DIST_PORT": str(self.ports.dist),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG": "-color",
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
            "RABBITMQ_PID_FILE": str(self.pid_file),
        }

    def prepare(self) -> None:
        """Make the node's folders, cookie and settings."""
        for name in ("home", "mnesia", "log", "schema", "config"):
            (self.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write_cookie()
        plugins = "rabbitmq_management" if self.ports.management else ""
        self._write("enabled_plugins", f"[{plugins}].\n")
        self._write("rabbitmq.conf", self._settings())
        self._write("advanced.config", "[].\n")
        self._write("rabbitmq-env.conf", "")

    def start(self, *, timeout_s: float = 120.0) -> None:
        """Start the node apart from this process's terminal, and wait until it answers."""
        if self.running():
            return
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=os.environ | self.environment(),
                start_new_session=True,
            )
        self.pid_file.write_text(f"{started.pid}\n")
        self.wait_ready(timeout_s=timeout_s, started=started)

    def wait_ready(self, *, timeout_s: float = 120.0, started: subprocess.Popen[bytes] | None = None) -> None:
        """Wait until our user can open a channel, and management answers where it is on.

        Raises:
            RabbitFailed: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + timeout_s
        while not self._answers():
            if started is not None and started.poll() is not None:
                raise RabbitFailed(f"RabbitMQ ended: {self._last_words()}")
            if time.monotonic() > deadline:
                raise RabbitFailed(f"RabbitMQ gave no answer in {timeout_s:.0f} s: {self._last_words()}")
            time.sleep(0.2)

    def pid(self) -> int | None:
        """Return the node's process id, or None when it is not running; a stale pid file is recognised."""
        try:
            written = int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        process = processes.alive(written)
        if process is None:
            return None
        try:
            ours = process.environ().get("RABBITMQ_PID_FILE") == str(self.pid_file)
        except psutil.Error:
            return None
        return written if ours else None

    def has_stale_pid(self) -> bool:
        """Say whether a pid file lies there while no node of ours has that number."""
        return self.pid_file.exists() and self.pid() is None

    def running(self) -> bool:
        return self.pid() is not None

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Stop the node and its epmd, whichever of them runs."""
        pid = self.pid()
        process = None if pid is None else processes.alive(pid)
        if process is not None:
            family = [process, *process.children(recursive=True)]
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
            psutil.wait_procs(family, timeout=timeout_s)
            processes.end((each for each in family if each.is_running()), grace_s=5.0)
        self.stop_epmd()
        self.pid_file.unlink(missing_ok=True)

    def stop_epmd(self) -> None:
        """Stop the epmd on our private port; it outlives its node and belongs to nobody else."""
        epmd = processes.listener(self.ports.epmd)
        with contextlib.suppress(psutil.NoSuchProcess):
            if epmd is not None and epmd.name() == "epmd":
                processes.end([epmd])

    def forget(self) -> None:
        """Delete everything the stopped node has stored."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        if self.ports.management and not ports.answers(self.ports.management):
            return False
        try:
            with amqp.Connection(
                f"127.0.0.1:{self.ports.amqp}", USER, self.password, connect_timeout=3, read_timeout=5
            ) as connection:
                connection.channel().close()
        except (OSError, amqp.exceptions.AMQPError):
            return False
        return True

    def _settings(self) -> str:
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{self.ports.amqp}",
            f"default_user = {USER}",
            f"default_pass = {self.password}",
            "default_user_tags.administrator = true",
            "vm_memory_high_watermark.absolute = 512MB",
            "disk_free_limit.absolute = 200MB",
            "heartbeat = 20",
            # Quorum queues keep what their log holds in memory until it is full: 512 MB, unless told.
            "raft.wal_max_size_bytes = 16000000",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
        ]
        if self.ports.management:
            lines += ["management.tcp.ip = 127.0.0.1", f"management.tcp.port = {self.ports.management}"]
        return "\n".join([*lines, ""])

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)

    def _write_cookie(self) -> None:
        cookie = self.folder / "home" / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(hashlib.sha256(os.urandom(32)).hexdigest())
            cookie.chmod(0o400)

    def _last_words(self) -> str:
        lines = re.split(r"\n+", self.log.read_text(errors="replace").strip()) if self.log.exists() else []
        return " / ".join(lines[-5:])
