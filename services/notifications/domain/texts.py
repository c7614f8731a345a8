"""The texts of messages: which kinds there are, what their placeholders are, and how they are filled in."""

from collections.abc import Mapping, Sequence
from string import Formatter

LANGUAGES = ("zh", "en")
LONGEST = 500
_APPOINTMENT = frozenset({"name", "item", "reference", "date", "time"})
_WISH = frozenset({"name", "item", "reference"})
_ORDER = frozenset({"name", "item", "reference", "date", "time", "ends"})

# The placeholders of each kind. A name is filled in masked.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "booked": _APPOINTMENT,
    "rescheduled": _APPOINTMENT,
    "cancelled": _APPOINTMENT,
    "displaced": _APPOINTMENT | {"alternatives", "cause", "where"},
    "offered": _APPOINTMENT | {"until"},
    "wish_cancelled": _WISH,
    "wish_displaced": _WISH | {"alternatives", "cause"},
    "reminder_day": _APPOINTMENT,
    "reminder_hour": _APPOINTMENT,
    "no_show_limit_near": _APPOINTMENT,
    "cancellation_limit_near": _APPOINTMENT,
    "approaching": frozenset({"number", "ahead"}),
    "ticket_paused": frozenset({"number", "until"}),
    "ticket_stopped": frozenset({"number"}),
    "otp": frozenset({"code"}),
    "onsite_received": _ORDER,
    "onsite_declined": _ORDER,
    "onsite_expected": _ORDER,
    "onsite_on_way": _ORDER,
    "onsite_failed": _ORDER,
    "onsite_waiting": _ORDER,
    "onsite_rescheduled": _ORDER,
    "onsite_displaced": _ORDER | {"alternatives", "cause"},
    "onsite_cancelled": _ORDER,
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
    ): "{name}，很抱歉，您{date} {time}的预约（{reference}）因{cause}取消。{where}可改约：{alternatives}。",
    (
        "displaced",
        "en",
    ): "{name}, we are sorry: appointment {reference} on {date} at {time} cannot take place: {cause}. "
    "{where}Free instead: {alternatives}.",
    (
        "offered",
        "zh",
    ): "{name}，您候补的“{item}”有空位：{date} {time}。请在{until}前确认，预约号{reference}。",
    (
        "offered",
        "en",
    ): "{name}, a place for {item} is free on {date} at {time}. Confirm {reference} by {until}.",
    ("wish_cancelled", "zh"): "{name}，您候补的“{item}”（{reference}）已取消。",
    ("wish_cancelled", "en"): "{name}, you do not wait for a place for {item} any more ({reference}).",
    (
        "wish_displaced",
        "zh",
    ): "{name}，很抱歉，因{cause}，您候补的“{item}”（{reference}）在所选日期不再预约办理，候补已结束。"
    "可预约：{alternatives}。",
    (
        "wish_displaced",
        "en",
    ): "{name}, we are sorry: there will be no places for {item} on the days you wait for ({reference}): {cause}. "
    "Free instead: {alternatives}.",
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
    (
        "ticket_paused",
        "zh",
    ): "很抱歉，您的号码{number}所在队列临时停办，预计{until}恢复。号码保留，请届时前来。",
    (
        "ticket_paused",
        "en",
    ): "We are sorry: the queue of your number {number} is closed until {until}. Your number stays valid.",
    (
        "ticket_stopped",
        "zh",
    ): "很抱歉，您的号码{number}所在队列临时停办，今日不再叫号。请改日再来或预约办理。",
    (
        "ticket_stopped",
        "en",
    ): "We are sorry: the queue of your number {number} is closed for the rest of the day. Please book a time.",
    (
        "onsite_received",
        "zh",
    ): "{name}，已收到您的上门服务申请：“{item}”，{date} {time}至{ends}，单号{reference}。安排好后再通知您。",
    (
        "onsite_received",
        "en",
    ): "{name}, we have your on-site request for {item} on {date}, {time} to {ends}. "
    "Reference {reference}; we write again once it is planned.",
    (
        "onsite_declined",
        "zh",
    ): "{name}，很抱歉，“{item}”（单号{reference}）不能上门办理。凭单号和手机号可查原因。",
    (
        "onsite_declined",
        "en",
    ): "{name}, we are sorry: nobody can come for {item}. Look up {reference} with your number for the reason.",
    (
        "onsite_expected",
        "zh",
    ): "{name}，工作人员预计{date} {time}上门办理“{item}”，单号{reference}，请备好材料。",
    (
        "onsite_expected",
        "en",
    ): "{name}, our staff is expected on {date} at {time} for {item}. Reference {reference}.",
    ("onsite_on_way", "zh"): "{name}，工作人员已出发，预计{time}到达，单号{reference}。",
    ("onsite_on_way", "en"): "{name}, our staff is on its way and expected at {time}. Reference {reference}.",
    (
        "onsite_failed",
        "zh",
    ): "{name}，{date}的上门服务未能完成（单号{reference}）。如需再次上门，请重新申请。",
    (
        "onsite_failed",
        "en",
    ): "{name}, the visit on {date} could not be made ({reference}). Please ask again if you still need it.",
    (
        "onsite_waiting",
        "zh",
    ): "{name}，因人员变动，{date}的上门服务（单号{reference}）需重新安排，确定后再通知您。",
    (
        "onsite_waiting",
        "en",
    ): "{name}, your visit on {date} ({reference}) has to be planned anew; we write again.",
    (
        "onsite_displaced",
        "zh",
    ): "{name}，很抱歉，因{cause}，{date} {time}至{ends}不能上门办理“{item}”（单号{reference}）。"
    "可改期：{alternatives}。请来电改约。",
    (
        "onsite_displaced",
        "en",
    ): "{name}, we are sorry: nobody can come for {item} on {date}, {time} to {ends} ({reference}): {cause}. "
    "Days instead: {alternatives}. Please call us.",
    (
        "onsite_rescheduled",
        "zh",
    ): "{name}，您的上门服务已改到{date} {time}至{ends}，单号{reference}。安排好后再通知您。",
    (
        "onsite_rescheduled",
        "en",
    ): "{name}, your visit is now on {date}, {time} to {ends}. Reference {reference}.",
    ("onsite_cancelled", "zh"): "{name}，{date}的上门服务（单号{reference}）已取消。",
    ("onsite_cancelled", "en"): "{name}, your visit on {date} ({reference}) is cancelled.",
    ("otp", "zh"): "验证码{code}，5分钟内有效，请勿告诉他人。",
    ("otp", "en"): "Your code is {code}. It counts for 5 minutes; tell it to nobody.",
}

