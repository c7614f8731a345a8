"""What people ask of tickets: where is mine, why was that one first."""

from datetime import timedelta
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.errors import NotCalled
from services.ticketing.store import Store
from services.ticketing.use_cases.situation import Situations
from services.ticketing.use_cases.views import view, view_now

SHOWN_FOR = timedelta(hours=16)
_RULES = {
    "urgent": ("加急号最先叫号", "urgent tickets are called first"),
    "overdue": (
        "等候已超过本队列的最长等候时间, 优先于加急以外的号",
        "it had waited longer than the longest wait of its queue and went ahead of all but urgent ones",
    ),
    "score": (
        "得分 (级别系数 × 等候秒数) 最高",
        "its score (rate of its class × seconds waited) was the highest",
    ),
    "chosen": ("窗口人员指定叫号", "the clerk chose it"),
    "sent_on": ("由其他窗口转到本窗口", "it was sent on to this window"),
}


def get_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Return a ticket; while it waits with how many are ahead and how long it will take. Staff alone learn whose it is.

    Raises:
        NoSuchTicket: there is none.
    """
    ticket = store.ticket(caller.hall, id)
    if ticket.state != "waiting":
        shown = view(ticket)
        return shown if caller.is_staff else {**shown, "clerk": None}
    at = clock.now()
    return view_now(store, situations.current(store, caller.hall, at), ticket, at)


def why_called(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Return why a ticket was called when it was: its score, the runner-up's, and the rule.

    The runner-up is a stranger to whoever asks, and named by the number alone.

    Raises:
        NoSuchTicket: there is none.
        NotCalled: it has not been called yet.
    """
    ticket = store.ticket(caller.hall, id)
    call = store.last_call(caller.hall, ticket.id)
    if call is None:
        raise NotCalled
    return {**call, "ticket": ticket.id, **_explain(call)}


def why_number(store: Store, caller: Caller, *, zone: str, number: str) -> dict[str, Any]:
    """Return why a number that a zone's board showed was called when it was, to whoever has seen it there.

    Raises:
        NotCalled: it was not called there lately; a number comes again on the next day.
    """
    since = clock.now() - SHOWN_FOR
    call = store.call_of_number(caller.hall, zone=zone, number=number.upper(), since=since)
    if call is None:
        raise NotCalled
    return {**call, **_explain(call)}


def _explain(call: dict[str, Any]) -> dict[str, str]:
    chinese, english = _RULES[call["rule"]]
    because = (f", 理由: {call['reason']}", f" ({call['reason']})") if call["reason"] else ("", "")
    runner_up = call["runner_up"]
    if runner_up is None:
        own = (f"{chinese}{because[0]}; ", f" {english}{because[1]};") if call["reason"] else ("", "")
        return {
            "explanation": f"{call['number']} {own[0]}被叫时没有其他人等候。",
            "explanation_en": f"{call['number']}:{own[1]} nobody else waited."
            if call["reason"]
            else f"Nobody else waited when {call['number']} was called.",
        }
    return {
        "explanation": (
            f"{call['number']} 先于 {runner_up['number']}: {chinese}{because[0]}"
            f" (得分 {call['score']:.0f}, 对方 {float(runner_up['score']):.0f})。"
        ),
        "explanation_en": (
            f"{call['number']} came before {runner_up['number']}: {english}{because[1]}"
            f" (score {call['score']:.0f} against {float(runner_up['score']):.0f})."
        ),
    }
