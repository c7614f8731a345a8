"""An unusual movement in words: what was expected and seen, how unlikely that is, and what was a year before."""

from services.statistics.anomalies.domain.anomalies import Anomaly

RAREST = 1e-6


def words(anomaly: Anomaly, *, name: str, name_en: str) -> dict[str, str]:
    """Return the explanation of a finding.

    Args:
        anomaly: the finding.
        name: what its item or department is called in Chinese.
        name_en: and in English.
    """
    return {
        "zh": "".join(
            [_seen_zh(anomaly, name), _chance_zh(anomaly), _last_year_zh(anomaly), _goes_on_zh(anomaly)]
        ),
        "en": " ".join(
            filter(
                None,
                [
                    _seen_en(anomaly, name_en),
                    _chance_en(anomaly),
                    _last_year_en(anomaly),
                    _goes_on_en(anomaly),
                ],
            )
        ),
    }


def number(value: float) -> str:
    """Return a figure as it is read: whole from ten on, one digit below, none that is nought."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def _deviation(anomaly: Anomaly) -> str:
    return f"{abs(anomaly.observed / anomaly.expected - 1):.0%}"


def _tells_share(anomaly: Anomaly) -> bool:
    return anomaly.expected >= 1


def _time_zh(anomaly: Anomaly) -> str:
    day = anomaly.business_date.isoformat()
    if anomaly.since_hour is not None:
        return f"{day} {anomaly.since_hour}时至{int(anomaly.subject) + 1:02}时"
    if anomaly.window_days == 1:
        return day
    return f"{anomaly.since.isoformat()} 至 {day}（{anomaly.window_days} 个工作日）"


def _time_en(anomaly: Anomaly) -> str:
    day = anomaly.business_date.isoformat()
    if anomaly.since_hour is not None:
        return f"on {day} from {anomaly.since_hour}:00 to {int(anomaly.subject) + 1:02}:00"
    if anomaly.window_days == 1:
        return f"on {day}"
    return f"on the {anomaly.window_days} working days from {anomaly.since.isoformat()} to {day}"


def _seen_zh(anomaly: Anomaly, name: str) -> str:
    share = f"{'高出' if anomaly.direction == 'rise' else '低了'} {_deviation(anomaly)}"
    return (
        f"「{name}」{_time_zh(anomaly)}受理 {number(anomaly.observed)} 件，按往年规律应约 {number(anomaly.expected)} 件"
        f"（正常范围 {number(anomaly.lower)}–{number(anomaly.upper)} 件）"
        f"{f'，{share}' if _tells_share(anomaly) else ''}。"
    )


def _seen_en(anomaly: Anomaly, name: str) -> str:
    share = f", {_deviation(anomaly)} {'more' if anomaly.direction == 'rise' else 'less'}"
    return (
        f"“{name}” had {number(anomaly.observed)} cases {_time_en(anomaly)}; about {number(anomaly.expected)} were "
        f"expected (usual range {number(anomaly.lower)} to {number(anomaly.upper)})"
        f"{share if _tells_share(anomaly) else ''}."
    )


def _chance_zh(anomaly: Anomaly) -> str:
    if anomaly.chance is None:
        return "各时段累计偏离已超出控制限。"
    if anomaly.chance < RAREST:
        return "若一切如常，出现这种偏离的可能性不到百万分之一。"
    return f"若一切如常，出现这种偏离的可能性约为 1/{1 / anomaly.chance:,.0f}。"


def _chance_en(anomaly: Anomaly) -> str:
    if anomaly.chance is None:
        return "The hours together are beyond the control limit."
    if anomaly.chance < RAREST:
        return "Were all as usual, the chance of this would be less than one in a million."
    return f"Were all as usual, the chance of this would be about 1 in {1 / anomaly.chance:,.0f}."


def _a_day(anomaly: Anomaly) -> str:
    return number(anomaly.observed / anomaly.window_days)


def _last_year_zh(anomaly: Anomaly) -> str:
    if anomaly.last_year is None:
        return ""
    return f"去年同期每个工作日约 {number(anomaly.last_year)} 件，现在约 {_a_day(anomaly)} 件。"


def _last_year_en(anomaly: Anomaly) -> str:
    if anomaly.last_year is None:
        return ""
    return f"A year before, a working day had about {number(anomaly.last_year)} cases; now it has {_a_day(anomaly)}."


def _goes_on_zh(anomaly: Anomaly) -> str:
    if anomaly.seen_on == anomaly.business_date:
        return ""
    return f"至 {anomaly.seen_on.isoformat()} 仍在持续。"


def _goes_on_en(anomaly: Anomaly) -> str:
    if anomaly.seen_on == anomaly.business_date:
        return ""
    return f"It was still so on {anomaly.seen_on.isoformat()}."
