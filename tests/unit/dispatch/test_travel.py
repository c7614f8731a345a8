"""How far, and how long."""

from datetime import UTC, datetime, timedelta

import pytest

from services.dispatch.domain.planning import Place
from services.dispatch.domain.travel import GreatCircle, Roads, straight_m

PEKING, SHANGHAI = Place(39.9042, 116.4074), Place(31.2304, 121.4737)
# Eight and nine o'clock in the hall.
EIGHT, NINE = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (0, 1))
HOUR = timedelta(hours=1)


def test_the_straight_way_from_peking_to_shanghai() -> None:
    assert straight_m(PEKING, SHANGHAI) == pytest.approx(1_067_000, rel=0.002)
    assert straight_m(PEKING, PEKING) == 0


def test_roads_are_longer_and_take_their_time() -> None:
    there = Place(PEKING.lat + 0.1, PEKING.lon)
    table = GreatCircle(Roads(factor=1.5, speeds_kmh=(30.0,) * 24)).table(
        [PEKING, there], during=[(EIGHT, NINE)]
    )
    leg = table.leg(PEKING, there)
    assert leg.metres == pytest.approx(1.5 * 11_119.5, abs=1)
    assert leg.seconds == pytest.approx(leg.metres / 30 * 3.6, abs=1)
    assert table.leg(there, PEKING) == leg
    assert table.leg(there, there).seconds == 0


def test_each_hour_counts_by_how_long_crews_are_out_in_it() -> None:
    speeds = [60.0] * 24
    speeds[8] = 20.0
    roads = Roads(speeds_kmh=tuple(speeds))
    assert roads.seconds_per_metre([(EIGHT, NINE)]) == pytest.approx(3.6 / 20)
    assert roads.seconds_per_metre([(NINE, NINE + HOUR)]) == pytest.approx(3.6 / 60)
    assert roads.seconds_per_metre([(EIGHT, NINE + HOUR)]) == pytest.approx((3.6 / 20 + 3.6 / 60) / 2)
    half = [(EIGHT + HOUR / 2, NINE), (NINE, NINE + 3 * HOUR / 2)]
    assert roads.seconds_per_metre(half) == pytest.approx(3.6 / 20 / 4 + 3.6 / 60 * 3 / 4)


def test_without_crews_every_hour_counts_alike() -> None:
    assert Roads(speeds_kmh=(36.0,) * 24).seconds_per_metre([]) == pytest.approx(0.1)


@pytest.mark.parametrize(
    "wrong", [{"factor": 0.9}, {"speeds_kmh": (30.0,) * 23}, {"speeds_kmh": (0.0,) * 24}]
)
def test_roads_like_no_road_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"shorter|24 speeds"):
        Roads(**wrong)  # type: ignore[arg-type]
