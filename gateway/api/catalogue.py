"""Departments, zones, queues, items and the hall: what catalogue knows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.http.runtime import runtime
from gateway.schemas.catalogue import (
    ByDepartment,
    ChainList,
    DepartmentList,
    Hall,
    ItemChange,
    ItemDetail,
    ItemList,
    ItemQuery,
    NewItem,
    QueueList,
    RevisionList,
    RevisionQuery,
    Withdrawal,
    ZoneList,
)
from gateway.schemas.common import Page
from services.chassis import clock

Query = Mapping[str, Any]

routes = Routes("catalogue", __name__, description="What the hall offers, where and when.")


@routes.question("/hall", Hall)
def get_hall() -> Any:
    """The hall, its opening hours and its clock."""
    chosen = clock.setting()
    return {
        **ask("catalogue", "get_hall"),
        "now": clock.now().astimezone(clock.hall_zone()).isoformat(timespec="seconds"),
        "clock": {"mode": "simulated" if chosen else "real", "speed": clock.speed()},
        "demo": runtime().settings.process.demo,
        "place": asdict(runtime().settings.place),
    }


@routes.question("/departments", DepartmentList, query=Page)
def list_departments(query: Query) -> Any:
    """All departments."""
    return page_of(ask("catalogue", "list_departments"), query)


@routes.question("/zones", ZoneList, query=Page)
def list_zones(query: Query) -> Any:
    """All zones; each has its own board."""
    return page_of(ask("catalogue", "list_zones"), query)


@routes.question("/chains", ChainList, query=Page)
def list_chains(query: Query) -> Any:
    """The business chains that items belong to."""
    return page_of(ask("catalogue", "list_chains"), query)


@routes.question("/queues", QueueList, query=ByDepartment)
def list_queues(query: Query) -> Any:
    """The queues, of one department or all."""
    return page_of(ask("catalogue", "list_queues", **without_page(query)), query)


@routes.question("/items", ItemList, query=ItemQuery)
def list_items(query: Query) -> Any:
    """Service items; `q` matches code, Chinese name, full pinyin and pinyin initials."""
    return ask("catalogue", "list_items", **query)


@routes.question("/items/<code:code>", ItemDetail)
def get_item(code: str) -> Any:
    """One item with its guide and materials."""
    return ask("catalogue", "get_item", code=code)


@routes.command("/items", ItemDetail, body=NewItem, roles=("admin",), status=201)
def add_item(body: Query) -> Any:
    """Add an item from a day on."""
    return ask("catalogue", "add_item", **body)


@routes.command("/items/<code:code>", ItemDetail, body=ItemChange, roles=("admin",), method="PATCH")
def adjust_item(body: Query, code: str) -> Any:
    """Change an item from a day on."""
    return ask("catalogue", "adjust_item", code=code, **body)


@routes.command("/items/<code:code>/withdraw", ItemDetail, body=Withdrawal, roles=("admin",))
def withdraw_item(body: Query, code: str) -> Any:
    """Stop offering an item from a day on."""
    return ask("catalogue", "withdraw_item", code=code, **body)


@routes.question("/catalogue/revisions", RevisionList, query=RevisionQuery)
def list_revisions(query: Query) -> Any:
    """What was added, adjusted and withdrawn, when and by whom."""
    return ask("catalogue", "list_revisions", **query)
