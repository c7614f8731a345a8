"""What a process beside its service does when its database is away."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from services.chassis import chores
from services.chassis.service import Chores


class NoDatabase:
    """Notes that broken connections were thrown away."""

    dropped = 0

    def drop_broken(self) -> None:
        """Count."""
        self.dropped += 1


@pytest.mark.parametrize(
    "fault", [psycopg.OperationalError(), PoolTimeout(), pg.ReadOnlySqlTransaction("cannot execute UPDATE")]
)
def test_chores_go_on_once_the_database_is_back(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    monkeypatch.setattr(chores, "AWAY_S", 0)
    ends: list[Exception | type[BaseException]] = [fault, fault, KeyboardInterrupt]
    database: Any = NoDatabase()

    def chore(_: Any) -> bool:
        raise ends.pop(0)

    with pytest.raises(KeyboardInterrupt):
        chores.do_for_ever(database, [chore], pause_s=0)

    assert database.dropped == 2


def test_a_service_does_its_chores_beside_its_calls_until_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [True, False, True]
    paused: list[float] = []
    begun: list[Any] = []
    beside = Chores(lambda _: _next(left, beside), pause_s=7)
    beside.container = SimpleNamespace(spawn_managed_thread=begun.append)
    monkeypatch.setattr(Chores, "database", lambda _: NoDatabase())
    monkeypatch.setattr("services.chassis.service.sleep", paused.append)
    beside.start()
    assert left, "nothing is done in the thread that starts the service"
    begun[0]()
    assert (left, paused) == ([], [7])


def _next(left: list[bool], beside: Chores) -> bool:
    if len(left) == 1:
        beside.stop()
    return left.pop(0)
