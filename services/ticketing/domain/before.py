"""The stretches of a visit that was sent on before stretches were kept, made of the states it went through."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.ticketing.domain.ticket import Stretch, Ticket


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A state that a ticket was in; `left_at` is None for the present one."""

    state: str
    queue: str
    window: str | None
    entered_at: datetime
    left_at: datetime | None


def with_stretches(ticket: Ticket, passages: Sequence[Passage], departments: Mapping[str, str]) -> Ticket:
    """Return a ticket with the stretches before those that it has.

    The estimate was made when the number was given, so it is that of the first stretch; what the number was taken for
    counts there alone, since nobody wrote down what came after.

    Args:
        ticket: as it is kept.
        passages: all its states, in order.
        departments: the department of each queue.
    """
    first_known = (*ticket.past, ticket.present)[0]
    parts = [part for part in _parts(passages) if part[-1].entered_at <= first_known.entered_at]
    if not parts:
        return ticket
    found = [_stretch(part, departments) for part in parts]
    estimated = replace(found[0], item=ticket.item, p50_s=first_known.p50_s, p90_s=first_known.p90_s)
    known = [replace(each, p50_s=None, p90_s=None) if each is first_known else each for each in ticket.past]
    last = [each for each in passages if each.entered_at >= ticket.stretch_at]
    recovered = replace(ticket, past=(estimated, *found[1:], *known), version=ticket.version + 1)
    if not ticket.past:
        recovered = replace(recovered, p50_s=None, p90_s=None)
    return replace(recovered, service_s=None if ticket.service_s is None else _served_s(last) or 0)


def _parts(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Yield the states of each stretch that ended in another queue, the passing `transferred` last."""
    part: list[Passage] = []
    for each in passages:
        part.append(each)
        if each.state == "transferred":
            yield part
            part = []


def _stretch(part: Sequence[Passage], departments: Mapping[str, str]) -> Stretch:
    *stay, sent_on = part
    # Of a visit whose first states are not known, the moment of being sent on is.
    entered_at = part[0].entered_at
    called_at = next((each.entered_at for each in stay if each.state == "called"), None)
    return Stretch(
        queue=sent_on.queue,
        department=departments.get(sent_on.queue, ""),
        item=None,
        window=next((each.window for each in reversed(stay) if each.window), None),
        queued=True,
        state="transferred",
        entered_at=entered_at,
        called_at=called_at,
        left_at=sent_on.entered_at,
        misses=sum(each.state == "missed" for each in stay),
        wait_s=round((called_at - entered_at).total_seconds()) if called_at else None,
        service_s=_served_s(stay),
        p50_s=None,
        p90_s=None,
    )


def _served_s(passages: Sequence[Passage]) -> int | None:
    """Return the seconds of service in these states, None when there was none."""
    served = [
        (each.left_at - each.entered_at).total_seconds()
        for each in passages
        if each.state == "serving" and each.left_at is not None
    ]
    return round(sum(served)) if served else None
