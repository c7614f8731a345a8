"""When a visit at the applicant's place is expected, and which change of that is worth a message."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What an applicant knows of a visit: the crew, the promised window, and when it is expected."""

    crew: str | None
    starts_at: datetime
    ends_at: datetime
    arrives_at: datetime | None


def is_news(visit: Visit, *, told: Visit | None, least: timedelta) -> bool:
    """Tell whether an applicant has to hear of a visit.

    Another crew or window always counts, another time of arrival from `least` on. It is compared with what was told
    last, so that many small changes are told once they add up.

    Args:
        visit: as it is planned now.
        told: what was told last, None when nothing that still holds.
        least: the smallest change of the arrival that is told.
    """
    if told is None or visit.arrives_at is None or told.arrives_at is None:
        return True
    promised = (visit.crew, visit.starts_at, visit.ends_at)
    if promised != (told.crew, told.starts_at, told.ends_at):
        return True
    return abs(visit.arrives_at - told.arrives_at) >= least
