"""An appointment as an iCalendar file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from gateway.settings import Place
from services.chassis import clock

REMIND_BEFORE = timedelta(hours=1)
# States in which the person need not come (any more).
CALLED_OFF = frozenset({"lapsed", "cancelled", "rescheduled", "no_show", "displaced"})
TENTATIVE = frozenset({"held", "offered"})
WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "summary": "办事预约：{item}",
        "reference": "预约号 {reference}",
        "materials": "请带材料：",
        "place": "{hall}（{address}）",
        "directions": "怎么去：{directions}",
    },
    "en": {
        "summary": "Appointment: {item}",
        "reference": "Reference {reference}",
        "materials": "Please bring:",
        "place": "{hall}, {address}",
        "directions": "Getting there: {directions}",
    },
}


def calendar_file(
    appointment: Mapping[str, Any],
    moves: Mapping[str, Any],
    *,
    item: Mapping[str, Any],
    hall: Mapping[str, Any],
    place: Place,
    language: str,
) -> bytes:
    """Return the file: one event with the item, the materials to bring and an alarm an hour before.

    Whoever opens the file of an appointment that was moved has one entry, not two: the line of moves has one UID, and
    SEQUENCE counts them (3.8.4.7, 3.8.7.4). The hall's time zone is defined in the file (3.2.19).

    Source: RFC 5545, https://www.rfc-editor.org/rfc/rfc5545

    Args:
        appointment: as appointments answers it, with a time.
        moves: the id of the `first` appointment of its line of moves, and how many `moves` there were.
        item: as catalogue answers it.
        hall: as catalogue answers it.
        place: where it is and how to get there.
        language: `zh` or `en`.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//HallFlow//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(appointment, moves, item=item, hall=hall, place=place, language=language))
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _event(
    appointment: Mapping[str, Any],
    moves: Mapping[str, Any],
    *,
    item: Mapping[str, Any],
    hall: Mapping[str, Any],
    place: Place,
    language: str,
) -> Event:
    words = WORDS[language]
    summary = words["summary"].format(item=_named(item, language))
    event = Event()
    event.add("uid", f"{moves['first']}@{appointment['hall']}.hallflow")
    event.add("sequence", moves["moves"])
    event.add("dtstamp", clock.now())
    event.add("dtstart", datetime.fromisoformat(appointment["starts_at"]).astimezone(clock.hall_zone()))
    event.add("dtend", datetime.fromisoformat(appointment["ends_at"]).astimezone(clock.hall_zone()))
    event.add("summary", summary)
    address, directions = _in_words(place, language)
    event.add(
        "location",
        words["place"].format(hall=_named(hall, language), address=address)
        if address
        else _named(hall, language),
    )
    event.add("description", _description(appointment, item, directions=directions, words=words))
    event.add("status", _status(appointment["state"]))
    if appointment["state"] not in CALLED_OFF:
        event.add_component(_alarm(summary))
    return event


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm


def _status(state: str) -> str:
    if state in CALLED_OFF:
        return "CANCELLED"
    return "TENTATIVE" if state in TENTATIVE else "CONFIRMED"


def _in_words(place: Place, language: str) -> tuple[str, str]:
    if language == "en":
        return place.address_en or place.address, place.directions_en or place.directions
    return place.address, place.directions


def _description(
    appointment: Mapping[str, Any], item: Mapping[str, Any], *, directions: str, words: Mapping[str, str]
) -> str:
    lines = [words["reference"].format(reference=appointment["reference"])]
    if item.get("materials"):
        lines += [words["materials"], *(f"- {material}" for material in item["materials"])]
    if directions:
        lines.append(words["directions"].format(directions=directions))
    return "\n".join(lines)


def _named(thing: Mapping[str, Any], language: str) -> str:
    name: str = (thing.get("name_en") if language == "en" else None) or thing["name"]
    return name
