"""Charts as pictures."""

from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter

from services.statistics.reports.rendering.blocks import Chart

WIDTH_IN, HEIGHT_IN, ROW_IN, DPI = 6.2, 2.7, 0.26, 200
INK, GRID = "#333333", "#d9d9d9"
NOW, THEN = "#1f5c99", "#a9c4de"
SIZE_PT = 9
MOST_LABELLED = 14


def png(chart: Chart, face: Path) -> bytes:
    """Draw a chart with the characters of a font file."""
    mpl.rcParams["axes.unicode_minus"] = False
    font = FontProperties(fname=str(face), size=SIZE_PT)
    height = max(HEIGHT_IN, ROW_IN * len(chart.labels) + 0.6) if chart.lying else HEIGHT_IN
    figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
    axes = figure.add_subplot()
    (_lying if chart.lying else _upright)(axes, chart, font)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font)
        label.set_color(INK)
    if len(chart.series) > 1:
        axes.legend(
            prop=font, frameon=False, ncols=len(chart.series), loc="lower right", bbox_to_anchor=(1, 1)
        )
    _quiet(axes, lying=chart.lying)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()


def _upright(axes: Axes, chart: Chart, font: FontProperties) -> None:
    width = 0.8 / len(chart.series)
    for nth, (name, values) in enumerate(chart.series):
        places = [place + (nth - (len(chart.series) - 1) / 2) * width for place in range(len(values))]
        color = NOW if nth == len(chart.series) - 1 else THEN
        bars = axes.bar(places, [value or 0 for value in values], width * 0.92, color=color, label=name)
        if len(chart.series) == 1 and len(values) <= MOST_LABELLED:
            axes.bar_label(bars, fmt=_whole, font=font, color=INK, padding=2)
    axes.set_xticks(range(len(chart.labels)), chart.labels)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: _whole(value)))
    axes.set_title(f"（{chart.unit}）", loc="left", fontproperties=font, color=INK)


def _lying(axes: Axes, chart: Chart, font: FontProperties) -> None:
    _, values = chart.series[-1]
    bars = axes.barh(range(len(values)), [value or 0 for value in values], 0.66, color=NOW)
    axes.bar_label(bars, fmt=_whole, font=font, color=INK, padding=3)
    axes.set_yticks(range(len(chart.labels)), chart.labels)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: _whole(value)))


def _quiet(axes: Axes, *, lying: bool) -> None:
    """Leave of the frame what carries the bars, and faint lines to read their size by."""
    for side in ("top", "right", "bottom" if lying else "left"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INK)
    axes.tick_params(length=0)
    axes.grid(axis="x" if lying else "y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _whole(value: float) -> str:
    return f"{value:,.0f}"
