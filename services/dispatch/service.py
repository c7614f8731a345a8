"""Dispatch on the bus."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.calls import Calls
from services.chassis.config import settings
from services.chassis.effects import (
    ClosureChange,
    DaysChange,
    DepartmentChange,
    HoursChange,
    ItemChange,
    Promising,
    Touches,
)
from services.chassis.inbox import hears
from services.chassis.personal import vault
from services.chassis.service import Data, Inbox, command, every, question
from services.dispatch import schemas
from services.dispatch.domain.order import Order
from services.dispatch.roads import travel_source
from services.dispatch.store import Store
from services.dispatch.use_cases import (
    common,
    copies,
    crews,
    effects,
    field,
    holding,
    jobs,
    looking,
    orders,
    plans,
    visiting,
)

Request = dict[str, Any]

_one = schemas.OrderId()


class Dispatch(Promising):
    """Service at the applicant's place."""

    name = "dispatch"
    data = Data(Store, "services.dispatch")
    calls = Calls()
    touches: ClassVar[Mapping[str, Touches]] = {
        "item": Touches(takes=ItemChange(), find=effects.of_item),
        "days": Touches(takes=DaysChange(), find=effects.of_days),
        "hours": Touches(takes=HoursChange(), find=effects.of_hours),
        "closure": Touches(takes=ClosureChange(), find=effects.of_closure),
        "department": Touches(takes=DepartmentChange(), find=effects.of_department),
        "absence": Touches(
            takes=schemas.AbsenceChange(), find=effects.of_absence, roles=("dispatcher", "manager")
        ),
        "crew": Touches(takes=schemas.CrewChange(), find=effects.of_crew, roles=("dispatcher", "manager")),
    }
    inbox = Inbox(
        hears("catalogue.department.published", schemas.DepartmentPublished(), copies.keep_departments),
        hears("catalogue.item.published", schemas.ItemPublished(), copies.keep_items),
        hears("catalogue.item.dated", schemas.ItemDated(), copies.keep_terms),
        hears("catalogue.hours.published", schemas.HoursPublished(), copies.keep_hours),
        hears("catalogue.closure.published", schemas.ClosurePublished(), copies.keep_closures),
        hears("catalogue.calendar.published", schemas.CalendarPublished(), copies.keep_calendar),
        hears("cases.case.accepted", schemas.CaseAccepted(), copies.keep_case_numbers),
    )

    @command(schemas.RequestOrder(), fill=holding.filled)
    def request_order(self, store: Store, request: Request) -> Any:
        """Take an order."""
        return self._shown(store, orders.request_order(store, self.caller, **request), made=True)

    @command(schemas.ScreenOrder())
    def screen_order(self, store: Store, request: Request) -> Any:
        """Accept or decline an order."""
        return self._shown(store, orders.screen_order(store, self.caller, **request))

    @command(schemas.CancelOrder(), fill=holding.filled)
    def cancel_order(self, store: Store, request: Request) -> Any:
        """Call an order off."""
        return self._shown(store, orders.cancel_order(store, self.caller, **request))

    @command(schemas.RescheduleOrder())
    def reschedule_order(self, store: Store, request: Request) -> Any:
        """Move an order to another time."""
        return self._shown(store, orders.reschedule_order(store, self.caller, **request))

    @command(schemas.FieldAction())
    def depart(self, store: Store, request: Request) -> Any:
        """The crew is on its way."""
        return self._shown(store, field.depart(store, self.caller, **request))

    @command(schemas.FieldAction())
    def arrive(self, store: Store, request: Request) -> Any:
        """The crew is there."""
        return self._shown(store, field.arrive(store, self.caller, **request))

    @command(schemas.CompleteVisit())
    def complete(self, store: Store, request: Request) -> Any:
        """The visit is done."""
        return self._shown(store, field.complete(store, self.caller, **request))

    @command(schemas.FailVisit())
    def fail(self, store: Store, request: Request) -> Any:
        """The visit came to nothing."""
        return self._shown(store, field.fail(store, self.caller, **request))

    @command(schemas.RenewToken(), fill=holding.filled)
    def renew_token(self, store: Store, request: Request) -> Any:
        """Withdraw the token of who lost it, for a new one."""
        return self._shown(store, holding.renew_token(store, self.caller, **request), made=True)

    @question(_one)
    def get_order(self, store: Store, request: Request) -> Any:
        """What of my order?"""
        return holding.filled(self._shown(store, looking.get_order(store, self.caller, **request)))

    @question(schemas.Lookup())
    def lookup(self, store: Store, request: Request) -> Any:
        """Which is mine, by reference and phone? Who knows both is its holder and has the token from now on."""
        return holding.filled(self._shown(store, looking.lookup(store, self.caller, **request), made=True))

    @question(schemas.ListOrders(), schemas.OrdersReply())
    def list_orders(self, store: Store, request: Request) -> Any:
        """Which orders are there?"""
        return looking.list_orders(store, self.caller, **request)

    @question(schemas.ListOverdue(), schemas.OrdersReply())
    def list_overdue(self, store: Store, request: Request) -> Any:
        """Which orders are left over?"""
        return looking.list_overdue(store, self.caller, **request)

    @question(schemas.DaysOf(), schemas.DaysReply())
    def list_days(self, store: Store, request: Request) -> Any:
        """On which days can staff come?"""
        return visiting.list_days(store, self.caller, **request)

    @question(schemas.Reveal(), schemas.PersonReply())
    def reveal_person(self, store: Store, request: Request) -> Any:
        """Who is it? The answer is not stored with the command, so this is a question that leaves a trace."""
        return looking.reveal_person(store, self.caller, **request)

    @question(schemas.Contact(), schemas.ContactReply())
    def contact(self, store: Store, request: Request) -> Any:
        """Whom does a message go to?"""
        return looking.contact(store, self.caller, **request)

    @question(schemas.RouteOf(), schemas.RouteReply())
    def get_route(self, store: Store, request: Request) -> Any:
        """Where does a crew go?"""
        return looking.get_route(store, self.caller, **request)

    def _accounts(self, request: Request) -> Request:
        """Ask identity whether all members have accounts, while nothing is locked here."""
        common.require(self.caller, "dispatcher", "manager")
        wanted = {"usernames": request["members"]}
        crews.require_accounts(self.calls("identity", "no_accounts", wanted, caller=self.caller)["usernames"])
        return {}

    @command(schemas.SaveCrew(), schemas.CrewReply(), first=_accounts)
    def save_crew(self, store: Store, request: Request) -> Any:
        """Make or change a crew."""
        return crews.save_crew(store, self.caller, **request)

    @command(schemas.LoadCrews(), schemas.CrewsReply())
    def load_crews(self, store: Store, request: Request) -> Any:
        """Load the crews of the reference hall."""
        return crews.load_crews(store, self.caller, **request)

    @question(schemas.OnDate(), schemas.CrewsReply())
    def list_crews(self, store: Store, request: Request) -> Any:
        """Which crews work on a day?"""
        return crews.list_crews(store, self.caller, **request)

    @command(schemas.NoteAbsence(), schemas.CrewReply())
    def note_absence(self, store: Store, request: Request) -> Any:
        """Note that somebody is not there."""
        return crews.note_absence(store, self.caller, **request)

    @command(schemas.RequestPlan(), schemas.PlanState())
    def request_plan(self, store: Store, request: Request) -> Any:
        """Have a day planned."""
        return plans.request_plan(store, self.caller, **request)

    @question(schemas.PlanId(), schemas.PlanNowReply())
    def get_plan(self, store: Store, request: Request) -> Any:
        """How far is a plan?"""
        return plans.get_plan(store, self.caller, **request)

    @question(schemas.ListPlans(), schemas.PlansReply())
    def list_plans(self, store: Store, request: Request) -> Any:
        """Which plans are there?"""
        return plans.list_plans(store, self.caller, **request)

    @command(schemas.PlanId(), schemas.PlanReply())
    def publish_plan(self, store: Store, request: Request) -> Any:
        """Make a draft the plan that holds."""
        return plans.publish_plan(store, self.caller, **request)

    @command(schemas.Reassign(), schemas.ReassignReply())
    def reassign(self, store: Store, request: Request) -> Any:
        """Give an order of a draft to another crew."""
        return plans.reassign(store, self.caller, **request, travel=travel_source())

    @every(5)
    def settle_changes(self) -> None:
        """Tell those who cannot be reached as promised."""
        self._do(jobs.SOON)

    @every(60)
    def forget_and_seal(self) -> None:
        """Erase persons whose time is over, and seal again under the active key."""
        self._do(jobs.JOBS)

    def _do(self, wanted: Sequence[jobs.Job]) -> None:
        caller = Caller(hall=settings().hall, username="clock", roles=frozenset({"admin"}))
        for job in wanted:
            with self.data.transaction() as store:
                if store.try_job(job.__name__):
                    job(store, caller)
        self.wake_relay()

    def health_details(self, store: Any) -> dict[str, Any]:
        """Say which plans wait, how many items were heard of, and how many sealed rows there are under which key."""
        waiting, oldest = store.waiting_plans(settings().hall)
        return {
            "plans": {
                "waiting": waiting,
                "oldest_s": (clock.now() - oldest).total_seconds() if oldest else 0,
            },
            "copies": {"items": store.items_heard(settings().hall)},
            "personal": {"active": vault().active, "rows": store.sealed_under()},
        }

    def _shown(self, store: Store, order: Order, **about: bool) -> dict[str, Any]:
        return holding.shown(store, self.caller, order, **about)
