"""The report of a run as one page that needs nothing else: tables and charts in SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

WIDTH, HEIGHT, MARGIN = 760, 200, 36
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem }
td, th { padding: .2rem .8rem; border-bottom: 1px solid #d5dae1 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600 }
.kept { color: #14663a }
.broken { color: #a3161f; font-weight: 600 }
svg { width: 100%; height: auto }
svg text { font-size: 11px; fill: #4a5564 }
svg .bar { fill: #2f6fb0 }
svg .line { fill: none; stroke: #b0452f; stroke-width: 2 }
svg .axis { stroke: #9aa4b1 }
pre { white-space: pre-wrap; font-size: 12px }
"""


def page(shape: str, figures: Mapping[str, Any], *, at: datetime) -> str:
    """Return the whole page.

    Args:
        shape: which shape was run.
        figures: its figures.
        at: when it began.
    """
    parts = [
        f"<h1>Load: {escape(shape)}</h1><p>{at:%Y-%m-%d %H:%M}, "
        f"{'every promise kept' if figures['kept'] else 'a promise was broken'}.</p>",
        _section("Promises", _verdict(figures["verdict"])),
        _section("Figures", _table(("figure", "value"), _scalars(figures))),
        _section("Latency by action, in milliseconds", _latencies(figures["latency_ms"])),
        *_charts(figures),
        _section("Audit", _audit(figures["audit"])),
        _section("Refused by a rule, and faults", _table(("answer", "times"), _refusals(figures))),
    ]
    title = f"<title>Load: {escape(shape)}</title>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{title}<style>{STYLE}</style>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>{content}" if content else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    def row(cells: Sequence[Any], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if n else ''}>{escape(str(cell))}</{tag}>" for n, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    return f"<table><tr>{row(head, 'th')}</tr>{body}</table>" if body else ""


def _verdict(verdict: Mapping[str, bool]) -> str:
    return "".join(
        f'<div class="{"kept" if holds else "broken"}">{"✓" if holds else "✗"} {escape(promise)}</div>'
        for promise, holds in verdict.items()
    )


def _scalars(figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            rows.append((name.replace("_", " "), value))
        elif name in ("plan", "board", "estimate", "streams", "options"):
            rows += [(f"{name}: {key.replace('_', ' ')}", each) for key, each in value.items()]
    return rows


def _latencies(latencies: Mapping[str, Mapping[str, float]]) -> str:
    rows = [(action, f["count"], f["p50"], f["p95"], f["p99"]) for action, f in latencies.items()]
    return _table(("action", "answers", "p50", "p95", "p99"), rows)


def _audit(audit: Mapping[str, Sequence[str]]) -> str:
    return "".join(
        f'<div class="{"broken" if found else "kept"}">{"✗" if found else "✓"} {escape(rule)}</div>'
        + (f"<pre>{escape(chr(10).join(found))}</pre>" if found else "")
        for rule, found in audit.items()
    )


def _refusals(figures: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [*figures["refused"].items(), *figures["faults"].items(), *figures["broken"].items()]


def _charts(figures: Mapping[str, Any]) -> list[str]:
    waits = {hour: row for hour, row in figures["waits_s"].items() if hour != "all"}
    found = [
        _section(
            "Numbers by the hour of their issue",
            bars([(hour, row["tickets"]) for hour, row in waits.items()]),
        ),
        _section(
            "Wait to the first call, 90th percentile by the hour of issue, in seconds",
            bars([(hour, row["p90"]) for hour, row in waits.items()]),
        ),
    ]
    if samples := figures.get("samples"):
        for name, title in (
            ("resident_mb", "Resident memory of all processes, in MB"),
            ("connections", "Connections to PostgreSQL"),
            ("messages", "Messages ready in all queues"),
        ):
            found.append(_section(title, line([(each["at_s"], each[name]) for each in samples])))
    for name, label in (("steps", "intensity"), ("copies", "copies")):
        if isinstance(rows := figures.get(name), list) and rows:
            found.append(
                _section(
                    f"Answers a second, by {label}",
                    bars([(f"{r[label]:g}", r["answers_per_s"]) for r in rows]),
                )
            )
    return found


def bars(values: Sequence[tuple[str, float]]) -> str:
    """Return a bar chart of named values."""
    most = max((value for _, value in values), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(1, len(values))
    drawn = []
    for n, (name, value) in enumerate(values):
        high = (HEIGHT - 2 * MARGIN) * value / most
        x, y = MARGIN + n * step, HEIGHT - MARGIN - high
        drawn.append(
            f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{0.8 * step:.1f}" height="{high:.1f}"/>'
            f'<text x="{x + 0.4 * step:.1f}" y="{HEIGHT - MARGIN + 14}" text-anchor="middle">{escape(name)}</text>'
            f'<text x="{x + 0.4 * step:.1f}" y="{y - 4:.1f}" text-anchor="middle">{value:g}</text>'
        )
    return _svg(drawn) if values else ""


def line(points: Sequence[tuple[float, float]]) -> str:
    """Return a line chart of values over seconds, from zero up."""
    if len(points) < 2:
        return ""
    longest, most = points[-1][0] or 1, max(value for _, value in points) or 1
    path = " ".join(
        f"{MARGIN + (WIDTH - 2 * MARGIN) * at / longest:.1f},"
        f"{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / most:.1f}"
        for at, value in points
    )
    labels = (
        f'<text x="{MARGIN}" y="{MARGIN - 8}">{most:g}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - MARGIN + 14}" text-anchor="end">{longest:.0f} s</text>'
    )
    return _svg([f'<polyline class="line" points="{path}"/>', labels])


def _svg(drawn: Sequence[str]) -> str:
    axis = f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{HEIGHT - MARGIN}" y2="{HEIGHT - MARGIN}"/>'
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{axis}{"".join(drawn)}</svg>'
