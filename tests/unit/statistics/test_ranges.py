"""How many days a question for figures may span."""

from typing import Any

import pytest
from marshmallow import ValidationError

from services.quality.schemas import commendations
from services.statistics.figures.schemas import evaluations, figures

CENTURY = {"from": "2000-01-01", "to": "2099-12-31"}
YEAR = {"from": "2024-01-01", "to": "2024-12-31"}
BY_DAY = {"by": "day", "group": "item"}


@pytest.mark.parametrize(
    ("schema", "asked"),
    [
        (figures.GetHeatmap(), CENTURY),
        (figures.GetVolumes(), CENTURY | {"by": "year", "group": "department"}),
        (figures.GetVolumes(), CENTURY | BY_DAY),
        (figures.GetVolumes(), YEAR | BY_DAY | {"to": "2025-01-01"}),
        (figures.GetVolumes(), YEAR | {"by": "day", "group": "department", "to": "2027-12-31"}),
        (figures.GetOvertime(), CENTURY | {"group": "department"}),
        (evaluations.GetEvaluations(), CENTURY | {"group": "department"}),
        (commendations.ListCommendations(), CENTURY),
    ],
)
def test_a_range_that_nobody_reads_is_refused(schema: Any, asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="At most"):
        schema.load(asked)


@pytest.mark.parametrize(
    ("schema", "asked"),
    [
        (figures.GetHeatmap(), YEAR | {"from": "2004-01-01"}),
        (figures.GetVolumes(), YEAR | BY_DAY),
        (figures.GetVolumes(), YEAR | {"from": "2004-01-01", "by": "month", "group": "item"}),
        (commendations.ListCommendations(), YEAR),
    ],
)
def test_years_that_are_looked_back_on_are_not(schema: Any, asked: dict[str, str]) -> None:
    schema.load(asked)
