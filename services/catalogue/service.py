"""The catalogue on the bus."""

from base64 import b64encode
from typing import Any

from services.catalogue import schemas
from services.catalogue.domain.places import Department, Queue, Window, Zone
from services.catalogue.store import Store
from services.catalogue.tables.aside import read_aside, write_aside
from services.catalogue.use_cases import arranging, closures, items, loading, places, there, workbooks
from services.catalogue.use_cases.working_off import Sender, work_off_with
from services.chassis.inbox import hears
from services.chassis.service import Chores, Data, Inbox, Service, command, every, question

Request = dict[str, Any]


class Catalogue(Service):
    """What the hall offers, where, and when it is open."""

    name = "catalogue"
    data = Data(Store, "services.catalogue")
    beside = Chores(work_off_with(read_aside, Sender()))
    inbox = Inbox(hears("identity.hall.set_up", schemas.HallSetUp(), loading.keep_set_up))

    @question(schemas.Nothing(), schemas.Departments())
    def list_departments(self, store: Store, request: Request) -> Request:
        """Return the departments."""
        return {"items": places.list_departments(store, self.caller)}

    @question(schemas.Nothing(), schemas.Zones())
    def list_zones(self, store: Store, request: Request) -> Request:
        """Return the zones."""
        return {"items": places.list_zones(store, self.caller)}

    @question(schemas.Nothing(), schemas.Zones())
    def list_chains(self, store: Store, request: Request) -> Request:
        """Return the business chains."""
        return {"items": places.list_chains(store, self.caller)}

    @question(schemas.ByDepartment(), schemas.Queues())
    def list_queues(self, store: Store, request: Request) -> Request:
        """Return the queues."""
        return {"items": places.list_queues(store, self.caller, **request)}

    @command(schemas.DepartmentRow(), schemas.Department())
    def add_department(self, store: Store, request: Request) -> Any:
        """Make a department."""
        return arranging.add_place(store, self.caller, Department, **request)

    @command(schemas.DepartmentRow(partial=True), schemas.Department())
    def change_department(self, store: Store, request: Request) -> Any:
        """Change a department."""
        return arranging.change_place(store, self.caller, Department, **request)

    @command(schemas.ZoneRow(), schemas.Zone())
    def add_zone(self, store: Store, request: Request) -> Any:
        """Make a zone."""
        return arranging.add_place(store, self.caller, Zone, **request)

    @command(schemas.ZoneRow(partial=True), schemas.Zone())
    def change_zone(self, store: Store, request: Request) -> Any:
        """Change a zone."""
        return arranging.change_place(store, self.caller, Zone, **request)

    @command(schemas.QueueRow(), schemas.Queue())
    def add_queue(self, store: Store, request: Request) -> Any:
        """Make a queue."""
        return arranging.add_place(store, self.caller, Queue, **request)

    @command(schemas.QueueRow(partial=True), schemas.Queue())
    def change_queue(self, store: Store, request: Request) -> Any:
        """Change a queue."""
        return arranging.change_place(store, self.caller, Queue, **request)

    @command(schemas.WindowRow(), schemas.Window())
    def add_window(self, store: Store, request: Request) -> Any:
        """Make a window."""
        return arranging.add_place(store, self.caller, Window, **request)

    @command(schemas.WindowRow(partial=True), schemas.Window())
    def change_window(self, store: Store, request: Request) -> Any:
        """Change a window."""
        return arranging.change_place(store, self.caller, Window, **request)

    @question(schemas.Nothing(), schemas.Windows())
    def list_windows(self, store: Store, request: Request) -> Request:
        """Return the windows as they are arranged."""
        return {"items": arranging.list_windows(store, self.caller)}

    @command(schemas.SaveHours(), schemas.HoursReply())
    def save_hours(self, store: Store, request: Request) -> Request:
        """Give weekdays other opening hours."""
        return {"items": [each.to_plain() for each in arranging.save_hours(store, self.caller, **request)]}

    @command(schemas.SaveDays(), schemas.Days())
    def save_days(self, store: Store, request: Request) -> Request:
        """Say which days are worked, and which not."""
        return {"items": arranging.save_days(store, self.caller, **request)}

    @question(schemas.OfYear(), schemas.Days())
    def list_official_days(self, store: Store, request: Request) -> Request:
        """Return the days of a year that the State Council has published."""
        return {"items": arranging.list_official_days(store, self.caller, **request)}

    @question(schemas.OfYear(), schemas.Days())
    def list_days(self, store: Store, request: Request) -> Request:
        """Return the days of a year that differ from the plain rule."""
        return {"items": arranging.list_days(store, self.caller, **request)}

    @question(schemas.Nothing())
    def get_hall(self, store: Store, request: Request) -> Request:
        """Return the hall, its hours and how it works today."""
        return places.get_hall(store, self.caller)

    @question(schemas.ItemQuery(), schemas.Items())
    def list_items(self, store: Store, request: Request) -> Request:
        """Find items."""
        return items.list_items(store, self.caller, **request)

    @question(schemas.ByCode(), schemas.Item())
    def get_item(self, store: Store, request: Request) -> Any:
        """Return an item with its guide."""
        return items.get_item(store, self.caller, **request)

    @command(schemas.AddItem(), schemas.Item())
    def add_item(self, store: Store, request: Request) -> Any:
        """Offer a new item from a day on."""
        return items.add_item(store, self.caller, **request)

    @command(schemas.AdjustItem(), schemas.Item())
    def adjust_item(self, store: Store, request: Request) -> Any:
        """Change an item from a day on."""
        return items.adjust_item(store, self.caller, **request)

    @command(schemas.WithdrawItem(), schemas.Item())
    def withdraw_item(self, store: Store, request: Request) -> Any:
        """Stop offering an item from a day on."""
        return items.withdraw_item(store, self.caller, **request)

    @question(schemas.RevisionQuery(), schemas.Revisions())
    def list_revisions(self, store: Store, request: Request) -> Request:
        """Return what was added, adjusted and withdrawn."""
        return items.list_revisions(store, self.caller, **request)

    @question(schemas.Nothing())
    def hall_tables(self, store: Store, request: Request) -> Request:
        """Return the catalogue's part of the hall's tables."""
        return there.hall_tables(store, self.caller)

    @question(schemas.ClosureQuery(), schemas.ClosuresReply())
    def list_closures(self, store: Store, request: Request) -> Request:
        """Return what is closed when."""
        return closures.list_closures(store, self.caller, **request)

    @question(schemas.AnnounceClosure())
    def look_at_closure(self, store: Store, request: Request) -> Request:
        """Say what a closure would be, before services are asked whom it touches."""
        return closures.look_at_closure(store, self.caller, **request)

    @command(schemas.AnnounceClosure(), schemas.Closure())
    def announce_closure(self, store: Store, request: Request) -> Request:
        """Close the hall, a department or a window for a time."""
        return closures.announce_closure(store, self.caller, **request)

    @command(schemas.ClosureId(), schemas.Closure())
    def end_closure(self, store: Store, request: Request) -> Request:
        """End a closure early, or call it off."""
        return closures.end_closure(store, self.caller, **request)

    @command(schemas.LoadHall())
    def load_hall(self, store: Store, request: Request) -> Request:
        """Load the tables of a hall."""
        return loading.load_hall(store, self.caller, **request)

    @command(schemas.Nothing())
    def publish_hall(self, store: Store, request: Request) -> Request:
        """Publish everything once more."""
        return loading.publish_hall(store, self.caller)

    @command(schemas.BeginWorkbook(), schemas.Workbook())
    def begin_workbook(self, store: Store, request: Request) -> Any:
        """Note a workbook that is about to be sent."""
        return workbooks.begin_workbook(store, self.caller, **request)

    @command(schemas.AddWorkbookPart(), routine=True)
    def add_workbook_part(self, store: Store, request: Request) -> Any:
        """Keep a part of a workbook."""
        return workbooks.add_workbook_part(store, self.caller, **request)

    @command(schemas.QueueWorkbook(), schemas.Workbook())
    def queue_workbook(self, store: Store, request: Request) -> Any:
        """Have a workbook checked."""
        return workbooks.queue_workbook(store, self.caller, **request)

    @question(schemas.WorkbookId(), schemas.WholeWorkbook())
    def get_workbook(self, store: Store, request: Request) -> Any:
        """Return a workbook and how far it is."""
        return workbooks.get_workbook(store, self.caller, **request)

    @command(schemas.WorkbookId(), schemas.Workbook())
    def apply_workbook(self, store: Store, request: Request) -> Any:
        """Have a workbook applied."""
        return workbooks.apply_workbook(store, self.caller, **request)

    @command(schemas.WorkbookId(), schemas.Workbook())
    def cancel_workbook(self, store: Store, request: Request) -> Any:
        """Call a workbook off."""
        return workbooks.cancel_workbook(store, self.caller, **request)

    def _written(self, request: Request) -> Request:
        """Have the workbook written, while no connection is held."""
        with self.data.autocommit() as store:
            tables = there.tables_to_write(store, self.caller, told=request["told"])
        return {"written": write_aside(tables)}

    @question(schemas.WriteWorkbook(), first=_written)
    def write_workbook(self, store: Store, request: Request) -> Request:
        """Return the hall as a workbook, or a template of one."""
        return {"content": b64encode(request["written"]).decode()}

    @every(900)
    def lapse_workbooks(self) -> None:
        """Forget workbooks that nobody applies."""
        with self.data.transaction() as store:
            workbooks.lapse_workbooks(store)

    @every(10)
    def respell_items(self) -> None:
        """Spell items anew that were stored before the rules of spelling changed."""
        with self.data.transaction() as store:
            items.respell(store)

    @every(10)
    def tell_untold(self) -> None:
        """Tell what was recorded before every service heard of it: places, courses of items, years of the calendar."""
        with self.data.transaction() as store:
            told = loading.tell_untold_places(store)
            told += items.tell_untold_courses(store) + loading.tell_untold_years(store)
        if told:
            self.wake_relay()

    @every(60)
    def apply_due_revisions(self) -> None:
        """Make announced revisions effective on their day."""
        with self.data.transaction() as store:
            due = items.apply_due(store)
        if due:
            self.wake_relay()
