"""The processes that make files of reports: none for ever, none that fails unseen, and how far they are is told."""

import sys

import pytest

from services.statistics.errors import RendererFailed
from services.statistics.reports.rendering.caller import Renderer

REPORT = {"kind": "annual", "period": {"name": "2011"}, "department": None}
SAYING = """
import base64, json, sys
asked = json.load(sys.stdin)
print(json.dumps({"progress": 0.25}))
print(json.dumps({"progress": 0.5}))
print(json.dumps({"content": base64.b64encode(json.dumps(asked).encode()).decode()}))
"""


def test_a_file_comes_back_with_its_name_and_how_far_it_was() -> None:
    told: list[float] = []
    name, content = Renderer(command=(sys.executable, "-c", SAYING))(REPORT, "docx", told=told.append)

    assert name == "政务服务大厅2011年工作总结.docx"
    assert content.startswith(b'{"format": "docx", "report": {"kind": "annual"')
    assert told == [0.25, 0.5]


@pytest.mark.parametrize(
    "program", ["print('half'); raise SystemExit(3)", "pass", "print('{\"progress\": 1}')"]
)
def test_a_process_that_fails_or_makes_nothing_is_a_fault(program: str) -> None:
    renderer = Renderer(command=(sys.executable, "-c", program))
    for _ in range(2):
        with pytest.raises(RendererFailed):
            renderer(REPORT, "xlsx")


def test_a_process_that_takes_too_long_is_killed() -> None:
    for_ever = (sys.executable, "-c", "import signal; signal.pause()")
    with pytest.raises(RendererFailed):
        Renderer(command=for_ever, longest_s=0.1)(REPORT, "xlsx")
