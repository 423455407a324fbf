"""The plot of accuracy against speed: one point a tool, each with its name beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from benchmarks.peers import Row

OURS, HTML, TEXT = "#c0392b", "#2c5f8a", "#8a8a8a"
TICKS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
LEAST_ERROR = 0.003  # a perfect score has no place on a logarithmic scale of errors


def draw(rows: Sequence[Row], file: BinaryIO, form: str) -> None:
    """Write the plot as ``svg`` or ``png``.

    The axis of accuracy is spaced by the logarithm of the error, 1 - F1: from .90 to .95 is as far as from .95 to .975.
    """
    mpl.rcParams.update({"font.size": 10, "svg.hashsalt": "kakuyaku", "svg.fonttype": "path"})
    figure, axes = plt.subplots(figsize=(9, 6), dpi=160, layout="constrained")
    points = [(row.run.rate, max(LEAST_ERROR, 1 - row.main.char_macro)) for row in rows]
    for row, (rate, error) in zip(rows, points, strict=True):
        low, high = (max(LEAST_ERROR, 1 - edge) for edge in row.main.interval)
        axes.plot([rate, rate], [high, low], color=_colour(row), alpha=0.2, linewidth=1.8, solid_capstyle="round")
        axes.plot(
            rate,
            error,
            marker="o" if row.tool.reads == "html" else "s",
            markersize=9 if row.tool.ours else 7,
            color=_colour(row),
            markeredgecolor="white",
            zorder=3,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    errors = [error for _, error in points]
    least = max(LEAST_ERROR, min(1 - row.main.interval[1] for row in rows))
    axes.set_ylim(min(1.15, max(errors) * 1.35), least / 1.15)  # turned over: better is higher
    rates = [rate for rate, _ in points]
    axes.set_xlim(min(rates) / 2, max(rates) * 3)
    shown = [tick for tick in TICKS if axes.get_ylim()[1] <= 1 - tick <= axes.get_ylim()[0]]
    axes.set_yticks([1 - tick for tick in shown], [f"{tick:g}" for tick in shown])
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("pages per second on one core")
    axes.set_ylabel("F1 by characters, mean of pages (spaced by the error)")
    axes.set_title(
        f"Accuracy and speed on {rows[0].main.pages} Japanese news pages", loc="left", fontweight="bold", pad=22
    )
    axes.annotate(
        "● reads HTML   ■ reads text alone   bars: 95 % over sites",
        (0, 1),
        xytext=(0, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        color="#555555",
    )
    figure.canvas.draw()
    _name(axes, rows, points)
    figure.savefig(file, format=form, metadata={"Date": None} if form == "svg" else None)
    plt.close(figure)


def _colour(row: Row) -> str:
    return OURS if row.tool.ours else HTML if row.tool.reads == "html" else TEXT


_PLACES = [
    (10, 0, "left", "center"),
    (-10, 0, "right", "center"),
    (8, 8, "left", "bottom"),
    (8, -8, "left", "top"),
    (-8, 8, "right", "bottom"),
    (-8, -8, "right", "top"),
    (0, 10, "center", "bottom"),
    (0, -10, "center", "top"),
    (12, 20, "left", "bottom"),
    (12, -20, "left", "top"),
    (-12, 20, "right", "bottom"),
    (-12, -20, "right", "top"),
]


def _name(axes: Any, rows: Sequence[Row], points: Sequence[tuple[float, float]]) -> None:
    """Put each name at the first place beside its point where it covers no point and no other name."""
    pixels = axes.transData.transform(points)
    taken = [Bbox.from_bounds(x - 9, y - 9, 18, 18) for x, y in pixels]
    inside = axes.get_window_extent()
    for number, row in enumerate(rows):
        best, least = None, float("inf")
        for dx, dy, horizontal, vertical in _PLACES:
            label = axes.annotate(
                row.tool.name,
                points[number],
                xytext=(dx, dy),
                textcoords="offset points",
                ha=horizontal,
                va=vertical,
                color=_colour(row),
                fontweight="bold" if row.tool.ours else "normal",
                zorder=4,
                path_effects=[withStroke(linewidth=3, foreground="white")],
            )
            box = label.get_window_extent()
            others = [other for i, other in enumerate(taken) if i != number]
            cost = sum(_overlap(box, other) for other in others) + (box.width * box.height - _overlap(box, inside))
            if cost < least:
                if best is not None:
                    best[0].remove()
                best, least = (label, box), cost
            else:
                label.remove()
            if not least:
                break
        assert best is not None
        taken.append(best[1])


def _overlap(one: Any, other: Any) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return float(max(0, width) * max(0, height))
