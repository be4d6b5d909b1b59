"""Tables of measurements, as text that can be pasted anywhere."""

from collections.abc import Sequence
from typing import Final

from a2f_ws.benching.figures import LATENCY_MS, SPENT, Measured

HEADS: Final = (
    "sessions", "poses/s", "p50 ms", "p95 ms", "p99 ms", "late", "computed Hz", "server CPU",
    "a session", "MB", "load CPU", "jitter p99",
)  # fmt: skip
"""Columns of a table of loads."""


def row(measured: Measured) -> tuple[str, ...]:
    """One load in those columns; a load that the server did not take on has no figures."""
    outcome, share = measured.outcome, measured.share
    if outcome.faults:
        return (str(outcome.sessions), *[""] * (len(HEADS) - 2), "refused")
    return (
        str(outcome.sessions),
        f"{outcome.poses / outcome.seconds:.0f}",
        *(f"{value:.1f}" for value in outcome.added_ms),
        str(outcome.late),
        f"{outcome.rate_hz:.0f}",
        f"{share:.0%}",
        f"{share / outcome.sessions:.2%}",
        f"{measured.rss_bytes / 1e6:.0f}" if measured.rss_bytes else "?",
        f"{outcome.share:.0%}",
        f"{outcome.jitter_ms[-1]:.1f}",
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown whose columns are aligned."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    aligned = ([cell.rjust(w) for cell, w in zip(line, widths, strict=True)] for line in lines)
    first, *rest = ("| " + " | ".join(cells) + " |" for cells in aligned)
    rule = "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    return "\n".join((first, rule, *rest))


def verdict(found: Sequence[Measured]) -> str:
    """In a sentence or two: how many sessions are borne, and what may have been the limit."""
    borne = [one.sessions for one in found if one.is_borne]
    whole = [one.sessions for one in found if one.is_borne and one.is_whole]
    if not borne:
        return f"None of the numbers tried is borne: p99 below {LATENCY_MS:g} ms and no late pose."
    text = f"{max(borne)} live sessions are borne" if max(borne) > 1 else "1 live session is borne"
    if max(whole, default=0) < max(borne):
        text += f", {max(whole, default=0)} with every pose computed"
    text += f": 99 of 100 poses less than {LATENCY_MS:g} ms after their sound, none late."
    if any(one.outcome.share > SPENT for one in found):
        text += " The load generator filled its own core: the server may carry more."
    return text
