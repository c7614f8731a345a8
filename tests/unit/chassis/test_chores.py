"""What a process beside its service does when its database is away."""

from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from services.chassis import chores


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
