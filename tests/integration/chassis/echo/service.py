"""Echo on the bus."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from services.chassis import clock
from services.chassis.calls import Calls
from services.chassis.errors import Conflict
from services.chassis.inbox import Received, hears
from services.chassis.outbox import Event, publish_later
from services.chassis.schemas import EventData, Request, Text
from services.chassis.service import Data, Inbox, NoFields, Service, command, every, question
from tests.integration.chassis.echo.store import Store


class Word(EventData):
    """A word that was noted or said."""

    word = Text(required=True)
    fail = fields.Boolean(load_default=False)


class Note(Request):
    """A word to keep, and how the command is to end."""

    word = Text(required=True)
    gate = fields.Integer(load_default=0)
    events = fields.Integer(load_default=1)
    end = Text(load_default="")


class Rest(Request):
    """A gate to wait at."""

    gate = fields.Integer(load_default=0)


class Ask(Request):
    """A call to pass on."""

    service = Text(load_default="echo")
    method = Text(load_default="rest")
    request = fields.Dict(load_default=dict)


class Refused(Conflict):
    """The word is refused."""

    code = "word_refused"


def hear(store: Store, events: Sequence[Received]) -> None:
    """Keep what was heard, unless one of the events is told to fail."""
    store.hear(events)
    bad = [event.data["word"] for event in events if event.data["fail"]]
    if bad:
        raise RuntimeError(f"told to fail by {bad}")


def is_aloud(word: Mapping[str, Any]) -> bool:
    """Tell whether a word is one that is heard here."""
    return not word["word"].startswith("(whispered)")


class Echo(Service):
    """Words in, words out."""

    name = "echo"
    # Its events are what is counted.
    tells_acts = False
    data = Data(Store, "tests.integration.chassis.echo")
    calls = Calls()
    inbox = Inbox(
        hears("echo.note.made", Word(), hear), hears("other.word.said", Word(), hear, wanted=is_aloud)
    )

    @command(Note())
    def note(self, store: Store, request: dict[str, Any]) -> dict[str, Any]:
        """Keep a word and tell of it as often as asked."""
        word = request["word"]
        store.rest(request["gate"])
        id_ = store.note(self.caller.hall, word)
        data = {"word": word}
        events = [
            Event(type="echo.note.made", subject=str(id_), sequence=1, data=data)
            for _ in range(request["events"])
        ]
        publish_later(store, *events, caller=self.caller, at=clock.now())
        if request["end"] == "refuse":
            raise Refused(word=word)
        if request["end"] == "break":
            raise RuntimeError("told to break")
        return {"id": id_, "word": word}

    def _ask_first(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask another service before anything is locked here."""
        return {"answer": self.calls("other", "rest", {}, caller=self.caller)}

    @command(Note(), first=_ask_first)
    def note_answer(self, store: Store, request: dict[str, Any]) -> dict[str, Any]:
        """Keep a word with what another service says of it."""
        return {"id": store.note(self.caller.hall, request["word"]), "answer": request["answer"]}

    @question(Rest())
    def rest(self, store: Store, request: dict[str, Any]) -> dict[str, Any]:
        """Answer once a gate is open."""
        store.rest(request["gate"])
        return {"rested": request["gate"]}

    @question(NoFields())
    def one_and_a_half(self, store: Store, request: dict[str, Any]) -> Any:
        """Answer with what has no JSON form, as a careless service would."""
        return {"number": store.one_and_a_half()}

    @question(Ask())
    def ask(self, store: Store, request: dict[str, Any]) -> Any:
        """Pass a call on."""
        return self.calls(request["service"], request["method"], request["request"], caller=self.caller)

    @every(0.3)
    def look_around(self) -> None:
        """Ask the database something now and then, as each service's jobs do."""
        self.data.ping()
