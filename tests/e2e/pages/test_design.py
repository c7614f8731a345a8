"""What holds for every page: contrast, languages, and nothing a strict content security policy would refuse."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import segno

from gateway.http.comeback import SCRIPT, SOURCE

Bring = Callable[..., Any]
SOURCES = Path(__file__).parents[3] / "gateway" / "pages"
PATHS = (
    "/",
    "/kiosk",
    "/board",
    "/board/A",
    "/window",
    "/ticket/00000000-0000-4000-8000-000000000000",
    "/overview",
    "/book",
    "/appointment",
    "/appointment/00000000-0000-4000-8000-000000000000",
    "/operator",
    "/messages",
    "/planning",
    "/closures",
    "/field",
    "/onsite",
    "/onsite/00000000-0000-4000-8000-000000000000",
    "/dispatch",
    "/dashboard",
    "/reports",
    "/anomalies",
    "/quality",
    "/joint",
    "/guide",
    "/guide/archives-001",
    "/catalogue",
    "/audit",
    "/workbook",
    "/accounts",
    "/setup",
)
TEXT, MARK = 4.5, 3.0
# Foreground, ground, least contrast (WCAG 2.2, 1.4.3 for text and 1.4.11 for marks and borders of controls).
PAIRS = [
    *[
        (text, ground, TEXT)
        for text in ("ink", "ink-soft", "ink-faint")
        for ground in ("paper", "surface", "sunken")
    ],
    *[
        (text, ground, TEXT)
        for text in ("on-brand", "on-brand-soft")
        for ground in ("brand", "brand-strong", "brand-deep")
    ],
    *[("brand", ground, TEXT) for ground in ("paper", "surface", "sunken", "brand-tint")],
    *[("brand-strong", ground, TEXT) for ground in ("surface", "brand-tint")],
    *[
        ("wall-" + text, "wall-" + ground, TEXT)
        for text in ("ink", "soft", "gold")
        for ground in ("ground", "surface", "raised")
    ],
    ("on-gold", "gold", TEXT),
    ("on-gold", "wall-gold", TEXT),
    ("good", "good-tint", TEXT),
    ("warn", "warn-tint", TEXT),
    ("bad", "bad-tint", TEXT),
    ("bad-strong", "bad-tint", TEXT),
    ("bad", "surface", TEXT),
    ("on-bad", "wall-bad-ground", TEXT),
    ("on-brand", "good", TEXT),
    ("on-brand", "bad-strong", TEXT),
    ("on-brand", "ink-soft", TEXT),
    ("line-strong", "surface", MARK),
    ("line-strong", "paper", MARK),
    ("focus", "paper", MARK),
    ("focus", "surface", MARK),
    ("focus-on-dark", "brand-deep", MARK),
    ("focus-on-dark", "wall-ground", MARK),
    *[(f"chart-{number}", "surface", MARK) for number in range(1, 6)],
    *[(f"wall-chart-{number}", "wall-surface", MARK) for number in range(1, 6)],
    ("wall-ink-soft", "wall-surface", TEXT),
    ("wall-line-strong", "wall-surface", MARK),
]
# Text on screen against the ground behind it; gradients are judged by their tokens above.
READ_CONTRASTS = """
() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== "none") return null;
      const colour = rgb(style.backgroundColor);
      if (colour.length && (colour[3] ?? 1) === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script, .visually-hidden, .skip-link")) continue;
    const behind = ground(element);
    if (!behind) continue;
    const style = getComputedStyle(element);
    const [one, other] = [luminance(rgb(style.color)), luminance(behind)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${text.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}
"""


def _tokens() -> dict[str, str]:
    return dict(
        re.findall(
            r"--([\w-]+):\s*(#[0-9a-f]{6});", (SOURCES / "shared" / "shell" / "tokens.css").read_text("utf-8")
        )
    )


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_colours_that_meet_have_enough_contrast(text: str, ground: str, least: float) -> None:
    tokens = _tokens()
    assert _contrast(tokens[text], tokens[ground]) >= least


def test_colours_are_named_in_one_place_only() -> None:
    strays = [
        f"{sheet.name}: {colour}"
        for sheet in sorted(SOURCES.rglob("*.css"))
        if sheet.name != "tokens.css"
        for colour in re.findall(r"#[0-9a-f]{3,8}\b", sheet.read_text("utf-8"))
        if colour != "#000000"  # what a thermal printer prints
    ]
    assert strays == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_text_on_screen_can_be_read_and_nothing_comes_from_elsewhere(
    visitor: Bring, path: str, language: str
) -> None:
    someone = visitor("board" if path.startswith("/board/") else "desktop", language=language)
    someone.expect_complaint("404")
    asked: list[str] = []
    someone.page.on("request", lambda request: asked.append(request.url))
    someone.go(path)
    someone.page.wait_for_selector("#clock-strip:not([hidden])")
    someone.until("!document.querySelector('main .spinner')?.checkVisibility()")
    someone.settle()
    assert someone.page.evaluate(READ_CONTRASTS) == []
    own = urlsplit(someone.url).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {own}
    assert someone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PATHS)
def test_pages_hold_no_style_and_but_one_script_of_their_own_and_say_their_language(
    hall: Any, path: str
) -> None:
    answer = httpx.get(hall.url.rstrip("/") + path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert f"script-src 'self' {SOURCE};" in policy
    assert "unsafe" not in policy
    text = answer.text
    assert '<html lang="zh-CN"' in text
    assert re.search(r"<style|\sstyle=|\son\w+=", text) is None
    inline = [
        script
        for tag, script in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        if "src=" not in tag and "application/json" not in tag
    ]
    assert inline == [SCRIPT]


def test_motion_stops_for_those_who_ask_for_it(visitor: Bring) -> None:
    someone = visitor()
    someone.page.emulate_media(reduced_motion="reduce")
    someone.go("/board")
    someone.page.wait_for_selector(".zone-link")
    moving = someone.page.evaluate(
        """[...document.querySelectorAll('*')].filter(each => {
            const style = getComputedStyle(each);
            return [style.animationDuration, style.transitionDuration].some(time => parseFloat(time) > 0.001);
        }).length"""
    )
    assert moving == 0


def test_the_code_on_a_slip_opens_the_ticket_in_the_visitors_language(hall: Any) -> None:
    base = hall.url.rstrip("/")
    ticket = "00000000-0000-4000-8000-000000000000"
    answer = httpx.get(f"{base}/ticket/{ticket}/qr.svg", params={"lang": "en"})
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    modules = segno.make_qr(f"{base}/ticket/{ticket}?lang=en", error="m").symbol_size(border=4)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in answer.text
