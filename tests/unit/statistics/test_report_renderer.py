"""The processes that make files of reports: few at once, none for ever, none that fails unseen."""

import os
import sys
from base64 import b64decode
from pathlib import Path
from threading import Thread

import pytest

from services.statistics.errors import RendererBusy, RendererFailed
from services.statistics.rendering.caller import Renderer
from tests.waiting import DEADLINE_S

REPORT = {"kind": "annual", "period": {"name": "2011"}, "department": None}
ECHO = (sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())")
UNTIL_TOLD = (sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())")


def test_a_file_comes_back_with_its_name() -> None:
    made = Renderer(command=ECHO).render(REPORT, "docx")
    assert made["filename"] == "政务服务大厅2011年工作总结.docx"
    assert b64decode(made["content"]).startswith(b'{"format": "docx", "report": {"kind": "annual"')


@pytest.mark.parametrize("program", ["print('half'); raise SystemExit(3)", "pass"])
def test_a_process_that_fails_or_makes_nothing_is_a_fault(program: str) -> None:
    renderer = Renderer(command=(sys.executable, "-c", program), at_once=1)
    for _ in range(2):
        with pytest.raises(RendererFailed):
            renderer.render(REPORT, "xlsx")


def test_who_comes_when_too_many_wait_is_told_so(tmp_path: Path) -> None:
    gate = str(tmp_path / "gate")
    os.mkfifo(gate)
    renderer = Renderer(command=(*UNTIL_TOLD, gate), at_once=1, waiting=0)
    made: list[str] = []
    first = Thread(target=lambda: made.append(renderer.render(REPORT, "xlsx")["filename"]))
    first.start()
    with open(gate, "w", encoding="ascii") as told:
        with pytest.raises(RendererBusy):
            renderer.render(REPORT, "xlsx")
        told.write("done")
    first.join(DEADLINE_S)
    assert made == ["政务服务大厅2011年工作总结.xlsx"]


def test_who_waits_for_a_turn_that_does_not_come_is_told_so() -> None:
    renderer = Renderer(command=ECHO, at_once=1, waiting=1, turn_s=0.01)
    with renderer._turn(), pytest.raises(RendererBusy):
        renderer.render(REPORT, "xlsx")
    assert renderer.render(REPORT, "xlsx")
