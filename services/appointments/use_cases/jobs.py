"""What happens by the clock. Each job gives pieces of work, each piece is a transaction of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from services.appointments.domain import appointment as rules
from services.appointments.domain.slots import HORIZON
from services.appointments.store import Store
from services.appointments.use_cases.booking import lapse
from services.appointments.use_cases.changes import called_off, displace, settle, work_out
from services.appointments.use_cases.common import PURPOSE, record_of, save
from services.appointments.use_cases.sessions import turn
from services.appointments.use_cases.waiting import offer_place
from services.chassis import clock, personal
from services.chassis.caller import Caller

Piece = Callable[[Store], None]

BATCH = 200
KEPT = timedelta(days=90)


def due(store: Store, caller: Caller) -> Iterator[Piece]:
    """Give what is due this moment: holds that lapse and withheld places that come back."""
    at = clock.now()
    for id_, slot in store.holds_over(caller.hall, at, limit=BATCH):
        yield partial(lapse, caller=caller, id_=id_, slot=slot)
    for place, slot in store.places_due(caller.hall, at, limit=BATCH):
        yield partial(_release, caller=caller, place=place, slot=slot)


def _release(store: Store, *, caller: Caller, place: int, slot: str) -> None:
    at = clock.now()
    store.share_catalogue(caller.hall)
    store.lock_slots(caller.hall, slot)
    if store.release_place(caller.hall, place):
        offer_place(store, caller, slot=slot, at=at)


def fill(store: Store, caller: Caller) -> Iterator[Piece]:
    """Give what a change brings about, the plans whose slots are to be made, and the wishes that they may fulfil."""
    at = clock.now()
    today = clock.business_date(at)
    if store.change_waits(caller.hall):
        yield partial(settle, caller=caller)
    for code in store.plans_to_make(caller.hall, today + HORIZON):
        yield partial(_make, caller=caller, code=code)
    for slot in store.wished_for(caller.hall, clock.hall_zone(), at + rules.OFFER, limit=BATCH):
        yield partial(_offer, caller=caller, slot=slot)


def turns(store: Store, caller: Caller) -> Iterator[Piece]:
    """Give the extended sessions that open or close now."""
    for id_ in store.sessions_due(caller.hall, clock.now()):
        yield partial(turn, caller=caller, id=id_)


def _make(store: Store, *, caller: Caller, code: str) -> None:
    """Make a plan's slots; what was noted since is worked out with it, so that nobody is told half of a change."""
    store.take_change(caller.hall)
    stale = store.stale_plans(caller.hall)
    plan = store.lock_plan(caller.hall, code)
    plans = stale if plan is None or plan in stale else [*stale, plan]
    work_out(store, caller, plans, at=clock.now())


def _offer(store: Store, *, caller: Caller, slot: str) -> None:
    store.share_catalogue(caller.hall)
    store.lock_slots(caller.hall, slot)
    offer_place(store, caller, slot=slot, at=clock.now())


def daily(store: Store, caller: Caller) -> Iterator[Piece]:
    """Give what the end of a day brings: those who did not come, persons to erase and to seal again."""
    yield partial(_note_no_shows, caller=caller)
    yield partial(_erase, caller=caller)
    yield partial(_seal_again, caller=caller)


def _note_no_shows(store: Store, *, caller: Caller) -> None:
    """Note who did not come; whom the hall had called off is displaced instead."""
    at = clock.now()
    today = clock.business_date(at)
    found = store.not_come(caller.hall, today, limit=BATCH)
    off = called_off(
        store, caller.hall, found, today=min((each.day or today for each in found), default=today)
    )
    store.lock_slots(caller.hall, *{each.slot for each in off if each.slot})
    absent = store.lock_not_come(caller.hall, {each.id for each in found})
    called = {each.id for each in off}
    displace(store, caller, [each for each in absent if each.id in called], at=at)
    for one in absent:
        if one.id in called:
            continue
        record = record_of(store, one, at)
        after = replace(record, no_shows=[*record.no_shows, at])
        missed = replace(rules.enter(one, "no_show"), warning=after.warning(at))
        save(store, missed, caller=caller, at=at)


def _erase(store: Store, *, caller: Caller) -> None:
    at = clock.now()
    store.erase_persons(caller.hall, before=clock.business_date(at) - KEPT, at=at, limit=BATCH)


def _seal_again(store: Store, *, caller: Caller) -> None:
    vault = personal.vault()
    for row in store.sealed_before(caller.hall, vault.active, limit=BATCH):
        sealed = {
            name: vault.seal_again(row[name], purpose=PURPOSE) for name in ("name_sealed", "phone_sealed")
        }
        store.seal_again(caller.hall, id=row["id"], **sealed)
