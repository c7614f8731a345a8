"""How visitors found the service, in figures.

Five levels, the two lowest negative, as 国办发〔2019〕51号 on 政务服务“好差评” has it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from services.statistics.figures.domain.figures import share

LEVELS = (1, 2, 3, 4, 5)
NEGATIVE = 2
EVALUATION_GROUPS = ("department", "item")


def level_sums(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Make one row of sums, as `evaluation_row` takes it, of rows by level.

    Args:
        rows: those of the query `evaluation_counts`.
    """
    told = {row["level"]: row for row in rows}
    counts = {f"level_{level}": told[level]["count"] if level in told else 0 for level in LEVELS}
    return {
        **counts,
        "followed_up": sum(row["followed_up"] for level, row in told.items() if level <= NEGATIVE),
    }


def evaluation_row(sums: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of evaluation figures from its sums.

    The satisfaction rate is the share of evaluations that are not negative; the follow-up rate that of negative
    ones that were followed up.

    Args:
        sums: a row of the query `evaluations`.
    """
    levels = {level: sums[f"level_{level}"] for level in LEVELS}
    evaluations = sum(levels.values())
    negative = sum(count for level, count in levels.items() if level <= NEGATIVE)
    return {
        **sums,
        "evaluations": evaluations,
        "levels": {str(level): count for level, count in levels.items()},
        "negative": negative,
        "satisfaction_rate": share(evaluations - negative, evaluations),
        "follow_up_rate": share(sums["followed_up"], negative),
    }
