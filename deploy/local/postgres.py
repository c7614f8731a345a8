"""A private PostgreSQL cluster in a folder of its own, on a port of the loopback."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psutil
import psycopg

from deploy.local import processes

OLDEST = 15
ADMIN = "hall_admin"
_ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/lib/postgresql"))


class PostgresMissing(RuntimeError):
    """No PostgreSQL of version 15 or newer is installed: `apt-get install postgresql`."""


class PostgresFailed(RuntimeError):
    """PostgreSQL could not be set up or started; the message ends with its own last words."""


def binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL's programs.

    Raises:
        PostgresMissing: there is none of version 15 or newer.
    """
    versions = [
        (int(folder.name), folder / "bin")
        for root in _ROOTS
        for folder in root.glob("*")
        if folder.name.isdecimal() and (folder / "bin" / "initdb").exists()
    ]
    if not versions or max(versions)[0] < OLDEST:
        found = ", ".join(str(number) for number, _ in sorted(versions)) or "none"
        raise PostgresMissing(f"PostgreSQL {OLDEST} or newer is needed, found: {found}")
    return max(versions)[1]


def server_account() -> pwd.struct_passwd | None:
    """Return the account that has to run PostgreSQL, or None when it is our own.

    PostgreSQL refuses to run as root; Debian's package brings the account `postgres`.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError as missing:
        raise PostgresMissing("the account `postgres` of Debian's package does not exist") from missing


def reachable_folder(wanted: Path, *, otherwise: Path) -> Path:
    """Return `wanted`, or `otherwise` when the account that runs PostgreSQL cannot get at it.

    A clone below /root is closed to the account `postgres`.
    """
    account = server_account()
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if account is None or _may_enter(account, wanted.parent):
        return wanted
    return otherwise


def _may_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    asked = subprocess.run(
        ["/usr/bin/test", "-x", folder],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def dsn_like(dsn: str, *, user: str, password: str, database: str) -> str:
    """Return a DSN to the same server, with the same options, for another role and database.

    Raises:
        ValueError: the DSN is not a URI.
    """
    parts = urlsplit(dsn)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must be a URI: postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    address = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}", path=f"/{database}"))


def to_database(dsn: str, database: str) -> str:
    """Return a DSN for the same role to another database of its server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


@dataclass(frozen=True)
class Cluster:
    """One private cluster: where it lives, its port, and its administrator's password.

    `durable=False` is for tests: a crash of the machine may lose everything, and many halls are served at once.
    """

    folder: Path
    port: int
    password: str
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def admin_dsn(self) -> str:
        """The administrator's DSN, to the database `postgres`."""
        return f"postgresql://{ADMIN}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/postgres"

    @property
    def command(self) -> list[str]:
        """The server in the foreground; to be run as `server_account()`."""
        return [str(binaries() / "postgres"), "-D", str(self.data)]

    def prepare(self) -> None:
        """Make the cluster unless it exists, and write its settings again."""
        self._make_folder()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._check_version()
        self._write(self.data / "postgresql.conf", self._settings())
        self._write(self.data / "pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\n")

    def start(self, *, timeout_s: float = 60.0) -> None:
        """Start the server apart from this process's terminal, and wait until it answers."""
        if self.running():
            return
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **self._identity(),
            )
        self.wait_ready(timeout_s=timeout_s, started=started)

    def wait_ready(self, *, timeout_s: float = 60.0, started: subprocess.Popen[bytes] | None = None) -> None:
        """Wait until the administrator can sign in.

        Raises:
            PostgresFailed: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                psycopg.connect(self.admin_dsn, connect_timeout=3).close()
                return
            except psycopg.OperationalError as refused:
                if started is not None and started.poll() is not None:
                    raise PostgresFailed(f"PostgreSQL ended: {self._last_words()}") from refused
                if time.monotonic() > deadline:
                    raise PostgresFailed(f"no answer in {timeout_s:.0f} s: {refused}") from refused
            time.sleep(0.1)

    def pid(self) -> int | None:
        """Return the server's process id, or None when it is not running.

        A pid file left by a crash is recognised: another process has that number by now, or none has.
        """
        try:
            written = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        process = processes.alive(written)
        if process is None:
            return None
        try:
            ours = process.name() == "postgres" and Path(process.cwd()) == self.data.resolve()
        except psutil.Error:
            return None
        return written if ours else None

    def has_stale_pid(self) -> bool:
        """Say whether a pid file lies there while no server of ours has that number."""
        return (self.data / "postmaster.pid").exists() and self.pid() is None

    def running(self) -> bool:
        return self.pid() is not None

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Stop the server, if it runs: sessions are ended, nothing committed is lost."""
        pid = self.pid()
        process = None if pid is None else processes.alive(pid)
        if process is None:
            return
        family = [process, *process.children(recursive=True)]
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)  # "fast shutdown"
        psutil.wait_procs(family, timeout=timeout_s)
        processes.end((each for each in family if each.is_running()), grace_s=5.0)

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if account := server_account():
            os.chown(self.folder, account.pw_uid, account.pw_gid)

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # left half made by an interrupted initdb
        made = self.folder / "data.new"
        shutil.rmtree(made, ignore_errors=True)
        secret = self.folder / "password"
        self._write(secret, f"{self.password}\n")
        done = subprocess.run(
            [str(binaries() / "initdb"), "-D", str(made), "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"]
            + ["--auth=scram-sha-256", f"--pwfile={secret}"]
            + ([] if self.durable else ["--no-sync"]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            check=False,
            **self._identity(),
        )
        secret.unlink()
        if done.returncode != 0:
            raise PostgresFailed(f"initdb failed in {self.folder}: {done.stdout.strip()[-800:]}")
        made.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        installed = binaries().parent.name
        if made_by != installed:
            raise PostgresFailed(
                f"{self.data} was made by PostgreSQL {made_by}, installed is {installed}: "
                "install the former, or `make reset` to start with empty data"
            )

    def _settings(self) -> str:
        durability, connections = ("on", 200) if self.durable else ("off", 800)
        return "\n".join(
            [
                "listen_addresses = '127.0.0.1'",
                f"port = {self.port}",
                "unix_socket_directories = ''",
                f"max_connections = {connections}",
                "shared_buffers = 128MB",
                "max_wal_size = 512MB",
                f"fsync = {durability}",
                f"full_page_writes = {durability}",
                f"synchronous_commit = {durability}",
                "password_encryption = 'scram-sha-256'",
                "timezone = 'UTC'",
                "log_timezone = 'UTC'",
                "log_line_prefix = '%m [%p] %q%u@%d '",
                "log_min_duration_statement = 1000",
                "log_lock_waits = on",
                "idle_in_transaction_session_timeout = '60s'",
                "",
            ]
        )

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        if account := server_account():
            os.chown(path, account.pw_uid, account.pw_gid)

    def _identity(self) -> dict[str, Any]:
        account = server_account()
        if account is None:
            return {}
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def _last_words(self) -> str:
        lines = re.split(r"\n+", self.log.read_text(errors="replace").strip())
        return " / ".join(lines[-5:])
