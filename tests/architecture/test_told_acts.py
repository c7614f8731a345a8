"""Every command of every service tells the trail what the staff do by it, but for those that are routine."""

from services.chassis.container import service_class
from services.chassis.service import ROUTINE, TOLD
from tests.architecture.test_kept_tables import SERVICES

# Done all day by each clerk; the states of ticket and case say by whom and when. Parts of a file are no acts.
EXPECTED = {
    *(
        f"ticketing.{verb}_ticket"
        for verb in ("recall", "start", "finish", "miss", "requeue", "hold", "resume")
    ),
    "ticketing.call_next",
    "ticketing.evaluate_ticket",
    "cases.accept_case",
    "statistics.add_import_part",
    "catalogue.add_workbook_part",
}


def test_only_what_is_routine_is_left_out_of_the_trail() -> None:
    for service in SERVICES:
        service_class(service)
    ours = {name for name in ROUTINE if name.partition(".")[0] in SERVICES}
    assert ours == EXPECTED
    assert not ROUTINE & TOLD


def test_every_service_but_the_one_that_keeps_the_trail_tells_of_its_commands() -> None:
    for service in SERVICES:
        assert service_class(service).tells_acts is (service != "identity")
    assert {
        "ticketing.transfer_ticket",
        "ticketing.cancel_ticket",
        "appointments.cancel",
        "appointments.save_slot_plan",
        "dispatch.screen_order",
        "dispatch.publish_plan",
        "quality.publish_assessment",
        "statistics.begin_import",
        "notifications.save_template",
        "catalogue.adjust_item",
        "cases.reject_case",
    } <= TOLD
