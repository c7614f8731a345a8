"""Adding, adjusting and withdrawing items from a day on."""

from datetime import date
from typing import Any

import psycopg
import pytest
from small_catalogue import Clock, courses, item_row, published

from services.catalogue.errors import (
    AdminOnly,
    EffectiveDateInvalid,
    ItemExists,
    ItemNotFound,
    ItemNotYetOffered,
    ItemWithdrawn,
    NothingChanges,
    ReferenceInvalid,
)
from services.catalogue.store import Store
from services.catalogue.use_cases import items, loading
from services.chassis.caller import Caller
from services.chassis.db import Database

TODAY, LATER = date(2026, 3, 2), date(2026, 3, 16)


def new_item(**other: Any) -> dict[str, Any]:
    row = item_row("tax-900", "新设事项") | other
    if "effective_from" not in other:
        del row["effective_from"]
    return row


def test_a_change_from_today_on_is_published_at_once(loaded: Database[Store], admin: Caller) -> None:
    with loaded.transaction() as store:
        item = items.adjust_item(store, admin, code="tax-001", name="企业登记", reason="更名")
    assert (item.name, item.effective_from, item.revision) == ("企业登记", TODAY, 2)
    (event,) = published(loaded)
    assert (event["data"]["name"], event["sequence"], event["callid"]) == ("企业登记", 2, "call-1")


def test_an_announced_change_takes_effect_and_is_published_on_its_day(
    loaded: Database[Store], admin: Caller, hall_clock: Clock
) -> None:
    with loaded.transaction() as store:
        items.adjust_item(store, admin, code="tax-001", time_limit_days=2, effective_from=LATER)
    hall_clock.pass_days(13)
    with loaded.transaction() as store:
        assert items.apply_due(store) == 0
        assert items.get_item(store, admin, code="tax-001").time_limit_days == 5
    assert published(loaded) == []
    hall_clock.pass_days(1)
    with loaded.transaction() as store:
        assert items.apply_due(store) == 1
        assert items.apply_due(store) == 0
        assert items.get_item(store, admin, code="tax-001").time_limit_days == 2
    (event,) = published(loaded)
    assert (event["data"]["effective_from"], event["sequence"]) == ("2026-03-16", 2)


def test_a_correction_made_meanwhile_outlives_the_announced_change(
    loaded: Database[Store], admin: Caller, hall_clock: Clock
) -> None:
    with loaded.transaction() as store:
        items.adjust_item(store, admin, code="tax-001", name="新名称", effective_from=LATER)
        items.adjust_item(store, admin, code="tax-001", time_limit_days=1)
    hall_clock.go_to(LATER)
    with loaded.transaction() as store:
        items.apply_due(store)
        item = items.get_item(store, admin, code="tax-001")
    assert (item.name, item.time_limit_days) == ("新名称", 1)
    assert [event["sequence"] for event in published(loaded)] == [2, 3]


def test_an_item_announced_for_later_is_not_shown_before_its_day(
    loaded: Database[Store], admin: Caller, hall_clock: Clock
) -> None:
    with loaded.transaction() as store:
        item = items.add_item(store, admin, **new_item(effective_from=LATER))
        assert item.state == "active"
        assert "tax-900" not in {each.code for each in items.list_items(store, admin, state="all")["items"]}
        with pytest.raises(ItemNotFound):
            items.get_item(store, admin, code="tax-900")
        with pytest.raises(ItemNotYetOffered):
            items.adjust_item(store, admin, code="tax-900", name="早")
    assert published(loaded) == []
    hall_clock.go_to(LATER)
    with loaded.transaction() as store:
        items.apply_due(store)
        assert items.get_item(store, admin, code="tax-900").state == "active"
    assert [event["subject"] for event in published(loaded)] == ["tax-900"]


