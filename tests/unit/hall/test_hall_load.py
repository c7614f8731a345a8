"""What the loader sends, says and warns about."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.hall import load as loader
from deploy.hall.load import REFERENCE, bus_call, load, main
from services.catalogue.tables import sending
from services.catalogue.tables.rows import MEASURES
from services.chassis.bus import BusUnreachable, RemoteProblem, Reply
from services.quality.domain import assessment as measures
from tests.unit.hall.conftest import Sent

TODAY = date(2026, 3, 2)
# Timed: given up so soon by who waits for what never comes.
SOON_S = 0.05


class FakeBus:
    """Stands for the gateway's bus."""

    def __init__(self, failure: Exception | None = None) -> None:
        """Answer each call, or raise `failure`."""
        self.failure = failure
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.closed = False

    def call(self, service: str, method: str, _request: Mapping[str, Any], **how: Any) -> Reply:
        """Keep how a call was made."""
        self.calls.append((service, method, how))
        if self.failure:
            raise self.failure
        return Reply({"items": [], "next": None}, False)

    def close(self) -> None:
        """Keep that it was closed."""
        self.closed = True


def test_the_catalogue_gets_every_table_with_values_of_their_types(folder: Path, sent: Sent) -> None:
    load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    request = sent.requests["catalogue.load_hall"]
    assert set(request) == {"hall", *sending.CATALOGUE_TABLES}
    assert request["hall"]["time_zone"] == "Asia/Shanghai"
    assert request["queues"][1] == {
        "code": "police-id",
        "prefix": "B",
        "name": "身份证",
        "name_en": "Identity cards",
        "department": "police",
        "zone": "B",
        "max_wait_s": 1800,
        "priority_rate": 2.5,
        "appointment_rate": 1.5,
        "walk_in_rate": 1.0,
    }
    item = request["items"][0]
    assert (item["chains"], item["materials"]) == (["talent"], ["章程", "身份证明"])
    assert (item["time_limit_days"], item["effective_from"]) == (5, "2004-05-10")
    assert (request["items"][1]["chains"], request["items"][1]["guide"]) == ([], "两行\n说明。")
    assert request["departments"][0]["offers_three_services"] is True
    assert request["windows"][0]["queues"] == ["market-setup"]
    assert request["calendar"][1] == {"day": "2026-10-10", "working": True, "name": "国庆节调休上班"}
    assert request["hours"] == [
        {
            "department": None,
            "weekday": 1,
            "opens": "09:00",
            "closes": "17:45",
            "break_starts": "12:00",
            "break_ends": "14:00",
        },
        {
            "department": "police",
            "weekday": 6,
            "opens": "09:00",
            "closes": "12:00",
            "break_starts": None,
            "break_ends": None,
        },
    ]


def test_identity_gets_an_account_for_each_clerk(folder: Path, sent: Sent) -> None:
    load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    account = {"username": "clerk001", "crew": True}
    assert sent.requests["identity.load_accounts"] == {
        "clerks": [
            {**account, "name": "001号窗口人员", "department": "market", "window": "101"},
            {
                **account,
                "username": "clerk002",
                "name": "002号窗口人员",
                "department": "police",
                "window": "201",
            },
        ]
    }


def test_the_loader_says_how_much_it_loaded(sent: Sent) -> None:
    load(REFERENCE, call=sent.call, today=TODAY, say=sent.said.append)
    said = [line.strip() for line in sent.said]
    assert {"34 departments", "607 items", "363 windows", "6 chains"} <= set(said)
    assert "363 accounts of clerks loaded into identity" in said


def test_a_year_with_statutory_holidays_only_is_warned_about(folder: Path, sent: Sent) -> None:
    load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    assert [line for line in sent.said if "warning" in line] == [
        "warning: calendar.csv has only the statutory holidays of 2027, no make-up workdays: "
        "add the official schedule when it is published"
    ]


def test_a_year_without_any_day_is_warned_about(
    folder: Path, edit: Callable[[str, str, str], None], sent: Sent
) -> None:
    edit("calendar", "2027-01-01,0,元旦\n", "")
    load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    assert [line for line in sent.said if "warning" in line] == [
        "warning: calendar.csv has no days of 2027: due dates in it will count holidays as working days"
    ]


def test_a_complete_calendar_gives_no_warning(
    folder: Path, edit: Callable[[str, str, str], None], sent: Sent
) -> None:
    edit("calendar", "2027-01-01,0,元旦\n", "2027-01-01,0,元旦\n2027-02-14,1,春节调休上班\n")
    load(folder, call=sent.call, today=TODAY, say=sent.said.append)
    assert not [line for line in sent.said if "warning" in line]


