"""A hall is a demo unless it was begun as none, and then never one again."""

from pathlib import Path

import pytest

from deploy.local import launch, state
from deploy.local.layout import Layout


@pytest.fixture
def first(tmp_path: Path) -> state.State:
    """What is remembered before the first start."""
    return state.complete(state.new(Layout(tmp_path)))


def test_a_hall_that_was_begun_as_no_demo_stays_none(first: state.State, tmp_path: Path) -> None:
    begun = state.with_environment(first, {"HALL_DEMO": "0"})
    later = state.with_environment(begun, {})
    settings = launch.settings_of("identity", known=later, layout=Layout(tmp_path))
    assert settings["HALL_DEMO"] == "0"
    with pytest.raises(ValueError, match="begun as no demo"):
        state.with_environment(later, {"HALL_DEMO": "1"})


def test_a_hall_of_which_nothing_is_said_is_a_demo_and_can_become_none(
    first: state.State, tmp_path: Path
) -> None:
    demo = state.with_environment(first, {})
    settings = launch.settings_of("identity", known=demo, layout=Layout(tmp_path))
    assert settings["HALL_DEMO"] == "1"
    assert not state.with_environment(demo, {"HALL_DEMO": "0"}).demo


@pytest.mark.parametrize("said", ["yes", "true", "2"])
def test_what_says_neither_is_named(first: state.State, said: str) -> None:
    with pytest.raises(ValueError, match="HALL_DEMO"):
        state.with_environment(first, {"HALL_DEMO": said})
