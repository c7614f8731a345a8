"""A file of cases from before, sent over HTTP and by the `hall` command, until it is in the figures."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.test_hall_over_http import Api
from tests.halls import RunningHall
from tests.integration.statistics.importing import HEADER, line
from tests.servers import HTTP
from tests.waiting import DEADLINE_S, until

ROWS = [line(number=f"2011-{n:07d}") for n in range(1, 41)]
CONTENT = "\n".join([HEADER, *ROWS, line(number="2011-0000041", item="nothing")]).encode()


def sent(analyst: Api, content: bytes, key: str) -> httpx.Response:
    return HTTP.post(
        f"{analyst.root}/imports/cases",
        files={"file": ("cases.csv", content)},
        headers={**analyst.headers, "Idempotency-Key": key},
        timeout=DEADLINE_S,
    )


def test_a_file_that_is_sent_is_in_the_figures_soon(hall: RunningHall, tmp_path: Path) -> None:
    analyst, key = Api(hall, "analyst"), str(uuid4())
    first = sent(analyst, CONTENT, key)
    assert first.status_code == 202, first.text
    again = sent(analyst, CONTENT, key)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = sent(analyst, CONTENT + b"\n", key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    def done() -> dict[str, Any] | None:
        told: dict[str, Any] = analyst.get(f"/imports/{first.json()['id']}").json()
        assert told["state"] != "failed", told
        return told if told["state"] == "done" else None

    told = until(done, what="the import is done")
    assert (told["rows_taken"], told["rows_known"], told["rows_refused"]) == (40, 0, 1)
    assert told["refused"] == [{"line": 42, "reason": "item_unknown", "key": "2011-0000041"}]
    listed = analyst.get(f"/imports/{told['id']}/refused")
    assert listed.text.splitlines() == ["line,reason,key", '42,item_unknown,"2011-0000041"']
    assert told["id"] in {each["id"] for each in analyst.get("/imports").json()["items"]}

    path = tmp_path / "cases.csv"
    path.write_bytes(CONTENT)
    said = hall.command("import", "cases", str(path))
    assert "0 rows taken, 40 known before, 1 refused" in said
    assert (tmp_path / "cases.csv.refused.csv").read_text().splitlines()[1] == "42,item_unknown,2011-0000041"

    volumes = analyst.get(
        "/statistics/volumes", **{"from": "2011-05-01", "to": "2011-05-31", "by": "month", "group": "item"}
    )
    assert [(row["group"], row["cases"]) for row in volumes.json()["items"]] == [("market-001", 40)]