def test_each_run_sends_commands_of_its_own_as_an_administrator() -> None:
    bus = FakeBus()
    for _ in range(2):
        call = bus_call(bus, hall="main")  # type: ignore[arg-type]
        call("catalogue", "load_hall", {})
        call("identity", "load_accounts", {})
    callers = [how["caller"] for _, _, how in bus.calls]
    assert len({caller["command_id"] for caller in callers}) == 4
    assert {(caller["username"], caller["hall"], *caller["roles"]) for caller in callers} == {
        ("loader", "main", "admin")
    }


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (BusUnreachable("the broker cannot be reached"), "the broker cannot be reached"),
        (
            RemoteProblem({"kind": "invalid", "code": "invalid", "errors": {"items": ["too many"]}}),
            "{'items': ['too many']}",
        ),
    ],
)
def test_the_command_exits_with_1_when_a_service_does_not_take_the_hall(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failure: Exception,
    told: str,
) -> None:
    bus = FakeBus(failure)
    monkeypatch.setattr(loader, "Bus", lambda _uri: bus)
    assert main([str(folder)]) == 1
    assert told in capsys.readouterr().err
    assert bus.closed


def test_the_command_exits_with_0_when_the_hall_is_loaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bus = FakeBus()
    monkeypatch.setattr(loader, "Bus", lambda _uri: bus)
    assert main([str(folder)]) == 0
    assert [call[:2] for call in bus.calls][:2] == [("catalogue", "load_hall"), ("identity", "load_accounts")]
    assert "3 items" in capsys.readouterr().out


def test_the_loader_waits_until_the_kiosks_know_every_item(folder: Path) -> None:
    hall = loader.read_hall(folder)
    known = iter([0, 1, 2, 3])
    asked = []

    def call(service: str, method: str, _request: Mapping[str, Any]) -> Any:
        asked.append((service, method))
        return {"copies": {"items": next(known)}} if service == "ticketing" else {}

    assert sending.wait_until_heard(hall, call=call, say=asked.append)
    others = [
        (service, "health") for service in ("cases", "appointments", "dispatch", "statistics", "quality")
    ]
    assert asked == [("ticketing", "health")] * 4 + others


def test_the_loader_says_who_has_not_heard_in_time(folder: Path, sent: Sent) -> None:
    hall = loader.read_hall(folder)

    def deaf(_service: str, _method: str, _request: Mapping[str, Any]) -> Any:
        return {"copies": {"items": 0}}

    assert not sending.wait_until_heard(hall, call=deaf, say=sent.said.append, timeout=SOON_S)
    assert "ticketing has not heard" in sent.said[-1]


def test_a_service_that_is_new_in_a_loaded_hall_is_told_everything(folder: Path, sent: Sent) -> None:
    hall = loader.read_hall(folder)
    told = []

    def call(service: str, method: str, _request: Mapping[str, Any]) -> Any:
        if method == "publish_hall":
            told.append(service)
            return {"facts": 9}
        return {"copies": {"items": 3 if told or service != "dispatch" else 0}}

    sending.tell_newcomers(hall, call=call, say=sent.said.append, timeout=SOON_S)
    assert (told, sent.said[-1]) == (["catalogue"], "  9 facts told once more, to services that are new here")
    sending.tell_newcomers(hall, call=call, say=sent.said.append, timeout=SOON_S)
    assert told == ["catalogue"], "and not when all have heard"


def test_statistics_is_told_of_the_staff_when_it_is_new_in_a_loaded_hall(folder: Path, sent: Sent) -> None:
    hall, told = loader.read_hall(folder), []

    def call(service: str, method: str, _request: Mapping[str, Any]) -> Any:
        if method == "publish_accounts":
            told.append(service)
            return {"facts": 2}
        staff = len(hall.clerks) if told else 0
        return {"copies": {"items": len(hall.items), **({"staff": staff} if service == "statistics" else {})}}

    sending.tell_newcomers(hall, call=call, say=sent.said.append, timeout=SOON_S)
    sending.tell_newcomers(hall, call=call, say=sent.said.append, timeout=SOON_S)
    assert told == ["identity"], "once, and not when it knows them"


def test_the_loader_waits_until_people_can_book(sent: Sent) -> None:
    left = iter([2, 1, 0])

    def call(service: str, _method: str, _request: Mapping[str, Any]) -> Any:
        assert service == "appointments"
        return {"copies": {"plans_to_make": next(left)}}

    assert sending.wait_until_made(call=call, say=sent.said.append)
    stuck: sending.Call = lambda *_: {"copies": {"plans_to_make": 1}}  # noqa: E731
    assert not sending.wait_until_made(call=stuck, say=sent.said.append, timeout=SOON_S)
    assert "not all slots are made" in sent.said[-1]