def test_a_withdrawn_item_leaves_the_list_and_cannot_be_changed(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store:
        items.withdraw_item(store, admin, code="tax-001", reason="取消")
        for refused in (items.withdraw_item, items.adjust_item):
            with pytest.raises(ItemWithdrawn):
                refused(store, admin, code="tax-001")
        assert "tax-001" not in {each.code for each in items.list_items(store, admin)["items"]}
        found = items.list_items(store, admin, state="withdrawn")["items"]
    assert [each.code for each in found] == ["tax-001"]
    assert [event["data"]["state"] for event in published(loaded)] == ["withdrawn"]


def test_a_code_is_given_once(loaded: Database[Store], admin: Caller) -> None:
    with loaded.transaction() as store, pytest.raises(ItemExists):
        items.add_item(store, admin, **new_item(code="tax-001"))


def test_nothing_takes_effect_in_the_past(loaded: Database[Store], admin: Caller) -> None:
    with loaded.transaction() as store, pytest.raises(EffectiveDateInvalid):
        items.adjust_item(store, admin, code="tax-001", name="旧", effective_from=date(2026, 3, 1))


def test_a_change_that_changes_nothing_is_refused(loaded: Database[Store], admin: Caller) -> None:
    with loaded.transaction() as store, pytest.raises(NothingChanges):
        items.adjust_item(store, admin, code="tax-001", time_limit_days=5, chains=["trade"])


def test_an_item_cannot_be_moved_to_the_queue_of_another_department(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store, pytest.raises(ReferenceInvalid) as refusal:
        items.adjust_item(store, admin, code="tax-001", queue="police-a")
    assert refusal.value.errors.keys() == {"queue"}


def test_only_an_administrator_changes_items(loaded: Database[Store], clerk: Caller) -> None:
    with loaded.transaction() as store:
        with pytest.raises(AdminOnly):
            items.add_item(store, clerk, **new_item())
        with pytest.raises(AdminOnly):
            items.adjust_item(store, clerk, code="tax-001", name="我的")
        with pytest.raises(AdminOnly):
            items.withdraw_item(store, clerk, code="tax-001")


def test_revisions_say_what_changed_from_when_and_by_whom(
    loaded: Database[Store], admin: Caller, hall_clock: Clock
) -> None:
    with loaded.transaction() as store:
        items.adjust_item(
            store, admin, code="tax-001", time_limit_days=2, effective_from=LATER, reason="提速"
        )
        items.withdraw_item(store, admin, code="tax-002")
        listed = items.list_revisions(store, admin, from_=TODAY)["items"]
        of_strangers = items.list_revisions(store, Caller(hall="main"), from_=TODAY)["items"]
        assert {each["recorded_by"] for each in of_strangers} == {None}
        assert {each["recorded_by"] for each in listed} == {admin.username}
        of_later = items.list_revisions(store, admin, from_=LATER, to=LATER)["items"]
        of_one = items.list_revisions(store, admin, item="tax-002")["items"]
    assert [(each["item"], each["action"], each["recorded_by"]) for each in listed] == [
        ("tax-001", "adjusted", "boss"),
        ("tax-002", "withdrawn", "boss"),
    ]
    assert listed[0]["recorded_at"] == hall_clock.shows
    assert listed[0]["reason"] == "提速"
    assert listed[0]["changes"] == [{"field": "time_limit_days", "before": 5, "after": 2}]
    assert of_later == listed[:1]
    assert [(each["name_en"], each["department"]) for each in of_one] == 2 * [("Item tax-002", "tax")]
    assert [each["action"] for each in of_one] == ["withdrawn", "added"]


def test_revisions_are_paged_without_gap_or_repeat(loaded: Database[Store], admin: Caller) -> None:
    seen: list[tuple[str, int]] = []
    with loaded.transaction() as store:
        for days in range(1, 5):
            items.adjust_item(store, admin, code="tax-001", time_limit_days=10 + days)
        cursor = None
        while True:
            page = items.list_revisions(store, admin, limit=2, cursor=cursor)
            seen += [(each["item"], each["revision"]) for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
    assert seen[:4] == [("tax-001", number) for number in (5, 4, 3, 2)]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE item_revisions SET recorded_by = 'nobody'",
        "DELETE FROM item_revisions",
        "TRUNCATE item_revisions",
    ],
)
def test_the_database_refuses_to_change_a_recorded_revision(loaded: Database[Store], statement: str) -> None:
    with loaded.connect() as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(statement)


def found(store: Store, caller: Caller, q: str, **filters: Any) -> list[str]:
    return [item.code for item in items.list_items(store, caller, q=q, **filters)["items"]]


def test_items_are_found_by_code_name_initials_and_pinyin_in_that_order(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store:
        items.add_item(store, admin, **new_item(code="qysl", name="其他"))
        items.add_item(store, admin, **new_item(code="qysl-2", name="别的"))
        items.add_item(store, admin, **new_item(code="x1", name="QYSL手册"))
        assert found(store, admin, "QYSL") == ["qysl", "qysl-2", "x1", "tax-001"]
        assert found(store, admin, "设立") == ["tax-001"]
        assert found(store, admin, "qi ye she li") == ["tax-001"]
        assert found(store, admin, "sfz") == ["police-001"]
        assert found(store, admin, "ITEM POLICE") == ["police-001"]
        assert found(store, admin, "ｔａｘ－００２") == ["tax-002"]
        assert found(store, admin, "没有这个") == []
        assert found(store, admin, "%") == []


def test_initials_go_before_pinyin_and_beginnings_before_what_lies_within(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store:
        for code, name in (("p9", "爱牛"), ("p8", "大爱牛"), ("p7", "安全"), ("p6", "山")):
            items.add_item(store, admin, **new_item(code=code, name=name))
        # The last for a rare reading of one of its characters: juan.
        assert found(store, admin, "an") == ["p9", "p8", "p7", "p6", "police-001"]


def test_items_are_filtered_by_department_kind_and_chain(loaded: Database[Store], admin: Caller) -> None:
    with loaded.autocommit() as store:
        assert found(store, admin, "", department="police") == ["police-001"]
        assert found(store, admin, "", chain="trade") == ["tax-001"]
        assert found(store, admin, "", kind="administrative_licence") == []


def test_items_that_were_stored_before_are_spelled_anew_and_found_by_each_reading(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.connect() as connection:
        connection.execute("UPDATE items SET name = '企业登记档案调档', spelled = 0 WHERE code = 'tax-001'")
    with loaded.transaction() as store:
        assert items.respell(store) == 1
        assert items.respell(store) == 0
        assert found(store, admin, "diaodang") == ["tax-001"]
        assert found(store, admin, "tiao dang") == ["tax-001"]
        assert found(store, admin, "qydjdadd") == ["tax-001"]


def test_a_search_is_paged_without_gap_or_repeat(loaded: Database[Store], admin: Caller) -> None:
    seen: list[str] = []
    cursor = None
    with loaded.autocommit() as store:
        for _ in range(3):
            page = items.list_items(store, admin, limit=1, cursor=cursor)
            seen += [item.code for item in page["items"]]
            cursor = page["next"]
    assert (seen, cursor) == (["police-001", "tax-001", "tax-002"], None)


def test_an_announced_change_is_told_at_once_with_the_whole_course(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store:
        items.adjust_item(store, admin, code="tax-001", queue="tax-b", effective_from=LATER)
        items.withdraw_item(store, admin, code="tax-001", effective_from=date(2026, 4, 1))
    *_, event = courses(loaded)
    terms = [(each["effective_from"], each["state"], each["queue"]) for each in event["data"]["terms"]]
    assert terms == [
        ("2010-01-04", "active", "tax-a"),
        ("2026-03-16", "active", "tax-b"),
        ("2026-04-01", "withdrawn", "tax-b"),
    ]
    assert event["sequence"] == 3


def test_an_item_that_is_only_announced_is_told_with_its_first_day(
    loaded: Database[Store], admin: Caller
) -> None:
    with loaded.transaction() as store:
        items.add_item(store, admin, **new_item(effective_from=LATER))
        loading.publish_hall(store, admin)
    assert "tax-900" not in {event["subject"] for event in published(loaded)}
    terms = [event["data"]["terms"] for event in courses(loaded) if event["subject"] == "tax-900"]
    assert [[term["effective_from"] for term in each] for each in terms] == [["2026-03-16"]] * 2
