"""Sending what is due: each message by one copy at a time, tried again with growing pauses.

A message's row is held while it is sent, so no other copy takes it. A process that is killed after sending and before
its note is committed lets go of the row, and the message goes out again under the same id: the receiver can drop the
second one by that id, nobody else can know of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from services.chassis import clock, wire
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.db import Database
from services.chassis.errors import NotFound, ServiceError
from services.chassis.logs import get_logger
from services.chassis.outbox import publish_later
from services.chassis.personal import SealBroken, mask_name, mask_phone, vault
from services.notifications import events
from services.notifications.domain import delivery as rules
from services.notifications.domain import texts
from services.notifications.domain.delivery import Contact, Delivery
from services.notifications.store import Store
from services.notifications.use_cases.sms import NotSent

PURPOSE = "notifications.delivery"
RESEALED_AT_ONCE = 200
_HIDDEN_CODE = "******"

ContactOf = Callable[[Delivery], Contact]
log = get_logger()


class Send(Protocol):
    """Sends a text to a phone under an id by a channel; raises NotSent."""

    @property
    def channel(self) -> str:
        """What the channel is called."""

    def __call__(self, id_: str, /, *, to: str, text: str) -> None:
        """Send."""


def deliver_next(data: Database[Store], contact_of: ContactOf, send: Send, *, pause_s: float) -> bool:
    """Send the next message that is due; return whether there was one.

    Args:
        data: the database.
        contact_of: asks the owner of a person's data whom to tell.
        send: the channel.
        pause_s: seconds of real time after the first failed try; doubled after each.
    """
    at = clock.now()
    with data.transaction() as store:
        delivery = store.next_due(at=at, real=clock.real_now())
        if delivery is None:
            return False
        if delivery.expires_at and delivery.expires_at <= at:
            _end(store, delivery, "dropped", at=at, fault="too_late")
            return True
        _try(store, delivery, contact_of, send, pause_s=pause_s)
    return True


def _try(store: Store, delivery: Delivery, contact_of: ContactOf, send: Send, *, pause_s: float) -> None:
    at = clock.now()
    try:
        contact = _contact(delivery, contact_of)
        if delivery.kind == "otp" and delivery.sealed is None:
            # Committed before it is sent: identity hands it over this once.
            _keep_code(store, delivery, contact)
            return
        worded = _wording(store, delivery, contact)
        text = texts.render(*worded)
        send(delivery.id, to=contact.phone, text=text)
    except NotFound:
        _end(store, delivery, "dropped", at=at, fault="nobody_to_tell")
    except NotSent as fault:
        _failed(store, delivery, fault.code, at=at, last=not fault.again, pause_s=pause_s)
    except ServiceError as fault:
        _failed(store, delivery, fault.code, at=at, last=False, pause_s=pause_s)
    else:
        template, values = worded
        hidden = texts.render(template, {**values, "code": _HIDDEN_CODE})
        tried = replace(
            delivery,
            tries=delivery.tries + 1,
            text=text if settings().demo else hidden,
            phone=mask_phone(contact.phone),
            sent_at=clock.now(),
            channel=send.channel,
        )
        _end(store, tried, "sent", at=clock.now(), fault=None)


def _contact(delivery: Delivery, contact_of: ContactOf) -> Contact:
    if delivery.sealed is None:
        return contact_of(delivery)
    try:
        kept: Mapping[str, Any] = json.loads(vault().open(delivery.sealed, purpose=PURPOSE))
    except SealBroken:
        raise NotSent("seal_broken", again=False) from None
    return Contact(phone=kept["phone"], code=kept["code"])


def _keep_code(store: Store, delivery: Delivery, contact: Contact) -> None:
    sealed = vault().seal(wire.dumps({"phone": contact.phone, "code": contact.code}), purpose=PURPOSE)
    kept = replace(delivery, sealed=sealed, phone=mask_phone(contact.phone))
    store.save(kept, not_before=clock.real_now())


def _wording(store: Store, delivery: Delivery, contact: Contact) -> tuple[str, dict[str, str]]:
    """Return the template of a message and what is filled in, the name masked and the code in clear."""
    kept = delivery.values
    language = contact.language if contact.language in texts.LANGUAGES else delivery.language
    saved, item = store.wording(delivery.hall, kind=delivery.kind, language=language, item=kept.get("item"))
    values = {name: str(kept[name]) for name in ("reference", "number", "ahead") if name in kept}
    values["item"] = item or kept.get("item", "")
    if "starts_at" in kept:
        values["date"], values["time"] = _local(kept["starts_at"]).split(" ")
    if "ends_at" in kept:
        values["ends"] = _local(kept["ends_at"]).split(" ")[1]
    if "until" in kept:
        values["until"] = _local(kept["until"])
    others = ", ".join(_local(each) for each in kept.get("alternatives", []))
    values["alternatives"] = others or texts.NONE_LEFT[language]
    values["cause"] = texts.CAUSES[language].get(kept.get("cause") or "", texts.OTHER_CAUSE[language])
    if kept.get("moved_to"):
        place = store.place_of(delivery.hall, kept["moved_to"], language=language)
        values["where"] = texts.where(language, *place)
    values["name"] = mask_name(contact.name) if contact.name else ""
    values["code"] = contact.code or ""
    return saved if saved is not None else texts.DEFAULTS[delivery.kind, language], values


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(clock.hall_zone()):%Y-%m-%d %H:%M}"


def _failed(store: Store, delivery: Delivery, code: str, *, at: datetime, last: bool, pause_s: float) -> None:
    tried = replace(delivery, tries=delivery.tries + 1, fault=code)
    log.warning("delivery.not_sent", id=delivery.id, kind=delivery.kind, fault=code, tries=tried.tries)
    if last or tried.tries >= rules.MOST_TRIES:
        _end(store, tried, "failed", at=at, fault=code)
        return
    pause = rules.pause_s(tried.tries, base_s=pause_s)
    store.save(tried, not_before=datetime.fromtimestamp(clock.real_now().timestamp() + pause, tz=at.tzinfo))


def _end(store: Store, delivery: Delivery, state: str, *, at: datetime, fault: str | None) -> None:
    ended = rules.moved(delivery, state, fault=fault, sealed=None)
    store.enter(ended, at=at, real=clock.real_now())
    log.info("delivery", id=ended.id, kind=ended.kind, state=state, tries=ended.tries)
    if state == "dropped":
        return
    event = events.delivery_event(
        state, ended.id, kind=ended.kind, cause=ended.cause, tries=ended.tries, version=ended.version
    )
    publish_later(store, event, caller=Caller(hall=ended.hall, call_id=ended.id), at=at)


def reseal(store: Store) -> int:
    """Seal rows under the active key that are sealed under another; return how many were."""
    rows = store.sealed_under_others(vault().active, limit=RESEALED_AT_ONCE)
    store.save_sealed([{**row, "sealed": vault().seal_again(row["sealed"], purpose=PURPOSE)} for row in rows])
    return len(rows)
