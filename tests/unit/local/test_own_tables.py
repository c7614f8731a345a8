"""A hall that was given its own tables is not given the reference hall's again."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.local import start, state
from deploy.local.layout import Layout


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that the loader was started for; it is not started in truth."""
    folders: list[str] = []

    def run(command: Sequence[str], settings: object, doing: str) -> str:
        folders.append(command[-1])
        return ""

    monkeypatch.setattr(start, "_run", run)
    return folders


def test_the_tables_of_a_hall_stay_when_it_starts_again(tmp_path: Path, loaded: list[str]) -> None:
    layout = Layout(tmp_path / "run")
    layout.run_dir.mkdir()
    own = tmp_path / "own"
    own.mkdir()
    (own / "hall.csv").write_text("code\nours\n", "utf-8")
    reference = str(start.REFERENCE)

    known = start.load_once(layout, state.complete(state.new(layout)))
    start.load_once(layout, known)
    assert loaded == [reference], "once"

    start.load(layout, known, own)
    again = state.read(layout)
    assert again is not None
    start.load_once(layout, again)
    assert loaded == [reference, str(own)]

    start.load(layout, again, start.REFERENCE)
    back = state.read(layout)
    assert back is not None
    assert not back.own_tables
