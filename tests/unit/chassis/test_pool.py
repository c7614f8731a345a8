"""A process has one pool, however many use it first."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.chassis import db
from tests.waiting import DEADLINE_S


class SlowPool:
    """Stands in for psycopg's, which starts threads while it is made: others go on meanwhile."""

    made = 0

    def __init__(self, *_: object, **__: object) -> None:
        type(self).made += 1
        # Timed: others may make a second one meanwhile; a slow machine leaves them no less time.
        time.sleep(0.05)


def test_those_who_use_it_first_at_the_same_time_share_one_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "ConnectionPool", SlowPool)
    database = db.Database(db.Store, {}, url="postgresql://nobody@localhost/nothing")
    together = Barrier(8, timeout=DEADLINE_S)

    def use(_: int) -> object:
        together.wait()
        return database._pool

    with ThreadPoolExecutor(8) as people:
        assert len({id(pool) for pool in people.map(use, range(8))}) == 1
    assert SlowPool.made == 1
