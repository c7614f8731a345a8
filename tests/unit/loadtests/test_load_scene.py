"""What actors share: who is woken for whom, how late boards are, how time goes by; and the page at the end."""

from datetime import UTC, datetime

import pytest

from loadtests import pace, record, report, scene
from loadtests.pace import Pace
from loadtests.plan import Plan, Reference, Window
from loadtests.record import Ledger
from loadtests.scene import Floor, Scene, Watch, address


class Clock:
    """Stands in for the module `time`: it stands until it is moved."""

    now = 1000.0

    def perf_counter(self) -> float:
        """Return the seconds."""
        return self.now

    time = perf_counter


class Noticed:
    """Stands for a clerk's event."""

    def __init__(self) -> None:
        """Begin unnoticed."""
        self.happened = False

    def set(self) -> None:
        """Notice."""
        self.happened = True


def test_the_clerk_who_was_free_for_longest_and_serves_the_queue_notices_a_visitor() -> None:
    floor, clerks = Floor(), [Noticed() for _ in range(3)]
    for n, queue in enumerate(("other", "setup", "setup")):
        floor.idle[str(n)] = (Window(str(n), "market", "A", (queue,), f"clerk{n}"), clerks[n])
    floor.waits("setup")
    assert [clerk.happened for clerk in clerks] == [False, True, False]
    assert list(floor.idle) == ["0", "2"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the scene, the pace and the ledger."""
    made = Clock()
    for module in (scene, pace, record):
        monkeypatch.setattr(module, "time", made)
    return made


def test_a_boards_delay_counts_from_the_answer_and_an_early_event_has_none(clock: Clock) -> None:
    watch = Watch(boards={"A": 2})
    watch.saw("A", 0, "A001", "101")
    call = watch.answered("A001", "101", "A")
    clock.now += 0.5
    call.answered += 0.25
    watch.saw("A", 1, "A001", "101")
    call.left = call.answered + 2
    figures = watch.figures()
    assert sorted(figures["seconds"]) == [0.0, 0.25]
    assert (figures["expected"], figures["unseen"]) == (2, 0)


def test_a_call_that_lasted_and_that_a_board_never_showed_is_unseen(clock: Clock) -> None:
    watch = Watch(boards={"A": 2})
    watch.answered("A001", "101", "A").left = clock.now + 10
    watch.saw("A", 0, "A001", "101")
    assert watch.figures()["unseen"] == 1


def test_the_script_goes_on_from_where_it_was_when_its_pace_changes(clock: Clock) -> None:
    going = Pace(100.0, begins_at=clock.now - 1)
    going.change(1.0)
    clock.now += 1
    assert going.now() == 101
    going.begin()
    assert going.now() == 0
    assert Pace(60.0).real(30) == 0.5


@pytest.mark.parametrize(
    "moment", ["2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00Z", "2026-03-02T01:00:00+00:00"]
)
def test_a_moment_is_the_same_in_whatever_zone_the_hall_tells_it(moment: str) -> None:
    midnight = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
    hall = Scene("", Reference((), (), (), frozenset()), Plan(8.5, ()), Pace(1.0), Ledger(), midnight)
    assert hall.script(moment) == 1800
    assert hall.day == "2026-03-02"


def test_kinds_of_actors_have_addresses_of_their_own() -> None:
    kinds = {"kiosk": 100, "clerk": 15_000, "phone": 5000, "board": 200, "visitor": 100_000}
    addresses = [address(kind, n) for kind, count in kinds.items() for n in (0, count)]
    assert len({each.rsplit(".", 2)[0] for each in addresses}) >= len(kinds)
    assert len(set(addresses)) == len(addresses)


def test_latencies_are_those_since_a_moment(clock: Clock) -> None:
    ledger = Ledger()
    ledger.note("issue", 0.5)
    clock.now += 1
    since = clock.now
    ledger.note("issue", 0.1)
    ledger.note("start", 0.2, fault="503 unavailable")
    assert ledger.latencies(since=since)["issue"] == {"count": 1, "p50": 100.0, "p95": 100.0, "p99": 100.0}
    assert ledger.count(since=since) == 2
    assert ledger.faults == {"start: 503 unavailable": 1}


def test_the_page_shows_what_was_broken_and_escapes_what_it_was_told() -> None:
    figures = {
        "kept": False,
        "verdict": {"audit: no double call": False},
        "latency_ms": {"issue": {"count": 1, "p50": 1, "p95": 2, "p99": 3}},
        "audit": {"no double call": ["ticket <1> is at two windows"]},
        "refused": {},
        "faults": {},
        "broken": {},
        "waits_s": {"all": {"tickets": 1, "p50": 1, "p90": 2}, "09": {"tickets": 1, "p50": 1, "p90": 2}},
        "samples": [{"at_s": n, "resident_mb": 900, "connections": 60, "messages": n} for n in range(3)],
    }
    page = report.page("day", figures, at=datetime(2026, 3, 2, tzinfo=UTC))
    assert "ticket &lt;1&gt; is at two windows" in page
    assert page.count("<svg") == 5
    assert "http" not in page
