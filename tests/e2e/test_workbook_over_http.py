"""The reference hall as a workbook: out of a running hall and in again, over HTTP and by the `hall` command."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.hall.load import REFERENCE
from services.catalogue.tables.differences import KINDS, changes_nothing, differences
from services.catalogue.tables.hall import read_hall, tables_of
from services.catalogue.tables.reading import read_workbook
from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.servers import HTTP
from tests.waiting import DEADLINE_S, until

ENDED = ("checked", "faulty", "applied", "failed", "cancelled")


def sent(admin: Api, content: bytes, *, dry_run: str) -> dict[str, Any]:
    """Send a workbook and return its job once it has come to rest."""
    answer = HTTP.post(
        f"{admin.root}/workbook",
        files={"file": ("hall.xlsx", content)},
        data={"dry_run": dry_run},
        headers={**admin.headers, "Idempotency-Key": str(uuid4())},
        timeout=DEADLINE_S,
    )
    assert answer.status_code == 202, answer.text
    return rested(admin, answer.json()["id"])


def rested(admin: Api, id_: str) -> dict[str, Any]:
    def told() -> dict[str, Any] | None:
        job: dict[str, Any] = admin.get(f"/workbook/{id_}").json()
        return job if job["state"] in ENDED else None

    return until(told, what="the workbook comes to rest")


def fetched(admin: Api) -> bytes:
    answer = HTTP.get(f"{admin.root}/workbook", headers=admin.headers, timeout=DEADLINE_S)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_the_reference_hall_comes_out_of_the_hall_and_goes_in_without_a_difference(
    hall: RunningHall, tmp_path: Path
) -> None:
    admin = Api(hall, "admin")
    content = fetched(admin)
    there = tables_of(read_workbook(content))
    assert changes_nothing(differences(there, tables_of(read_hall(REFERENCE))))

    job = sent(admin, content, dry_run="1")
    assert (job["state"], job["faults"], job["effects"]) == ("checked", [], [])
    assert not any(table[kind] for table in job["changes"].values() for kind in KINDS)
    applied = HTTP.post(f"{admin.root}/workbook/{job['id']}/apply", headers=admin.headers, timeout=DEADLINE_S)
    assert applied.status_code == 202, applied.text
    job = rested(admin, job["id"])
    assert (job["state"], all(step["done"] for step in job["steps"])) == ("applied", True), job
    assert tables_of(read_workbook(fetched(admin))) == there
    assert admin.get("/catalogue/revisions", item="market-001").json()["items"][0]["revision"] == 1

    path = tmp_path / "hall.xlsx"
    path.write_bytes(content)
    assert "607 items" in hall.command("load", str(path))
    assert "nothing was loaded" in hall.command("load", "--dry-run", str(path))


def test_the_template_that_nobody_has_filled_in_is_faulty(hall: RunningHall) -> None:
    admin = Api(hall, "admin")
    template = HTTP.get(f"{admin.root}/workbook?template=1", headers=admin.headers, timeout=DEADLINE_S)
    job = sent(admin, template.content, dry_run="0")
    assert job["state"] == "faulty"
    assert {fault["code"] for fault in job["faults"]} == {"sheet_empty"}
    assert all(fault["reason"] and fault["reason_en"] for fault in job["faults"])