def test_appointments_gets_the_slot_plans_with_their_quotas(folder: Path, sent: Sent) -> None:
    list(sending.send_further(loader.read_hall(folder), call=sent.call, say=sent.said.append))
    plans = sent.requests["appointments.load_slot_plans"]["plans"]
    assert plans[1] == {
        "code": "market-pm",
        "department": "market",
        "items": ["market-001"],
        "weekdays": [2, 4],
        "starts": "14:00",
        "ends": "17:30",
        "slot_minutes": 30,
        "capacity": 6,
        "quotas": {"web": 2, "phone": 2, "window": 0},
        "valid_from": "2011-04-01",
        "valid_to": "2027-12-31",
    }
    assert (plans[0]["items"], plans[0]["valid_to"]) == ([], None)
    assert sent.said[0] == "  2 slot plans loaded into appointments"


def test_dispatch_gets_the_crews_with_skills_shifts_and_start(folder: Path, sent: Sent) -> None:
    list(sending.send_further(loader.read_hall(folder), call=sent.call, say=sent.said.append))
    crews = sent.requests["dispatch.load_crews"]["crews"]
    assert crews[1] == {
        "code": "market-2",
        "name": "上门二组",
        "name_en": "Crew 2",
        "department": "market",
        "members": ["clerk002"],
        "least_members": 1,
        "capacity": 4,
        "skills": {"departments": [], "items": ["market-001"]},
        "shifts": [{"weekday": 6, "starts": "09:00", "ends": "12:00"}],
        "start": {"lat": 22.5431, "lon": 114.0579},
    }
    assert sent.said[1] == "  2 crews loaded into dispatch"


def test_a_hall_without_appointments_and_crews_sends_none(folder: Path, sent: Sent) -> None:
    for name in ("slot_plans", "crews"):
        (folder / f"{name}.csv").unlink()
    list(sending.send_further(loader.read_hall(folder), call=sent.call, say=sent.said.append))
    assert sent.requests == {}


def test_quality_gets_the_rules_of_the_assessment(folder: Path, sent: Sent) -> None:
    (folder / "assessment.csv").write_text(
        "code,name,name_en,measure,points,above,cap,valid_from,valid_to\n"
        "on-time,按时办结,Decided on time,on_time_rate,4,95,20,2011-01-01,\n"
        "negative,差评,Negative evaluations,negative_evaluations,-0.2,0,,2011-01-01,2027-12-31\n",
        encoding="utf-8",
    )
    list(sending.send_further(loader.read_hall(folder), call=sent.call, say=sent.said.append))
    rules = sent.requests["quality.load_assessment_rules"]["rules"]
    assert [(each["points"], each["above"], each["cap"], each["valid_to"]) for each in rules] == [
        (4.0, 95.0, 20.0, None),
        (-0.2, 0.0, None, "2027-12-31"),
    ]
    assert sent.said[2] == "  2 rules of the assessment loaded into quality"


