"""Files that come in parts and are worked off by the analyst."""

import gzip
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.statistics.errors import AnalystsOnly, ImportEnded, NoSuchImport, NotAwaited, UploadIncomplete
from services.statistics.imports import schemas
from services.statistics.imports.domain.imports import MOST_ATTEMPTS, Import
from services.statistics.imports.store import Store as ImportsStore
from services.statistics.imports.use_cases import imports, uploads
from services.statistics.imports.use_cases.importing import session, take_in
from services.statistics.store import Store
from tests.integration.statistics.importing import HEADER, Importer, lines
from tests.integration.statistics.in_process import ANALYST
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

NOW = datetime.fromisoformat("2026-03-02T09:05:00+08:00")
FILE = gzip.compress("\n".join([HEADER, *lines(200), "wrong"]).encode())
PARTS = [FILE[:700], FILE[700:1900], FILE[1900:]]
CLERK = replace(ANALYST, username="clerk001", roles=frozenset({"clerk"}))


@pytest.fixture
def importer(database: Callable[[str], str]) -> Iterator[Importer]:
    opened = Database(
        Store, load_queries("services.statistics"), url=database("statistics"), size=4, timeout=DEADLINE_S
    )
    with clock.showing(lambda: NOW):
        yield Importer(opened)
    opened.close()


@contextmanager
def store_of(importer: Importer) -> Iterator[Store]:
    with importer.database.transaction() as store:
        yield store


def begun(importer: Importer) -> UUID:
    with store_of(importer) as store:
        work = imports.begin_import(
            store, ANALYST, kind="cases", file_name="cases.csv.gz", digest="d" * 64, size=len(FILE)
        )
    return UUID(work.id)


def send(importer: Importer, id_: UUID, *parts: int) -> None:
    with store_of(importer) as store:
        for part in parts:
            content = b64encode(PARTS[part]).decode()
            imports.add_import_part(store, ANALYST, id=id_, part=part, content=content)


def queue(importer: Importer, id_: UUID) -> Import:
    with store_of(importer) as store:
        return imports.queue_import(store, ANALYST, id=id_, parts=len(PARTS))


def shown(importer: Importer, id_: UUID) -> dict[str, Any]:
    """Return an import as the API tells it."""
    with store_of(importer) as store:
        return dict(schemas.ImportWithRefused().dump(imports.get_import(store, ANALYST, id=id_)))


def queued(importer: Importer) -> UUID:
    id_ = begun(importer)
    send(importer, id_, 0, 1, 2)
    queue(importer, id_)
    return id_


def test_a_file_in_parts_is_taken_in_and_forgotten(importer: Importer) -> None:
    id_ = begun(importer)
    send(importer, id_, 2, 0, 2)
    assert not uploads.work_off_uploads(importer.database), "it is not all there yet"
    with pytest.raises(UploadIncomplete):
        queue(importer, id_)
    assert shown(importer, id_)["uploaded"] is False
    send(importer, id_, 1)
    assert (queue(importer, id_).parts, queue(importer, id_).state) == (3, "queued")
    assert uploads.work_off_uploads(importer.database)
    told = shown(importer, id_)
    assert (told["state"], told["progress"]) == ("done", 1.0)
    assert (told["rows_taken"], told["rows_known"], told["rows_refused"]) == (200, 0, 1)
    assert told["refused"] == [{"line": 202, "reason": "columns_wrong", "key": None}]
    assert importer.rows("SELECT * FROM import_parts") == []
    assert not uploads.work_off_uploads(importer.database), "there is nothing left to do"
    importer.require_sums_of_facts()


def test_what_an_analyst_left_is_gone_on_with(importer: Importer) -> None:
    id_ = queued(importer)

    def die(_: Import) -> None:
        raise KeyboardInterrupt

    with session(importer.database) as store:
        work = store.find_import("main", str(id_))
        assert work is not None and store.hold_import(work.id)
        assert not uploads.work_off_uploads(importer.database), "somebody is at it"
        parts = [(len(FILE), FILE)]
        with pytest.raises(KeyboardInterrupt):
            take_in(store, work, parts, shown=die, rows=50)
    assert (shown(importer, id_)["state"], shown(importer, id_)["rows_taken"]) == ("running", 50)
    assert uploads.work_off_uploads(importer.database)
    assert (shown(importer, id_)["state"], shown(importer, id_)["rows_taken"]) == ("done", 200)


def test_a_file_that_no_analyst_survives_is_given_up(importer: Importer) -> None:
    id_ = queued(importer)
    with store_of(importer) as store:
        for _ in range(MOST_ATTEMPTS):
            store.begin_import("main", str(id_), at=NOW)
    assert uploads.work_off_uploads(importer.database)
    assert (shown(importer, id_)["state"], shown(importer, id_)["fault"]) == ("failed", "given_up")


