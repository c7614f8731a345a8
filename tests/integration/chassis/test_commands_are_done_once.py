"""Commands: idempotent by their id, whole or not at all."""

from typing import Any

from tests.integration.chassis.client import Client
from tests.integration.chassis.conftest import Echoes
from tests.waiting import until


def test_a_repeat_gets_the_stored_answer_to_the_byte(client: Client, kept: Echoes) -> None:
    first = client.call("note", command_id="k1", word='早上好 "1.0" é')
    again = client.call("note", command_id="k1", word='早上好 "1.0" é')
    assert again.text == first.text
    assert (first.replayed, again.replayed) == (False, True)
    assert len(kept.words()) == 1


def test_a_key_with_another_body_is_refused(client: Client, kept: Echoes) -> None:
    client.call("note", command_id="k1", word="a")
    answer = client.call("note", command_id="k1", word="b")
    assert (answer.error["kind"], answer.error["code"]) == ("invalid", "idempotency_key_reused")
    assert kept.words() == ["a"]


def test_the_order_of_members_makes_no_other_body(client: Client, kept: Echoes) -> None:
    first = client.call("note", command_id="k1", word="a", gate=0)
    again = client.call("note", command_id="k1", gate=0, word="a")
    assert again.text == first.text and again.replayed


def test_the_same_key_at_once_in_two_copies_is_done_once(echoes: Echoes) -> None:
    echoes.start()
    echoes.start()
    with echoes.client() as client:
        with echoes.gate() as open_gate:
            ids = [client.send("note", command_id="k1", word="once", gate=1) for _ in range(12)]
            until(lambda: echoes.held_up() == 12, what="both copies are at it twelve times at once")
            open_gate()
        answers = client.wait(*ids)
    assert len({answer.text for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert echoes.words() == ["once"]


def test_a_command_that_fails_leaves_nothing_and_may_be_tried_again(client: Client, kept: Echoes) -> None:
    refused = client.call("note", command_id="k1", word="a", end="refuse")
    broken = client.call("note", command_id="k2", word="a", end="break")
    assert (refused.error["kind"], refused.error["code"]) == ("conflict", "word_refused")
    assert refused.error["extra"] == {"word": "a"}
    assert broken.error["kind"] == "unexpected"
    assert "told to break" not in broken.text, "the inside shows"
    for table in ("notes", "outbox", "commands", "heard"):
        assert kept.rows(f"SELECT * FROM {table}") == [], table  # noqa: S608
    assert client.call("note", command_id="k1", word="a").error is None


def test_a_request_that_is_not_valid_names_the_fields(client: Client, kept: Echoes) -> None:
    answer = client.call("note", word="", colour="red")
    assert answer.error["kind"] == "invalid"
    assert set(answer.error["errors"]) == {"word", "colour"}


def test_a_method_that_is_not_there_is_not_found(client: Client, kept: Echoes) -> None:
    assert client.call("sing").error["code"] == "no_such_method"


def test_an_answer_without_a_json_form_is_an_unexpected_error_and_the_process_lives(
    client: Client, kept: Echoes
) -> None:
    """Seen to fail before the reply was guarded: the container died, and so would the next copy."""
    answer = client.call("one_and_a_half")
    assert answer.error["kind"] == "unexpected"
    assert client.call("rest").error is None and kept.copies[0].lives()


def test_a_caller_of_the_wrong_shape_harms_nobody(client: Client, kept: Echoes) -> None:
    """Seen to fail before: `roles: 5` raised where Nameko injects dependencies, which ends the process."""
    for caller in (
        {"roles": 5},
        {"roles": [["admin"]], "username": 7},
        "admin",
        {"hall": {}, "command_id": 1},
        5,
    ):
        assert client.call("note", caller=caller, word="a").error is None
    for stack in (5, "c", {}, [], [None], [{"a": 1}]):
        assert client.call("note", call_id=stack, word="a").error is None
    assert kept.copies[0].lives()


def test_log_lines_of_calls_at_once_carry_their_own_call_ids(client: Client, kept: Echoes) -> None:
    with kept.gate() as open_gate:
        ids = [client.send("rest", call_id=f"call-{n}", gate=1) for n in range(10)]
        until(lambda: kept.held_up() == 10, what="ten calls at once")
        open_gate()
    client.wait(*ids)
    until(lambda: len(_rests(kept)) == 10, what="ten lines of the log")
    assert sorted(line["call_id"] for line in _rests(kept)) == sorted(f"call-{n}" for n in range(10))


def _rests(kept: Echoes) -> list[dict[str, Any]]:
    # Logs are written in lots, so lines of an earlier test's calls may still come.
    return [line for line in kept.copies[0].lines("call") if line["call_id"].startswith("call-")]
