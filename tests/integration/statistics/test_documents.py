"""Reports as files: made once, one after the other, few of a person's at a time."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.statistics import errors
from services.statistics.imports.domain.imports import Import
from services.statistics.imports.use_cases.uploads import take_back_imports
from services.statistics.reports import schemas as schemas
from services.statistics.reports.use_cases import documents, reports
from services.statistics.store import Store
from tests.integration.statistics.in_process import ANALYST
from tests.integration.statistics.small_history import write_history
from tests.waiting import DEADLINE_S

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ABOUT: dict[str, Any] = {"kind": "annual", "period": "2011", "format": "docx"}
COLLEAGUE = replace(ANALYST, username="analyst2")
CLERK = replace(ANALYST, username="clerk001", roles=frozenset({"clerk"}))


@pytest.fixture
def history(database: Callable[[str], str]) -> Iterator[Database[Store]]:
    """A database with a small history, long after it."""
    url = database("statistics")
    write_history(url)
    opened = Database(Store, load_queries("services.statistics"), url=url, size=8, timeout=DEADLINE_S)
    with clock.showing(lambda: NOW):
        yield opened
    opened.close()


def order(history: Database[Store], caller: Caller = ANALYST, **about: Any) -> dict[str, Any]:
    """Ask for a file as the gateway does."""
    with history.autocommit() as store:
        return dict(schemas.Document().dump(documents.order_document(store, caller, **{**ABOUT, **about})))


def state(history: Database[Store], id_: Any, caller: Caller = ANALYST) -> dict[str, Any]:
    """Return how far a file is."""
    with history.autocommit() as store:
        return dict(schemas.Document().dump(documents.get_document(store, caller, id=id_)))


def content(history: Database[Store], id_: Any) -> dict[str, Any]:
    """Return a file that is ready."""
    with history.autocommit() as store:
        return dict(schemas.Content().dump(documents.get_content(store, ANALYST, id=id_)))


def rendering(report: Any, form: str, *, told: Callable[[float], None]) -> tuple[str, bytes]:
    """Make a file that tells what it is made of."""
    told(0.5)
    return f"{report['period']['name']}.{form}", f"{report['cases_accepted']}".encode()


make_next = documents.render_with(rendering)


def test_a_document_is_made_beside_the_service_and_fetched(history: Database[Store]) -> None:
    asked = order(history)
    assert (asked["state"], asked["progress"], asked["ahead"]) == ("queued", 0, 0)
    with pytest.raises(errors.DocumentNotReady):
        content(history, asked["id"])

    assert [make_next(history) for _ in range(2)] == [True, False]

    assert (state(history, asked["id"])["state"], state(history, asked["id"])["progress"]) == ("done", 1)
    made = content(history, asked["id"])
    with history.autocommit() as store:
        accepted = reports.get_report(store, ANALYST, kind="annual", period="2011")["cases_accepted"]
    assert (made["file_name"], b64decode(made["content"])) == ("2011.docx", str(accepted).encode())


def test_the_same_report_is_made_once_whoever_asks(history: Database[Store]) -> None:
    # Fixed first, as by whoever looks at it: two who ask at once would each work it out.
    with history.autocommit() as store:
        reports.get_report(store, ANALYST, kind="annual", period="2011")
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda n: order(history, (ANALYST, COLLEAGUE)[n % 2])["id"], range(8)))
    assert len(set(asked)) == 1
    assert make_next(history) and not make_next(history)
    assert order(history, COLLEAGUE)["state"] == "done"


def test_a_report_that_changes_meanwhile_waits_once_for_a_person(history: Database[Store]) -> None:
    running = {"kind": "monthly", "period": "2026-03"}
    first = order(history, **running)["id"]
    with clock.showing(lambda: NOW + timedelta(days=1)):
        assert order(history, **running)["id"] == first
        assert order(history, COLLEAGUE, **running)["id"] != first


def test_few_wait_for_a_person_and_in_all(history: Database[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_WAITING", documents.MOST_OF_ONE + 1)
    for month in range(documents.MOST_OF_ONE):
        assert order(history, kind="monthly", period=f"2011-{month + 1:02}")["ahead"] == month
    with pytest.raises(errors.TooManyDocuments) as refused:
        order(history, kind="monthly", period="2011-12")
    assert refused.value.extra["retry_after"] > 0
    assert order(history, COLLEAGUE)["state"] == "queued"
    with pytest.raises(errors.RendererBusy):
        order(history, replace(ANALYST, username="analyst3"), period="2010")


def test_one_that_cannot_be_made_says_so_and_holds_up_no_other(history: Database[Store]) -> None:
    def broken(*_: Any, **__: Any) -> tuple[str, bytes]:
        raise errors.RendererFailed

    bad, good = order(history)["id"], order(history, format="xlsx")["id"]
    assert documents.render_with(broken)(history)
    assert make_next(history)
    assert (state(history, bad)["state"], state(history, good)["state"]) == ("failed", "done")
    with pytest.raises(errors.RendererFailed):
        content(history, bad)
    assert order(history)["state"] == "queued", "it may be asked for again"


def test_a_process_that_dies_gives_its_work_back_until_it_died_too_often(history: Database[Store]) -> None:
    class Killed(BaseException):
        """As a signal ends a process."""

    def dying(*_: Any, **__: Any) -> tuple[str, bytes]:
        raise Killed

    id_ = order(history)["id"]
    for _ in range(documents.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            documents.render_with(dying)(history)
        assert state(history, id_)["state"] == "running"
    assert make_next(history)
    assert state(history, id_)["state"] == "failed"


def test_documents_are_forgotten_after_a_day(
    history: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = order(history)["id"]
    assert make_next(history)
    real = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: real + timedelta(hours=25))
    order(history, format="xlsx")
    assert make_next(history)
    with pytest.raises(errors.NoSuchDocument):
        state(history, old)


def test_documents_are_for_analysts_and_managers(history: Database[Store]) -> None:
    id_ = order(history)["id"]
    for ask in (lambda: order(history, CLERK), lambda: state(history, id_, CLERK)):
        with pytest.raises((errors.ReportsClosed, errors.LeadersOnly)):
            ask()


@contextmanager
def importing(history: Database[Store], **more: Any) -> Iterator[str]:
    """Have a file wait to be taken in."""
    work = Import(
        hall="main", id="00000000-0000-4000-8000-000000000001", kind="cases", source="command",
        file_name="cases.csv", digest="d" * 64, size=1, requested_at=NOW, **more,
    )  # fmt: skip
    with history.transaction() as store:
        store.add_import(work)
    yield work.id
    with history.transaction() as store:
        store.end_import("main", work.id, fault=None, at=NOW)


def edition(history: Database[Store]) -> Any:
    """Read a report; return its number, None when it is not fixed."""
    with history.autocommit() as store:
        return reports.get_report(store, ANALYST, kind="annual", period="2011")["edition"]


def test_a_report_that_is_read_while_a_history_is_taken_in_is_not_fixed(history: Database[Store]) -> None:
    with importing(history):
        assert edition(history) is None
    assert edition(history) == 1


def test_a_report_that_is_read_while_a_history_is_about_to_go_is_not_fixed(history: Database[Store]) -> None:
    with importing(history) as id_:
        pass
    with history.transaction() as store:
        store.ask_to_take_back("main", id_, by="analyst", at=NOW)
    assert edition(history) is None
    assert take_back_imports(history)
    assert edition(history) == 1


def test_who_asks_how_far_a_file_is_does_not_fetch_the_report_it_is_made_of(history: Database[Store]) -> None:
    with history.autocommit() as store:
        asked = documents.order_document(store, ANALYST, **ABOUT)
    assert "report" not in asked
    assert asked["state"] == "queued"