def test_the_loader_and_quality_know_the_same_measures() -> None:
    assert MEASURES == measures.MEASURES


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("a,按时,On time,smiles,4,95,20,2011-01-01,", "measure"),
        ("a,按时,On time,letters,0,0,,2011-01-01,", "points"),
        ("a,按时,On time,letters,1,-1,,2011-01-01,", "above"),
        ("a,按时,On time,letters,1,0,0,2011-01-01,", "cap"),
        ("a,按时,On time,letters,1,0,,2011-01-01,2010-12-31", "valid_to"),
        ("a,按时,On time,letters,1,0,,2011-01-01,\na,按时,On time,letters,2,0,,2011-01-01,", "valid_from"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named(folder: Path, cells: str, field: str) -> None:
    head = "code,name,name_en,measure,points,above,cap,valid_from,valid_to\n"
    (folder / "assessment.csv").write_text(head + cells + "\n", encoding="utf-8")
    with pytest.raises(loader.HallInvalid) as refusal:
        loader.read_hall(folder)
    assert {(each.file, each.field) for each in refusal.value.problems} == {("assessment.csv", field)}


STEPS = "procedure,step,item,after\nopening,register,market-001,\nopening,card,police-001,register\n"
MATERIALS = "procedure,material,name,name_en,needed_by\nopening,charter,章程,Charter,register;card\n"


def write_procedures(folder: Path, steps: str = STEPS, materials: str = MATERIALS) -> None:
    head = "code,name,name_en,lead,preconditioned\n"
    (folder / "procedures.csv").write_text(f"{head}opening,开业,Opening,market,true\n", encoding="utf-8")
    (folder / "procedure_steps.csv").write_text(steps, encoding="utf-8")
    (folder / "procedure_materials.csv").write_text(materials, encoding="utf-8")


def test_cases_gets_the_procedures_of_joint_approval(folder: Path, sent: Sent) -> None:
    write_procedures(folder)
    list(sending.send_further(loader.read_hall(folder), call=sent.call, say=sent.said.append))
    [procedure] = sent.requests["cases.load_joint_procedures"]["procedures"]
    assert procedure == {
        "code": "opening",
        "name": "开业",
        "name_en": "Opening",
        "lead": "market",
        "preconditioned": True,
        "steps": [
            {"step": "register", "item": "market-001", "after": []},
            {"step": "card", "item": "police-001", "after": ["register"]},
        ],
        "materials": [
            {"material": "charter", "name": "章程", "name_en": "Charter", "needed_by": ["register", "card"]}
        ],
    }
    assert sent.said[-1] == "  1 procedures of joint approval loaded into cases"


@pytest.mark.parametrize(
    ("wrong", "file", "field"),
    [
        ({"steps": STEPS.replace(",register\n", ",sign\n")}, "procedure_steps.csv", "after"),
        ({"steps": STEPS.replace("police-001", "police-009")}, "procedure_steps.csv", "item"),
        ({"steps": STEPS + "opening,again,market-001,\n"}, "procedure_steps.csv", "item"),
        ({"steps": STEPS + "closing,end,police-002,\n"}, "procedure_steps.csv", "procedure"),
        ({"materials": MATERIALS.replace(";card", ";sign")}, "procedure_materials.csv", "needed_by"),
        ({"materials": MATERIALS * 2}, "procedure_materials.csv", "procedure"),
    ],
)
def test_what_a_procedure_names_must_be_there(
    folder: Path, wrong: dict[str, str], file: str, field: str
) -> None:
    write_procedures(folder, **wrong)
    with pytest.raises(loader.HallInvalid) as refusal:
        loader.read_hall(folder)
    assert (file, field) in {(each.file, each.field) for each in refusal.value.problems}


def test_a_dry_run_says_whom_the_tables_touch_and_loads_nothing(folder: Path, sent: Sent) -> None:
    hall = loader.read_hall(folder)
    known = [{"code": row["code"], "department": row["department"]} for row in hall.items]
    moved, kept = known[0], known[1:]
    now = [{**moved, "department": "gone"}, *kept, {"code": "old-001", "department": "gone"}]
    counts = {
        "appointments": {"bookings": 3, "waiting": 0, "examples": []},
        "ticketing": {"tickets": 2},
        "cases": {"cases": 4},
        "dispatch": {"visits": 1},
    }
    asked: list[tuple[str, str, Any]] = []

    def call(service: str, method: str, request: Mapping[str, Any]) -> Any:
        asked.append((service, method, request))
        return {"items": now, "next": None} if service == "catalogue" else counts[service]

    loader.say_effects(hall, call=call, today=date(2000, 1, 1), say=sent.said.append)
    off = sorted(str(row["day"]) for row in hall.calendar if not row["working"])
    changes = [request for service, method, request in asked if service == "dispatch"]
    assert {method for service, method, _ in asked if service != "catalogue"} == {"effects"}
    assert changes[0] == {"change": "days", "about": {"days": off}}
    assert changes[1]["change"] == "hours"
    assert len(changes[1]["about"]["hours"]) == len(hall.hours)
    items = [each["about"] for each in changes if each["change"] == "item"]
    assert items == [
        {"item": moved["code"], "department": moved["department"], "from": "2000-01-01"},
        {"item": "old-001", "department": None, "from": "2000-01-01"},
    ]
    closed = {row["code"] for row in hall.departments if not row["offers_three_services"]}
    assert {each["about"]["department"] for each in changes if each["change"] == "department"} == closed
    assert f"{len(off)} days off to come would touch: 3 bookings, 2 tickets, 4 cases, 1 visits" in sent.said
    assert sent.said[-1] == "nothing was loaded"


def test_the_command_loads_nothing_in_a_dry_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = FakeBus()
    monkeypatch.setattr(loader, "Bus", lambda _uri: bus)
    assert main(["--dry-run", str(folder)]) == 0
    assert {method for _, method, _ in bus.calls} <= {"effects", "list_items"}
    assert bus.closed
