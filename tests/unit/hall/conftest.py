"""A small hall in a folder of its own, and a record of what the loader sends."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

SMALL_HALL = {
    "hall": "code,name,name_en,time_zone\nmain,市行政服务大厅,City Government Service Hall,Asia/Shanghai\n",
    "departments": (
        "code,name,name_en,offers_three_services\n"
        "market,市市场监管局,Market Supervision Bureau,true\n"
        "police,市公安局,Public Security Bureau,false\n"
    ),
    "zones": "code,name,name_en\nA,企业登记区,Business Registration\nB,公安区,Public Security\n",
    "chains": "code,name,name_en\ntalent,人才引进,Bringing in talent\n",
    "queues": (
        "code,prefix,name,name_en,department,zone,max_wait_s,priority_rate,appointment_rate,walk_in_rate\n"
        "market-setup,A,设立登记,Registration,market,A,2700,2,1.5,1\n"
        "police-id,B,身份证,Identity cards,police,B,1800,2.5,1.5,1\n"
    ),
    "windows": (
        "code,name,name_en,department,zone,queues\n"
        "101,101号窗口,Window 101,market,A,market-setup\n"
        "201,201号窗口,Window 201,police,B,police-id\n"
    ),
    "clerks": (
        "username,name,department,window\n"
        "clerk001,001号窗口人员,market,101\n"
        "clerk002,002号窗口人员,police,201\n"
    ),
    "items": (
        "code,name,name_en,department,queue,kind,time_limit_days,service_seconds,chains,materials,guide,"
        "guide_en,effective_from\n"
        "market-001,公司设立登记,Company registration,market,market-setup,administrative_licence,5,900,"
        "talent,章程|身份证明,请取号。,Take a number.,2004-05-10\n"
        'police-001,身份证换领,Card renewal,police,police-id,public_service,10,300,,,"两行\n说明。",'
        "Two lines.,2004-05-10\n"
        "police-002,户籍证明开具,Household certificate,police,police-id,public_service,0,240,,,当场办结。,"
        "At once.,2010-01-04\n"
    ),
    "hours": (
        "department,weekday,opens,closes,break_starts,break_ends\n"
        ",1,09:00,17:45,12:00,14:00\n"
        "police,6,09:00,12:00,,\n"
    ),
    "calendar": "day,working,name\n2026-10-01,0,国庆节\n2026-10-10,1,国庆节调休上班\n2027-01-01,0,元旦\n",
    "slot_plans": (
        "code,department,items,weekdays,starts,ends,slot_minutes,capacity,web,phone,window,valid_from,valid_to\n"
        "market-am,market,,1;2;3;4;5,09:00,12:00,30,10,4,2,1,2011-04-01,\n"
        "market-pm,market,market-001,2;4,14:00,17:30,30,6,2,2,0,2011-04-01,2027-12-31\n"
    ),
    "crews": (
        "code,name,name_en,department,members,least_members,departments,items,weekdays,starts,ends,lat,lon,capacity\n"
        "market-1,上门一组,Crew 1,market,crew;clerk001,1,market,,1;2;3;4;5,09:00,17:45,22.5431,114.0579,10\n"
        "market-2,上门二组,Crew 2,market,clerk002,1,,market-001,6,09:00,12:00,22.5431,114.0579,4\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the tables of a small hall that has no problems."""
    for name, text in SMALL_HALL.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Return a function that replaces one text in one table."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}.csv"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


class Sent:
    """Stands for the bus: keeps what is sent."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self.requests: dict[str, Mapping[str, Any]] = {}
        self.said: list[str] = []

    def call(self, service: str, method: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a request under `service.method`."""
        self.requests[f"{service}.{method}"] = request
        return {}


@pytest.fixture
def sent() -> Sent:
    """Return a bus that keeps what is sent to it."""
    return Sent()
