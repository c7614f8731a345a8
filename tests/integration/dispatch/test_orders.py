"""Orders: taken, screened, called off, moved and looked up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.chassis import personal
from services.chassis.caller import Caller
from services.chassis.errors import ServiceError
from services.dispatch.errors import (
    IllegalTransition,
    LimitReached,
    NoSuchOrder,
    NotOnSite,
    NotYourPhone,
    PersonErased,
    ReasonMissing,
    RoleMissing,
    UnknownItem,
    UrgentByStaff,
    WindowInvalid,
)
from services.dispatch.use_cases import common, crews, looking, orders, visiting
from tests.integration.dispatch.in_process import (
    ADDRESS,
    CREW,
    DISPATCHER,
    OPERATOR,
    Hall,
    crew_fields,
    phone,
    visitor,
)


def test_a_visitor_orders_and_the_dispatcher_accepts_with_another_length_of_visit(hall: Hall) -> None:
    taken = hall.order(1)
    assert (taken.state, taken.channel, taken.service_seconds) == ("requested", "web", 900)
    screened = hall.screen(taken, service_seconds=1800)
    assert (screened.state, screened.service_seconds) == ("screened", 1800)
    assert hall.verbs(taken) == ["requested", "screened"]


def test_what_is_told_of_an_order_names_no_person_and_no_place(hall: Hall) -> None:
    hall.screened(1)
    told = str(hall.told("dispatch.order"))
    for word in ("张", "1380000", ADDRESS[:3], "22.5", "lat", "phone"):
        assert word not in told


def test_an_operator_orders_on_behalf_and_may_call_it_urgent(hall: Hall) -> None:
    taken = hall.order(1, caller=OPERATOR, priority="urgent")
    assert (taken.channel, taken.priority) == ("phone", "urgent")
    with pytest.raises(UrgentByStaff):
        hall.order(2, priority="urgent")


def test_a_visitor_orders_only_for_the_number_that_was_proved(hall: Hall) -> None:
    with pytest.raises(NotYourPhone):
        hall.order(1, caller=visitor(2))
    with pytest.raises(RoleMissing):
        hall.order(1, caller=CREW)


@pytest.mark.parametrize(
    ("item", "refusal"), [("tax-001", NotOnSite), ("nobody-001", UnknownItem)], ids=["no service", "no item"]
)
def test_only_items_whose_department_comes_can_be_ordered(
    hall: Hall, item: str, refusal: type[ServiceError]
) -> None:
    with pytest.raises(refusal):
        hall.order(1, item=item)


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ((12, 12), "30 minutes"),
        ((7, 8), "Too soon"),
        ((20, 26), "same day"),
        ((24 * 30, 24 * 30 + 2), "28 days"),
    ],
    ids=["too short", "past", "over midnight", "too far"],
)
def test_a_window_that_cannot_be_promised_is_refused(
    hall: Hall, window: tuple[int, int], message: str
) -> None:
    with pytest.raises(WindowInvalid) as refused:
        hall.order(1, window=window)
    assert message in refused.value.errors["window"][0]


def test_nobody_has_more_than_three_open_orders_whatever_the_rush(hall: Hall) -> None:
    def attempt(_: int) -> bool:
        try:
            hall.order(1)
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(12))) == 3


def test_declining_needs_a_reason_and_ends_the_order(hall: Hall) -> None:
    taken = hall.order(1)
    with pytest.raises(ReasonMissing):
        hall.screen(taken, accept=False)
    declined = hall.screen(taken, accept=False, reason="须本人到场核验")
    assert (declined.state, declined.reason) == ("cancelled", "须本人到场核验")
    assert hall.verbs(taken) == ["requested", "declined"]
    with pytest.raises(IllegalTransition):
        hall.screen(taken)


def test_a_visitor_calls_off_their_own_order_only(hall: Hall) -> None:
    taken = hall.screened(1)
    with pytest.raises(NotYourPhone):
        hall.do(orders.cancel_order, visitor(2), id=UUID(taken.id), reason=None)
    assert hall.do(orders.cancel_order, visitor(1), id=UUID(taken.id), reason=None).state == "cancelled"
    verbs = hall.verbs(taken)
    assert hall.do(orders.cancel_order, visitor(1), id=UUID(taken.id), reason=None).state == "cancelled"
    assert hall.verbs(taken) == verbs, "again it changes nothing"


def test_an_order_that_moves_waits_to_be_planned_again(hall: Hall) -> None:
    request = {"window": {"from_": hall.at(24 + 14), "to": hall.at(24 + 17)}}
    new = hall.do(orders.reschedule_order, DISPATCHER, id=UUID(hall.order(1).id), **request)
    screened = hall.do(orders.reschedule_order, DISPATCHER, id=UUID(hall.screened(2).id), **request)
    assert [(each.state, each.day.isoformat()) for each in (new, screened)] == [
        ("requested", "2026-03-03"),
        ("screened", "2026-03-03"),
    ]


def test_each_state_is_an_interval_and_they_join(hall: Hall) -> None:
    taken = hall.order(1)
    hall.now += timedelta(minutes=10)
    hall.screen(taken)
    hall.now += timedelta(minutes=5)
    hall.do(orders.cancel_order, OPERATOR, id=UUID(taken.id), reason="来电取消")
    with hall.database.connect() as connection:
        rows = connection.execute("SELECT * FROM order_states ORDER BY version").fetchall()
    assert [row["state"] for row in rows] == ["requested", "screened", "cancelled"]
    assert [row["left_at"] for row in rows] == [rows[1]["entered_at"], rows[2]["entered_at"], None]


def test_a_reference_without_its_phone_finds_nothing(hall: Hall) -> None:
    taken = hall.order(1)
    mine = hall.do(looking.lookup, visitor(1), reference=taken.reference.lower(), phone=phone(1))
    assert mine.id == taken.id
    for wrong in (phone(2), "12"):
        with pytest.raises(NoSuchOrder):
            hall.do(looking.lookup, visitor(1), reference=taken.reference, phone=wrong)


def listed(hall: Hall, caller: Caller = DISPATCHER, **which: Any) -> Any:
    nothing: dict[str, Any] = dict.fromkeys(("phone", "date", "department", "state", "cursor"))
    return hall.do(looking.list_orders, caller, **nothing | {"limit": 50} | which)


def test_staff_lists_orders_by_date_state_and_person_in_pages(hall: Hall) -> None:
    taken = []
    for nth in range(4):
        hall.now += timedelta(minutes=1)
        taken.append(hall.order(nth, window=(9, 12) if nth else (33, 36)))
    hall.screen(taken[3])
    ids = [each.id for each in taken]
    assert [each.id for each in listed(hall)["items"]] == ids[::-1]
    assert [each.id for each in listed(hall, date=hall.at(33).date())["items"]] == ids[:1]
    assert [each.id for each in listed(hall, state="screened")["items"]] == ids[3:]
    assert [each.id for each in listed(hall, phone=phone(2))["items"]] == ids[2:3]
    first = listed(hall, limit=3)
    rest = listed(hall, limit=3, cursor=UUID(first["next"]))
    assert [each.id for each in [*first["items"], *rest["items"]]] == ids[::-1]
    assert rest["next"] is None
    with pytest.raises(RoleMissing):
        listed(hall, visitor(1))


def test_a_person_is_sealed_and_each_look_leaves_a_trace_that_stays(hall: Hall) -> None:
    taken = hall.order(1)
    seen = hall.do(looking.reveal_person, DISPATCHER, id=UUID(taken.id), purpose="call back")
    assert (seen["phone"], seen["address"]) == ("+8613800000001", ADDRESS)
    with hall.database.connect() as connection:
        row = connection.execute("SELECT * FROM orders").fetchone()
        for word in ("13800000001", "张三", ADDRESS):
            assert word not in str(row)
        assert connection.execute("SELECT by, purpose FROM personal_accesses").fetchall() == [
            {"by": "dispatcher", "purpose": "call back"}
        ]
        for change in ("DELETE FROM personal_accesses", "UPDATE personal_accesses SET by = 'x'"):
            with pytest.raises(psycopg.Error):
                connection.execute(change)
    with pytest.raises(RoleMissing):
        hall.do(looking.reveal_person, visitor(1), id=UUID(taken.id), purpose="look")
    with pytest.raises(RoleMissing):
        hall.do(looking.contact, OPERATOR, order=UUID(taken.id))


def test_a_person_is_erased_ninety_days_after_the_end(hall: Hall) -> None:
    ended, open_ = hall.order(1), hall.order(2, window=(24 * 7 + 9, 24 * 7 + 12))
    hall.do(orders.cancel_order, OPERATOR, id=UUID(ended.id), reason=None)
    hall.now += timedelta(days=91)
    hall.tick()
    person = hall.now_is(ended).person
    assert {person.phone_hash, person.name, person.address, person.lat, person.address_sealed} == {None}
    assert hall.now_is(open_).person.phone
    with pytest.raises(PersonErased):
        hall.do(looking.reveal_person, DISPATCHER, id=UUID(ended.id), purpose="late")


def test_persons_are_sealed_again_under_a_new_key(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = hall.order(1)
    old = personal.vault()
    rotated = personal.Vault("k2", {"k2": bytes(32), **old.keys})
    monkeypatch.setattr(personal, "vault", lambda: rotated)
    hall.tick()
    with hall.database.autocommit() as store:
        assert store.sealed_under() == {"k2": 1}
    seen = hall.do(looking.reveal_person, DISPATCHER, id=UUID(taken.id), purpose="after")
    assert seen["name"] == "张三"


@pytest.mark.parametrize(("address", "shown"), [(ADDRESS, "福田区福中三****"), ("公园路1号", "公园****")])
def test_of_an_address_only_the_beginning_is_shown(address: str, shown: str) -> None:
    assert common.mask_address(address) == shown


def overdue(hall: Hall, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = hall.do(looking.list_overdue, OPERATOR, **{"limit": 50, "cursor": None} | more)
    return found


def test_orders_that_nobody_visited_in_their_time_are_left_over_until_they_are_moved_or_called_off(
    hall: Hall,
) -> None:
    asked, accepted, later = (
        hall.order(1),
        hall.screened(2, window=(10, 13)),
        hall.screened(3, window=(33, 36)),
    )
    assert overdue(hall)["items"] == []
    hall.now = hall.at(13, 1)
    assert [each.id for each in overdue(hall)["items"]] == [asked.id, accepted.id]
    first = overdue(hall, limit=1)
    rest = overdue(hall, limit=1, cursor=UUID(first["next"]))
    assert ([each.id for each in rest["items"]], rest["next"]) == ([accepted.id], None)
    window = {"from_": hall.at(33), "to": hall.at(36)}
    hall.do(orders.reschedule_order, DISPATCHER, id=UUID(accepted.id), window=window)
    hall.do(orders.cancel_order, DISPATCHER, id=UUID(asked.id), reason="过期")
    assert overdue(hall)["items"] == []
    assert hall.now_is(later).state == "screened"
    with pytest.raises(RoleMissing):
        hall.do(looking.list_overdue, CREW, limit=50, cursor=None)


def test_staff_comes_on_the_days_on_which_a_crew_with_the_skill_works(hall: Hall) -> None:
    days = [{"day": "2026-03-04", "working": False}, {"day": "2026-03-07", "working": True}]
    hall.hear("catalogue.calendar.published", {"year": 2026, "days": days}, sequence=2)
    off = [date(2026, 3, 3)]
    for code, start in (("m1", 8), ("m2", 9)):
        shifts = [{"weekday": each, "starts": time(start), "ends": time(18)} for each in range(1, 6)]
        hall.do(crews.save_crew, DISPATCHER, **crew_fields(code, days_off=off, shifts=shifts))
    fields = crew_fields("t1", skills={"departments": ["tax"], "items": []}, department="tax")
    hall.do(crews.save_crew, DISPATCHER, **fields)
    found = hall.do(visiting.list_days, visitor(1), item="market-001")["items"]
    assert [day.day for day, _, _ in found][:5] == [2, 5, 6, 7, 9]
    assert found[0][1:] == (hall.at(8), hall.at(18))
    assert found[-1][0] == date(2026, 3, 27)
    with pytest.raises(NotOnSite):
        hall.do(visiting.list_days, visitor(1), item="tax-001")
    with pytest.raises(UnknownItem):
        hall.do(visiting.list_days, visitor(1), item="nobody-001")
