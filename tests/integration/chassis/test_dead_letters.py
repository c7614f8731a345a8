"""Looking at dead letters and sending them again."""

import json
from uuid import uuid4

import pytest

from services.chassis import dead
from tests.integration.chassis.client import Client, said
from tests.integration.chassis.conftest import Copy, Echoes
from tests.waiting import until


@pytest.fixture
def three(client: Client, kept: Echoes) -> list[str]:
    """Two events of a shape the service does not know, and a request without `reply_to`; gives the events' ids."""
    ids = [str(uuid4()) for _ in range(2)]
    for nth, id_ in enumerate(ids):
        kept.tell({**said(f"w{nth}", id_=id_), "type": "other.song.sung"})
        kept.until_dead(nth + 1)
    client.send_raw('{"args": [], "kwargs": {}}', method="note")
    kept.until_dead(3)
    return ids


def test_looking_loses_nothing_and_keeps_the_order(kept: Echoes, three: list[str]) -> None:
    for _ in range(25):  # RabbitMQ 4 would drop what was looked at twenty times, were there no higher limit
        letters = dead.list_dead(kept.amqp_uri, "echo", 10)
        assert [letter.id for letter in letters[:2]] == three
        assert [letter.replayable for letter in letters] == [True, True, False]
        assert [letter.reason for letter in letters] == ["rejected", "rejected", "no reply_to"]
        assert [letter.type for letter in letters] == ["other.word.said", "other.word.said", "echo.note"]
        kept.until_dead(3)
    assert len(dead.list_dead(kept.amqp_uri, "echo", 1)) == 1
    kept.until_dead(3)


def test_one_is_shown_whole(kept: Echoes, three: list[str]) -> None:
    assert json.loads(dead.show(kept.amqp_uri, "echo", three[1]).body)["data"]["word"] == "w1"
    with pytest.raises(dead.NoSuchLetter):
        dead.show(kept.amqp_uri, "echo", "nothing")
    kept.until_dead(3)


def test_a_replayed_event_is_done_and_no_longer_dead(echoes: Echoes) -> None:
    """The service learns to handle what it failed at before; here, its table was missing."""
    copy = echoes.start()
    _without_table(echoes, copy)
    echoes.start()
    ids = [letter.id for letter in dead.list_dead(echoes.amqp_uri, "echo")]
    # Who looked gives them back as it goes, which the broker does in a moment.
    echoes.until_dead(3)
    assert dead.replay(echoes.amqp_uri, "echo", [ids[1]]) == 1
    until(lambda: len(echoes.words("heard")) == 1, what="the replayed event is done")
    echoes.until_dead(2)
    assert dead.replay(echoes.amqp_uri, "echo") == 2
    until(lambda: sorted(echoes.words("heard")) == ["w0", "w1", "w2"], what="all three are done")
    assert echoes.dead() == 0
    assert dead.replay(echoes.amqp_uri, "echo") == 0


def _without_table(echoes: Echoes, copy: Copy) -> None:
    echoes.change("ALTER TABLE heard RENAME TO away")
    echoes.tell(*(said(f"w{n}") for n in range(3)))
    echoes.until_dead(3)
    copy.process.kill()
    echoes.change("ALTER TABLE away RENAME TO heard")


def test_a_replay_of_what_is_not_there_or_no_event_replays_nothing(kept: Echoes, three: list[str]) -> None:
    request = dead.list_dead(kept.amqp_uri, "echo")[2].id
    kept.until_dead(3)
    for wrong in ("nothing", request):
        with pytest.raises(dead.NoSuchLetter):
            dead.replay(kept.amqp_uri, "echo", [three[0], wrong])
        kept.until_dead(3)
    assert kept.waiting("echo.inbox") == 0


def test_the_command_line_lists_shows_and_replays(kept: Echoes, three: list[str]) -> None:
    listed = kept.dead_command("list", "echo", "--limit", "2")
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == three
    kept.until_dead(3)
    assert '"word": "w0"' in kept.dead_command("show", "echo", three[0]).stdout
    kept.until_dead(3)
    assert kept.dead_command("replay", "echo", "all").stdout == "2 replayed\n"
    nobody = kept.dead_command("list", "nobody")
    assert nobody.returncode == 1 and "no queues" in nobody.stderr
    assert kept.dead_command("show", "echo", "nothing").returncode == 1
    # They are still of a shape the service does not know.
    kept.until_dead(3)
