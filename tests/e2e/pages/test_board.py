"""The wall boards."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.waiting import until

Bring = Callable[..., Any]

# A voice that takes its time and writes down what it says, and whether it was interrupted or spoke over itself.
FAKE_VOICE = """
window.spoken = [];
let now = null;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const listeners = new EventTarget();
let asked = 0;
let arrived = false;
const arrive = () => {
  arrived = true;
  listeners.dispatchEvent(new Event("voiceschanged"));
};
Object.defineProperty(window, "speechSynthesis", { value: {
  addEventListener: (...what) => listeners.addEventListener(...what),
  getVoices() {
    if (window.lateVoices && !asked++) setTimeout(arrive, 1500);
    if (window.lateVoices && !arrived) return [];
    return (window.tongues ?? ["zh-CN", "en-GB"]).map((lang) => ({ lang, name: lang }));
  },
  cancel() {},
  speak(words) {
    const said = { text: words.text, lang: words.lang, overlaps: now !== null, ended: false };
    now = said;
    window.spoken.push(said);
    setTimeout(() => { now = null; said.ended = true; words.onend?.(); }, 900);
  },
} });
"""
NO_VOICE = "window.tongues = [];" + FAKE_VOICE
# As Chromium on Linux with speech-dispatcher: no voice before they were asked for, then thousands, Mandarin as `cmn`.
LINUX_VOICES = (
    "window.lateVoices = true; window.tongues = ['af', 'yue', 'zh-yue', 'zh-HK', 'cmn', 'en-gb'];"
    + FAKE_VOICE
)
CANTONESE_ALONE = "window.tongues = ['yue', 'zh-HK', 'af'];" + FAKE_VOICE
# Every stream opened so far can be cut from the test.
CUTTABLE = """
const streams = [];
const original = window.fetch;
window.fetch = (path, options = {}) => {
  if (!String(path).includes("/events")) return original(path, options);
  if (window.cut) return Promise.reject(new TypeError("cut"));
  const cutter = new AbortController();
  streams.push(cutter);
  options.signal?.addEventListener("abort", () => cutter.abort());
  return original(path, { ...options, signal: cutter.signal });
};
window.cutStreams = () => { window.cut = true; streams.forEach((each) => each.abort()); };
window.mendStreams = () => { window.cut = false; };
"""


def _open(visitor: Bring, zone: str, *, sound: bool = False, **options: Any) -> Any:
    someone = visitor("board", **options)
    _look(someone, zone)
    if sound:
        someone.page.click("#sound")
        someone.page.wait_for_selector("#mute:not([hidden])")
    return someone


def _look(someone: Any, zone: str) -> None:
    someone.go(f"/board/{zone}")
    someone.page.wait_for_selector("#board:not([hidden])")


def _wait_spoken(someone: Any, count: int) -> list[Any]:
    someone.until("count => spoken.filter(each => each.ended).length >= count", count)
    return list(someone.page.evaluate("spoken"))


def test_boards_are_chosen_by_zone(visitor: Bring) -> None:
    someone = visitor()
    page = someone.go("/board")
    page.wait_for_selector(".zone-link")
    someone.keep("boards")
    page.get_by_role("link", name="进出口贸易区").click()
    page.wait_for_selector("#board:not([hidden])")
    assert "进出口贸易区" in page.locator("#zone-name").inner_text()


def test_the_newest_call_stands_out_and_can_be_read_from_far(visitor: Bring, desk: Bring) -> None:
    clerk = desk("archives")
    someone = _open(visitor, clerk.zone)
    ticket = clerk.issue()
    clerk.call()
    hero = someone.page.locator(".call-hero .hero-number")
    hero.get_by_text(ticket["number"]).wait_for()
    assert someone.page.locator(".call-hero .hero-window").inner_text() == clerk.window
    sizes = someone.page.evaluate(
        "['.hero-number', '.call-number', '.wait-count'].map(each => document.querySelector(each))"
        ".filter(Boolean).map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert sizes[0] >= 140
    assert min(sizes) >= 60
    someone.keep("board")
    assert someone.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_queue_whose_windows_are_all_shut_shows_no_estimate(visitor: Bring, desk: Bring) -> None:
    clerk = desk("archives", sign_in=False)
    someone = _open(visitor, clerk.zone)
    ticket = clerk.issue()
    row = someone.page.locator(".wait-row", has_text="档案")
    row.get_by_text("暂无窗口").wait_for()
    someone.keep("board-no-window")
    phone = visitor("phone")
    phone.go(f"/ticket/{ticket['id']}")
    phone.sees("暂无窗口")
    clerk.staff.post(f"windows/{clerk.window}/sign-in")
    row.get_by_text("分钟以内").wait_for()
    clerk.staff.post(f"windows/{clerk.window}/sign-out")
    row.get_by_text("暂无窗口").wait_for()


def test_a_board_that_stands_upright_uses_its_height_and_shows_missed_numbers(
    visitor: Bring, desk: Bring
) -> None:
    clerk = desk("archives")
    tickets = [clerk.issue() for _ in range(3)]
    clerk.call()
    clerk.on(tickets[0]["id"], "miss")
    clerk.call()
    someone = visitor("tall board")
    _look(someone, clerk.zone)
    someone.page.locator("#missed", has_text=tickets[0]["number"]).wait_for()
    someone.settle()
    someone.keep("board-portrait")
    page = someone.page
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [page.locator(each).bounding_box() for each in (".board-left", ".board-right")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"], "calls above, queues below"
    assert boxes[1]["width"] > 900
    size = "parseFloat(getComputedStyle(document.querySelector('.hero-number')).fontSize)"
    assert page.evaluate(size) >= 120
    assert page.evaluate(
        "document.querySelector('.call-hero').scrollHeight <= document.querySelector('.call-hero').clientHeight"
    )
    tops = page.evaluate(
        "[...document.querySelectorAll('.hero-word')].map(each => each.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 60, "the call stands in one line"
    wide = _open(visitor, clerk.zone)
    wide.page.locator("#missed", has_text=tickets[0]["number"]).wait_for()
    assert wide.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    wide.keep("board-missed")


def test_a_board_in_english_shows_english_names(visitor: Bring, desk: Bring) -> None:
    clerk = desk("archives")
    clerk.issue()
    clerk.call()
    someone = _open(visitor, clerk.zone, language="en")
    someone.sees("Culture and Social Affairs")
    someone.sees("Now calling")
    someone.keep("board-en")


def test_announcements_are_spoken_once_each_and_never_over_one_another(visitor: Bring, desk: Bring) -> None:
    clerk = desk("civil")
    tickets = [clerk.issue() for _ in range(3)]
    someone = _open(visitor, clerk.zone, sound=True, script=FAKE_VOICE)
    for ticket in tickets:
        assert clerk.call()["number"] == ticket["number"]
        clerk.on(ticket["id"], "start")
        clerk.on(ticket["id"], "finish")
    spoken = _wait_spoken(someone, 3)
    assert [each["text"] for each in spoken] == [
        f"请{ticket['number']}号到{clerk.window}号窗口" for ticket in tickets
    ]
    assert not any(each["overlaps"] for each in spoken)


def _recall(clerk: Any, ticket: str) -> None:
    """Call a visitor again, as soon as the hall lets one."""

    def heard() -> bool:
        answer = clerk.staff.client.post(
            f"tickets/{ticket}/recall", headers={"Idempotency-Key": str(uuid4())}
        )
        return bool(answer.status_code == 200)

    until(heard, what="the call is repeated")


def test_a_recall_is_spoken_again_and_nothing_is_while_muted(visitor: Bring, desk: Bring) -> None:
    clerk = desk("ethnic")
    first, second = clerk.issue(), clerk.issue()
    someone = _open(visitor, clerk.zone, sound=True, script=FAKE_VOICE)
    clerk.call()
    _wait_spoken(someone, 1)
    _recall(clerk, first["id"])
    said = [each["text"] for each in _wait_spoken(someone, 2)]
    assert said[0] == said[1]
    someone.page.click("#mute")
    someone.sees("已静音")
    clerk.on(first["id"], "start")
    clerk.on(first["id"], "finish")
    clerk.call()
    someone.page.locator(".hero-number").get_by_text(second["number"]).wait_for()
    someone.page.click("#mute")
    _recall(clerk, second["id"])
    assert len(_wait_spoken(someone, 3)) == 3


def test_calls_made_before_the_board_was_opened_are_not_spoken(visitor: Bring, desk: Bring) -> None:
    clerk = desk("justice")
    before, after = clerk.issue(), clerk.issue()
    # The gateway may hear of a call a moment later; once one board has shown it, every board begins with it.
    other = _open(visitor, clerk.zone, sound=False)
    clerk.call()
    other.page.locator(".hero-number").get_by_text(before["number"]).wait_for()
    clerk.on(before["id"], "start")
    clerk.on(before["id"], "finish")
    someone = _open(visitor, clerk.zone, sound=True, script=FAKE_VOICE)
    clerk.call()
    said = [each["text"] for each in _wait_spoken(someone, 1)]
    assert said == [f"请{after['number']}号到{clerk.window}号窗口"]


def test_a_board_without_a_voice_still_shows_every_call(visitor: Bring, desk: Bring) -> None:
    clerk = desk("justice")
    tickets = [clerk.issue() for _ in range(2)]
    someone = _open(visitor, clerk.zone, sound=True, script=NO_VOICE)
    for ticket in tickets:
        clerk.call()
        someone.page.locator(".hero-number").get_by_text(ticket["number"]).wait_for()
        clerk.on(ticket["id"], "start")
        clerk.on(ticket["id"], "finish")
    assert someone.page.evaluate("spoken") == []


def test_the_first_announcement_is_spoken_where_voices_come_late_and_are_called_cmn(
    visitor: Bring, desk: Bring
) -> None:
    clerk = desk("justice")
    ticket = clerk.issue()
    someone = _open(visitor, clerk.zone, sound=True, script=LINUX_VOICES)
    clerk.call()
    said = _wait_spoken(someone, 1)
    assert (said[0]["text"], said[0]["lang"]) == (f"请{ticket['number']}号到{clerk.window}号窗口", "cmn")
    someone.sees("语音已开启", within="#mute")


def test_a_board_admits_that_no_voice_speaks_its_language(visitor: Bring) -> None:
    for script in (NO_VOICE, CANTONESE_ALONE):
        someone = visitor(
            "board",
            script="window.setTimeout = ((later) => (run, ms) => later(run, Math.min(ms, 3000)))"
            "(window.setTimeout);" + script,
        )
        _look(someone, "A")
        someone.page.click("#sound")
        someone.sees("没有可用的语音", within="#mute")
    someone.keep("board-without-voice")


def test_a_broken_stream_is_said_on_the_board_and_mended_by_itself(visitor: Bring, desk: Bring) -> None:
    clerk = desk("archives")
    someone = visitor("board", script=CUTTABLE)
    page = someone.page
    page.clock.install()
    _look(someone, clerk.zone)
    page.evaluate("cutStreams()")
    page.clock.fast_forward("00:16")
    page.locator("#stale").wait_for()
    someone.sees("连接中断", within="#stale")
    someone.keep("board-stale")
    ticket = clerk.issue()
    clerk.call()
    page.evaluate("mendStreams()")
    page.clock.fast_forward("00:15")
    page.locator(".hero-number").get_by_text(ticket["number"]).wait_for()
    page.locator("#stale").wait_for(state="hidden")


def test_a_zone_that_does_not_exist_is_said_so(visitor: Bring) -> None:
    someone = visitor("board")
    someone.expect_complaint("404")
    someone.go("/board/NOWHERE")
    someone.sees("没有这个办事区")
    someone.page.get_by_role("link", name="选择办事区").click()
    someone.page.wait_for_selector(".zone-link")
