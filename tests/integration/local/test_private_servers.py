"""The private servers keep to the loopback, and are recognised by more than a number in a file."""

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil
import psycopg
import pytest

from deploy.local import databases, postgres
from deploy.local.layout import SERVICES
from deploy.local.postgres import Cluster
from deploy.local.rabbitmq import Node, NodePorts
from services.chassis.migrate import migrate
from tests.shared import ROOT, kept_here

LOOPBACK = {"127.0.0.1", "::1"}


def test_postgresql_listens_on_the_loopback_alone(postgres_server, listening):
    assert listening(postgres_server.mark) == {"postgres": {"127.0.0.1"}}


def test_rabbitmq_and_its_epmd_listen_on_the_loopback_alone(rabbitmq_server, listening):
    found = listening(rabbitmq_server.mark)

    assert set(found) == {"beam.smp", "epmd"}
    assert set.union(*found.values()) <= LOOPBACK


def test_every_port_of_rabbitmq_is_its_own(rabbitmq_server):
    node = psutil.Process(rabbitmq_server.pid)
    ports = {each.laddr.port for each in node.net_connections() if each.status == psutil.CONN_LISTEN}

    assert len(ports) == 3, "AMQP, management and distribution"
    assert not ports & {4369, 5672, 15672, 25672}, "these belong to a system's server"


def test_a_server_asks_for_its_password(postgres_server):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            postgres.dsn_like(postgres_server.dsn, user=postgres.ADMIN, password="wrong", database="postgres")
        )


def test_a_service_cannot_enter_the_database_of_another(postgres_server):
    databases.make(postgres_server.dsn, {"alpha": "one", "beta": "two"})
    own = databases.dsn(postgres_server.dsn, "alpha", password="one")
    other = postgres.dsn_like(own, user="hall_alpha", password="one", database="hall_beta")

    psycopg.connect(own).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(other)


def test_making_the_databases_twice_changes_passwords_and_nothing_else(postgres_server):
    databases.make(postgres_server.dsn, {"gamma": "before"})
    with psycopg.connect(databases.dsn(postgres_server.dsn, "gamma", password="before")) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    databases.make(postgres_server.dsn, {"gamma": "after"})

    with psycopg.connect(databases.dsn(postgres_server.dsn, "gamma", password="after")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_database_that_its_service_owned_before_changes_hands(postgres_server, monkeypatch):
    databases.make(postgres_server.dsn, {"delta": "one"})
    own = databases.dsn(postgres_server.dsn, "delta", password="one")
    with psycopg.connect(own) as connection:
        connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
        connection.execute("CREATE FUNCTION guards() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    monkeypatch.setattr(databases, "OWNED", ("delta",))
    for _ in range(2):
        databases.make(postgres_server.dsn, {"delta": "one"}, {"delta": "two"})

    for statement in ("TRUNCATE kept", "DROP TABLE kept", "SELECT * FROM kept", "DROP FUNCTION guards()"):
        with psycopg.connect(own) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
    with psycopg.connect(databases.owner_dsn(postgres_server.dsn, "delta", password="two")) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]


def test_containers_of_a_hall_that_exists_take_the_trail_from_the_service():
    """What the one-off job `databases` does before the migrations, on a server of its own, since the roles are."""
    with kept_here("deploy.local.keeper", "postgres") as server:
        own = postgres.dsn_like(server["dsn"], user="hall_identity", password="old", database="hall_identity")
        owner = postgres.dsn_like(own, user="hall_identity_owner", password="new", database="hall_identity")
        with psycopg.connect(server["dsn"], autocommit=True) as admin:
            admin.execute("CREATE ROLE hall_identity LOGIN PASSWORD 'old'")
            admin.execute("CREATE DATABASE hall_identity OWNER hall_identity")
        migrate("identity", database_url=own)
        with psycopg.connect(own) as connection:
            connection.execute("INSERT INTO audit_heads VALUES ('main', 0, '')")
        at = urlsplit(server["dsn"])
        passwords = {f"{name.upper()}_DB_PASSWORD": "old" for name in SERVICES}
        told = {
            "PATH": f"{postgres.binaries()}:/usr/bin:/bin",
            "PGHOST": str(at.hostname),
            "PGPORT": str(at.port),
            "POSTGRES_USER": str(at.username),
            "PGPASSWORD": unquote(at.password or ""),
            **passwords,
            "IDENTITY_OWNER_DB_PASSWORD": "new",
        }
        for _ in range(2):
            subprocess.run(["sh", "deploy/postgres/databases.sh"], env=told, cwd=ROOT, check=True)
        with psycopg.connect(own) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT FROM audit_heads")
        assert migrate("identity", database_url=own, owner_url=owner) == 0
        with psycopg.connect(own) as connection:
            assert connection.execute("SELECT count(*) FROM audit_heads").fetchone() == (1,)
            connection.execute("DELETE FROM accounts")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM audit_heads")


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    """A cluster that was never started."""
    made = Cluster(tmp_path, 1, "")
    made.data.mkdir()
    return made


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """A node that was never started."""
    return Node(tmp_path, NodePorts(1, 2, 3), "")


def a_number_nobody_has() -> int:
    return next(pid for pid in range(2**22 - 1, 2, -1) if not psutil.pid_exists(pid))


@pytest.mark.parametrize("pid", [os.getpid, a_number_nobody_has])
def test_a_stale_pid_file_of_postgresql_is_recognised(cluster, pid):
    (cluster.data / "postmaster.pid").write_text(f"{pid()}\n{cluster.data}\n")

    assert cluster.has_stale_pid()
    assert not cluster.running()


@pytest.mark.parametrize("pid", [os.getpid, a_number_nobody_has])
def test_a_stale_pid_file_of_rabbitmq_is_recognised(node, pid):
    node.pid_file.write_text(f"{pid()}\n")

    assert node.has_stale_pid()
    assert not node.running()


def test_stopping_what_does_not_run_ends_nobody_else(cluster, node):
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    node.pid_file.write_text(f"{os.getpid()}\n")

    cluster.stop()
    node.stop()

    assert psutil.pid_exists(os.getpid())


def test_nodes_in_different_folders_have_different_names(tmp_path):
    names = {Node(tmp_path / each, NodePorts(1, 2, 3), "").name for each in "ab"}

    assert len(names) == 2


def test_a_dsn_for_another_role_keeps_server_and_options():
    dsn = "postgresql://admin:secret@db.example:6432/postgres?sslmode=require"

    assert (
        postgres.dsn_like(dsn, user="hall_cases", password="p@ss/word", database="hall_cases")
        == "postgresql://hall_cases:p%40ss%2Fword@db.example:6432/hall_cases?sslmode=require"
    )
