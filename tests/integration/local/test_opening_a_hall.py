"""`hall up` of a hall that is no demo: empty, on the real time, and with the code that sets it up."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.layout import ROOT
from deploy.local.ports import free_port
from tests.waiting import DEADLINE_S, until

Hall = Callable[..., str]
PASSWORD = "eine lange Parole 7"


@pytest.fixture
def port() -> int:
    """A free port."""
    return free_port()


@pytest.fixture
def hall(tmp_path: Path, port: int) -> Iterator[Hall]:
    """Run the command on a hall that is no demo: `hall("up")` is what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    settings = {"HALL_RUN_DIR": str(tmp_path), "HALL_PORT": str(port), "HALL_DEMO": "0"}

    def run(*arguments: str, typed: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local.hall", *arguments],
            env=kept | settings,
            cwd=ROOT,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE_S,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    try:
        yield run
    finally:
        run("reset", "--yes")


def code_in(said: str) -> str:
    """Return the code of a line `set-up code: …`."""
    found = re.search(r"^set-up code: (\S+)$", said, re.MULTILINE)
    assert found is not None, said
    return found[1]


def test_a_hall_that_is_no_demo_begins_empty_and_is_opened_by_the_code_of_its_start(
    hall: Hall, port: int
) -> None:
    said = hall("up")
    assert "Clock: the real time." in said
    assert "demo" not in said.lower().replace("opens a hall that is no demo", "")
    first, second = code_in(said), code_in(hall("admin", "code"))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1/", timeout=DEADLINE_S) as api:
        assert api.get("items").json()["items"] == []
        assert api.get("setup").json() == {"needed": True}
        wanted = {
            "username": "head",
            "name": "局办公室",
            "password": PASSWORD,
            "hall": {"name": "新城政务服务中心", "name_en": "New Town Service Centre"},
        }
        assert api.post("setup", json={"code": first, **wanted}).json()["code"] == "invalid_credentials"
        assert api.post("setup", json={"code": second, **wanted}).json()["roles"] == ["admin"]
        until(lambda: api.get("hall").status_code == 200, what="the catalogue has heard of the hall's names")
        assert api.get("hall").json()["name"] == "新城政务服务中心"
        assert api.post("setup", json={"code": second, **wanted}).json()["code"] == "already_set_up"
        assert "has an administrator" in hall("admin", "code")
        hall("admin", "create", "head", typed="another long phrase 8\n")
        for password, status in ((PASSWORD, 401), ("another long phrase 8", 200)):
            given = {"username": "head", "password": password}
            assert api.post("auth/token", json=given).status_code == status
