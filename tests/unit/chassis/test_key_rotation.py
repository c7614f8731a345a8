"""A new key of personal data for the local hall."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import keys, launch, state
from deploy.local.layout import Layout
from services.chassis.personal import key_id, read_keys


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """The folder of a hall that was started once."""
    layout = Layout(tmp_path)
    state.write(layout, state.complete(state.new(layout)))
    return layout


def given(layout: Layout) -> str:
    known = state.read(layout)
    assert known is not None
    return launch.settings_of("gateway", known=known, layout=layout)["HALL_PERSONAL_KEYS"]


def test_after_a_rotation_new_rows_use_the_new_key_and_old_ones_open(layout: Layout) -> None:
    sealed = read_keys(given(layout)).seal("张三")
    keys.rotate(layout)
    keys.rotate(layout)
    vault = read_keys(given(layout))
    assert (vault.active, list(vault.keys)) == ("k3", ["k3", "k2", "k1"])
    assert vault.open(sealed) == "张三"
    assert key_id(vault.seal_again(sealed)) == "k3"


def test_the_key_of_hashes_stays(layout: Layout) -> None:
    before = state.read(layout)
    after = keys.rotate(layout)
    assert before is not None and before.phone_key == after.phone_key


def test_a_state_from_before_there_were_keys_gets_them(layout: Layout) -> None:
    known = state.read(layout)
    assert known is not None
    completed = state.complete(replace(known, personal_keys={}, phone_key=""))
    assert list(completed.personal_keys) == ["k1"] and completed.phone_key


def test_the_keys_are_readable_by_their_owner_alone(layout: Layout) -> None:
    keys.rotate(layout)
    assert layout.state.stat().st_mode & 0o777 == 0o600


def test_rows_under_another_key_than_the_active_one_are_old() -> None:
    assert keys.Sealed(service="x", active="k2", rows={"k1": 3, "k2": 4}).old == 3
    assert keys.Sealed(service="x", active="k2", rows={}).old == 0


def test_where_nothing_was_started_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    with pytest.raises(keys.KeysFailed, match="make up"):
        keys.rotate(Layout(tmp_path))