def test_a_file_that_breaks_what_nobody_thought_of_fails_and_holds_up_no_other(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    broken = queued(importer)
    with monkeypatch.context() as patched:
        patched.setattr(ImportsStore, "take_chunk", break_)
        assert uploads.work_off_uploads(importer.database)
    assert (shown(importer, broken)["state"], shown(importer, broken)["fault"]) == ("failed", "unexpected")
    sound = queued(importer)
    assert uploads.work_off_uploads(importer.database)
    assert shown(importer, sound)["rows_taken"] == 200


def test_an_upload_that_stopped_half_way_fails_after_a_day(importer: Importer) -> None:
    id_ = begun(importer)
    send(importer, id_, 0)
    with clock.showing(lambda: NOW + timedelta(hours=23)):
        uploads.work_off_uploads(importer.database)
    assert shown(importer, id_)["state"] == "queued"
    with clock.showing(lambda: NOW + timedelta(hours=25)):
        uploads.work_off_uploads(importer.database)
    assert (shown(importer, id_)["state"], shown(importer, id_)["fault"]) == ("failed", "upload_incomplete")
    with pytest.raises(NotAwaited):
        queue(importer, id_)


def test_imports_are_listed_the_newest_first(importer: Importer) -> None:
    made = []
    for hours in range(3):
        with clock.showing(lambda hours=hours: NOW + timedelta(hours=hours)):  # type: ignore[misc]
            made.append(str(begun(importer)))
    with store_of(importer) as store:
        first = imports.list_imports(store, ANALYST, limit=2, cursor=None)
        rest = imports.list_imports(store, ANALYST, limit=2, cursor=UUID(first["next"]))
    assert [work.id for work in [*first["items"], *rest["items"]]] == made[::-1]
    assert rest["next"] is None


def test_analysts_alone_send_files(importer: Importer) -> None:
    id_ = begun(importer)
    manager = replace(ANALYST, roles=frozenset({"manager"}))
    with store_of(importer) as store:
        with pytest.raises(AnalystsOnly):
            imports.get_import(store, CLERK, id=id_)
        with pytest.raises(AnalystsOnly):
            imports.queue_import(store, manager, id=id_, parts=1)
        assert imports.get_import(store, manager, id=id_)["work"].id == str(id_)
        with pytest.raises(NoSuchImport):
            imports.list_refused(store, ANALYST, id=uuid4(), after=0, limit=10)


def cancel(importer: Importer, id_: UUID, caller: Any = ANALYST) -> Import:
    with store_of(importer) as store:
        return imports.cancel_import(store, caller, id=id_)


def test_an_import_that_waits_is_called_off_and_holds_up_no_other(importer: Importer) -> None:
    off, other = queued(importer), queued(importer)

    assert (cancel(importer, off).state, cancel(importer, off).fault) == ("failed", "called_off")

    assert uploads.work_off_uploads(importer.database)
    assert shown(importer, other)["state"] == "done"
    assert (shown(importer, off)["rows_taken"], shown(importer, off)["fault"]) == (0, "called_off")
    assert importer.rows("SELECT * FROM import_parts") == []


def test_an_import_at_work_is_called_off_with_the_chunk_in_hand(importer: Importer) -> None:
    id_ = queued(importer)
    seen: list[int] = []

    def call_off(now: Import) -> None:
        seen.append(now.rows_taken)
        if len(seen) == 2:
            cancel(importer, id_)

    with session(importer.database) as store:
        work = store.find_import("main", str(id_))
        assert work is not None
        ended = take_in(store, work, [(len(FILE), FILE)], shown=call_off, rows=50)

    assert (seen, ended.state, ended.fault) == ([50, 100], "failed", "called_off")
    assert shown(importer, id_)["rows_taken"] == 100
    assert shown(importer, id_)["lines_read"] == 101
    importer.require_sums_of_facts()
    assert not uploads.work_off_uploads(importer.database), "nobody takes it up again"


def test_who_is_no_analyst_calls_nothing_off_and_what_has_ended_stays(importer: Importer) -> None:
    id_ = queued(importer)
    with pytest.raises(AnalystsOnly):
        cancel(importer, id_, CLERK)
    assert uploads.work_off_uploads(importer.database)
    with pytest.raises(ImportEnded):
        cancel(importer, id_)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_analyst_takes_an_upload_in_and_ends_when_it_is_told_to(
    importer: Importer, number: signal.Signals
) -> None:
    id_ = queued(importer)
    environment = os.environ | {"DATABASE_URL": importer.database._url, "HALL_CLOCK": f"{NOW.isoformat()}@1"}
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "services.statistics.analyst"]
    analyst = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        until(lambda: shown(importer, id_)["state"] == "done", what="the analyst has taken the file in")
        analyst.send_signal(number)
        assert analyst.wait(timeout=DEADLINE_S) == 0
    finally:
        analyst.kill()
        analyst.wait(timeout=DEADLINE_S)
