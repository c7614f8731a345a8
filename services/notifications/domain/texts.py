"""The texts of messages: which kinds there are, what their placeholders are, and how they are filled in."""

from collections.abc import Mapping
from string import Formatter

LANGUAGES = ("zh", "en")
LONGEST = 500
_APPOINTMENT = frozenset({"name", "item", "reference", "date", "time"})

# The placeholders of each kind. A name is filled in masked.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "booked": _APPOINTMENT,
    "rescheduled": _APPOINTMENT,
    "cancelled": _APPOINTMENT,
    "displaced": _APPOINTMENT | {"alternatives"},
    "offered": _APPOINTMENT | {"until"},
    "reminder_day": _APPOINTMENT,
    "reminder_hour": _APPOINTMENT,
    "no_show_limit_near": _APPOINTMENT,
    "cancellation_limit_near": _APPOINTMENT,
    "approaching": frozenset({"number", "ahead"}),
    "otp": frozenset({"code"}),
}

# The texts of a hall that has saved none of its own.
DEFAULTS: Mapping[tuple[str, str], str] = {
    ("booked", "zh"): "{name}，您已预约{date} {time}办理“{item}”，预约号{reference}。请提前到大厅取号。",
    ("booked", "en"): "{name}, your appointment for {item} is on {date} at {time}. Reference {reference}.",
    ("rescheduled", "zh"): "{name}，您的预约已改到{date} {time}，事项“{item}”，新预约号{reference}。",
    (
        "rescheduled",
        "en",
    ): "{name}, your appointment for {item} is now on {date} at {time}. Reference {reference}.",
    ("cancelled", "zh"): "{name}，您{date} {time}的预约（{reference}）已取消。",
    ("cancelled", "en"): "{name}, your appointment {reference} on {date} at {time} is cancelled.",
    (
        "displaced",
        "zh",
    ): "{name}，很抱歉，您{date} {time}的预约（{reference}）因安排变动取消。可改约：{alternatives}。",
    (
        "displaced",
        "en",
    ): "{name}, we are sorry: appointment {reference} on {date} at {time} cannot take place. "
    "Free instead: {alternatives}.",
    (
        "offered",
        "zh",
    ): "{name}，您候补的“{item}”有空位：{date} {time}。请在{until}前确认，预约号{reference}。",
    (
        "offered",
        "en",
    ): "{name}, a place for {item} is free on {date} at {time}. Confirm {reference} by {until}.",
    ("reminder_day", "zh"): "{name}，提醒您：{date} {time}办理“{item}”，预约号{reference}。",
    ("reminder_day", "en"): "{name}, a reminder: {item} on {date} at {time}. Reference {reference}.",
    ("reminder_hour", "zh"): "{name}，您的预约将于{time}开始，预约号{reference}，请到自助机签到。",
    (
        "reminder_hour",
        "en",
    ): "{name}, your appointment begins at {time}. Check in at a kiosk with {reference}.",
    ("no_show_limit_near", "zh"): "{name}，您预约后未到场。再次爽约将暂停网上预约30天。",
    (
        "no_show_limit_near",
        "en",
    ): "{name}, you missed an appointment. Missing another stops web booking for 30 days.",
    ("cancellation_limit_near", "zh"): "{name}，您近期取消预约较多，再次取消将暂停网上预约30天。",
    ("cancellation_limit_near", "en"): "{name}, you cancelled often. One more stops web booking for 30 days.",
    ("approaching", "zh"): "您的号码{number}前面还有{ahead}人，请到窗口附近等候。",
    ("approaching", "en"): "{ahead} ahead of your number {number}: please wait near the windows.",
    ("otp", "zh"): "验证码{code}，5分钟内有效，请勿告诉他人。",
    ("otp", "en"): "Your code is {code}. It counts for 5 minutes; tell it to nobody.",
}


class BadTemplate(ValueError):
    """A text is no template of its kind; the message says why."""


def check_template(kind: str, text: str) -> str:
    """Return a template whose every placeholder is a plain name that its kind has.

    A format like `{name.__class__}`, `{name!r}` or `{name:>9}` is refused: it would reach into what is filled in.

    Raises:
        BadTemplate: it is not.
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError as fault:
        raise BadTemplate(str(fault)) from fault
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if spec or conversion or name not in PLACEHOLDERS[kind]:
            known = ", ".join(f"{{{each}}}" for each in sorted(PLACEHOLDERS[kind]))
            raise BadTemplate(f"{{{name}}} is not one of {known}")
    return text


def render(template: str, values: Mapping[str, str]) -> str:
    """Return the text of a message; a placeholder without a value becomes empty."""
    parts = Formatter().parse(template)
    return "".join(before + (values.get(name, "") if name else "") for before, name, _, _ in parts)
