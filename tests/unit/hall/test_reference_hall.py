"""The hall that comes with HallFlow has the figures of the annual report."""

import re
from collections import Counter
from datetime import date

import pytest

from deploy.hall.load import REFERENCE, Hall, read_hall

THREE_SERVICES = {
    "市发展改革委",
    "市科工贸信委",
    "市卫生人口计生委",
    "市人力资源保障局",
    "市文体旅游局",
    "市住房建设局",
    "市地税局",
    "市市场监管局",
    "市药品监管局",
    "市城管局",
    "市外办",
    "市档案局",
    "深圳海关",
    "深圳出入境检验检疫局",
    "市国税局",
    "外汇管理局市分局",
    "电子口岸数据中心深圳分中心",
}
NAMED_IN_THE_REPORT = {
    "stic": "互联网关键技术研发计划",
    "culture": "音像制作单位登记事项变更",
    "audit": "政府投资建设项目公开招标工程预算（标底）审计",
    "customs": "报关企业跨关区分支机构注册登记许可",
    "ciq": "中国—哥斯达黎加自贸区原产地证书签发",
}


@pytest.fixture(scope="module")
def hall() -> Hall:
    """Return the committed hall; reading it fails on any problem."""
    return read_hall(REFERENCE)


def test_the_hall_has_34_departments_363_clerks_and_607_items(hall: Hall) -> None:
    assert (len(hall.departments), len(hall.clerks), len(hall.items)) == (34, 363, 607)
    assert hall.hall == {
        "code": "main",
        "name": "市行政服务大厅",
        "name_en": "City Government Service Hall",
        "time_zone": "Asia/Shanghai",
    }


def test_the_17_departments_of_the_report_offer_the_three_services(hall: Hall) -> None:
    assert {row["name"] for row in hall.departments if row["offers_three_services"]} == THREE_SERVICES


def test_506_items_grew_to_607_in_2011_by_what_the_report_lists(hall: Hall) -> None:
    new = Counter(row["department"] for row in hall.items if row["effective_from"] >= "2011-01-01")
    assert new == {"transport": 71, "stic": 15, "drug": 11, "culture": 1, "audit": 1, "customs": 1, "ciq": 1}
    assert max(row["effective_from"] for row in hall.items) <= "2011-12-31"


def test_the_items_that_the_report_names_are_there(hall: Hall) -> None:
    names = {(row["department"], row["name"]) for row in hall.items}
    assert NAMED_IN_THE_REPORT.items() <= names


def test_the_six_business_chains_each_join_items_of_several_departments(hall: Hall) -> None:
    assert [row["name"] for row in hall.chains] == [
        "企业登记",
        "外商投资",
        "进出口贸易",
        "基本建设",
        "人才引进",
        "重点商品市场准入",
    ]
    for chain in hall.chains:
        joined = {row["department"] for row in hall.items if chain["code"] in row["chains"]}
        assert len(joined) >= 3, chain


def test_every_window_has_one_clerk_of_its_department_and_serves_a_queue(hall: Hall) -> None:
    assert len(hall.windows) == 363
    assert Counter(row["window"] for row in hall.clerks) == Counter(row["code"] for row in hall.windows)
    assert all(row["queues"] for row in hall.windows)


def test_every_queue_has_items_and_the_hall_has_8_zones_with_queues(hall: Hall) -> None:
    assert 50 <= len(hall.queues) <= 70
    assert {row["code"] for row in hall.queues} == {row["queue"] for row in hall.items}
    assert {row["code"] for row in hall.zones} == set("ABCDEFGH") == {row["zone"] for row in hall.queues}


def test_item_names_are_distinct_in_both_languages(hall: Hall) -> None:
    for field in ("name", "name_en", "guide"):
        assert [
            value for value, times in Counter(row[field] for row in hall.items).items() if times > 1
        ] == []
    assert not [row["name"] for row in hall.items if re.search(r"[0-9]|事项[一二三]", row["name"])]


def test_limits_and_service_times_are_those_of_a_hall(hall: Hall) -> None:
    assert {row["kind"] for row in hall.items} == {
        "administrative_licence",
        "non_licence_approval",
        "public_service",
    }
    assert all(0 <= row["time_limit_days"] <= 20 for row in hall.items)
    assert all(120 <= row["service_seconds"] <= 1500 for row in hall.items)


def test_a_guide_names_the_time_limit_its_item_has(hall: Hall) -> None:
    for row in hall.items:
        days = row["time_limit_days"]
        if days:
            assert f"{days}个工作日" in row["guide"], row["code"]
            assert f"{days} working days" in row["guide_en"], row["code"]
        else:
            assert "工作日" not in row["guide"], row["code"]


def test_the_calendar_lists_only_exceptions_from_2004_to_2027(hall: Hall) -> None:
    days = {date.fromisoformat(row["day"]): row["working"] for row in hall.calendar}
    assert {day.year for day in days} == set(range(2004, 2028))
    assert [day for day, working in days.items() if working != (day.weekday() >= 5)] == []


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-16", False),
        ("2026-02-14", True),
        ("2026-10-10", True),
        ("2011-10-08", True),
        ("2015-09-03", False),
    ],
)
def test_the_calendar_knows_official_days(hall: Hall, day: str, working: bool) -> None:
    assert {row["day"]: row["working"] for row in hall.calendar}[day] is working


def test_the_hall_is_open_monday_to_friday_with_a_noon_break(hall: Hall) -> None:
    assert [row["weekday"] for row in hall.hours] == [1, 2, 3, 4, 5]
    assert {(row["opens"], row["break_starts"], row["break_ends"], row["closes"]) for row in hall.hours} == {
        ("09:00", "12:00", "14:00", "17:45")
    }


def test_every_department_of_the_three_services_can_be_booked_morning_and_afternoon(hall: Hall) -> None:
    offering = {row["code"] for row in hall.departments if row["offers_three_services"]}
    planned = Counter(plan["department"] for plan in hall.slot_plans)
    assert planned == dict.fromkeys(offering, 2)
    opening = {row["weekday"]: row for row in hall.hours if row["department"] is None}
    for plan in hall.slot_plans:
        for day in (opening[weekday] for weekday in plan["weekdays"]):
            assert day["opens"] <= plan["starts"] < plan["ends"] <= day["closes"]
            assert plan["ends"] <= day["break_starts"] or plan["starts"] >= day["break_ends"]


def test_every_department_of_the_three_services_has_several_crews_of_its_clerks(hall: Hall) -> None:
    offering = {row["code"] for row in hall.departments if row["offers_three_services"]}
    crews = Counter(crew["department"] for crew in hall.crews)
    assert crews.keys() == offering
    assert min(crews.values()) >= 2
    departments = {clerk["username"]: clerk["department"] for clerk in hall.clerks}
    for crew in hall.crews:
        assert {departments.get(each, crew["department"]) for each in crew["members"]} == {crew["department"]}
    assert sum("crew" in crew["members"] for crew in hall.crews) == 1