# Said in place of other times where there are none.
NONE_LEFT: Mapping[str, str] = {"zh": "近期暂无", "en": "none soon"}


# What changed, for whoever loses what was promised by it.
CAUSES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "item_ended": "该事项停止办理",
        "item_moved": "该事项改由其他部门办理",
        "day_off": "当天不办公",
        "closure": "届时临时停办",
        "hours": "办公时间调整",
        "department": "该部门停止这项服务",
        "plan": "预约时段调整",
        "crew": "届时没有能上门的小组",
    },
    "en": {
        "item_ended": "this service has ended",
        "item_moved": "another department does it now",
        "day_off": "the hall does not work that day",
        "closure": "there is a closure then",
        "hours": "the opening hours have changed",
        "department": "the department does not offer this any more",
        "plan": "the times have been arranged anew",
        "crew": "no crew works then",
    },
}
OTHER_CAUSE: Mapping[str, str] = {"zh": "安排变动", "en": "the arrangements have changed"}
# Where an item is done now; without a place where that is not known.
WHERE: Mapping[str, str] = {
    "zh": "该事项现由{department}办理，请到{place}。",
    "en": "It is done by {department} now, in {place}. ",
}
WHO: Mapping[str, str] = {"zh": "该事项现由{department}办理。", "en": "It is done by {department} now. "}


def where(language: str, department: str | None, places: Sequence[str]) -> str:
    """Return the sentence that says by whom and where in the hall an item is done now; nothing when nobody is known."""
    if department is None:
        return ""
    template = WHERE if places else WHO
    joined = ("、" if language == "zh" else ", ").join(places)
    return render(template[language], {"department": department, "place": joined})


# What a text is of no use without.
NEEDED = {"otp": ("code",)}


class BadTemplate(ValueError):
    """A text is no template of its kind; the message says why."""


def check_template(kind: str, text: str) -> str:
    """Return a template whose every placeholder is a plain name that its kind has, with what its kind needs.

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
    for needed in NEEDED.get(kind, ()):
        if [name for _, name, _, _ in parts].count(needed) != 1:
            raise BadTemplate(f"{{{needed}}} must stand in it, once")
    return text


def render(template: str, values: Mapping[str, str]) -> str:
    """Return the text of a message; a placeholder without a value becomes empty."""
    parts = Formatter().parse(template)
    return "".join(before + (values.get(name, "") if name else "") for before, name, _, _ in parts)
