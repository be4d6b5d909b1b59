"""How things stand at the moment when Prometheus asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

TALLIED: Final = {
    "utterances": ("Utterances by the state they came to.", "state", (
        "started", "audio_done", "poses_done", "interrupted",
    )),
    "cache_answers": ("Lines whose hash a client told, known or not.", "answer", ("hit", "miss")),
    "rate_changes": ("Changes of inference rates.", "direction", ("down", "up")),
    "poses_dropped": ("Live poses that were dropped.", "reason", ("late", "slow_reader")),
}  # fmt: skip
"""What sessions count themselves: text, label and its values, by the name of the metric."""

KEYS: Final = {"rate_changes": "rate ", "cache_answers": "cache "}
"""What stands before a value where sessions count it."""

BY_WORKER: Final = {
    "worker_sessions": "Open sessions of a worker.",
    "worker_windows_waiting": "Windows that wait for a batch of a worker.",
    "worker_busy_ratio": "How busy a worker is, 0 to 1.",
}
"""Names and texts of what `Facts.workers` tells, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How things stand at the moment of being asked.

    Attributes:
        connections: WebSockets that are open.
        sessions: Open sessions by model, lost ones among them.
        lost: Sessions that wait for their client to come back.
        watchers: Sessions that are watched, by watcher.
        utterances: Utterances that have begun and are not over.
        waiting: Windows that wait for a batch, by model.
        busy: How busy each model's workers were in the last second, 0 … 1.
        workers: Each worker's sessions, its windows that wait, and how busy it was, by model.
        slowed: Sessions that speak at a lower inference rate than they are shown at, by model.
        window_s: Cost of a window in full batches, seconds, 0 = not known, by model.
        taken: What sessions are expected to need of what there is; at 1 none is let in any more:
            by model, and of the sockets.
        refused: Sessions that were refused for want of room, by what was full.
        max_sessions: Most open sessions; None = as many as there is room for.
        outbox_bytes: What waits for slow readers.
        cache_bytes: Faces of lines that were said before.
        is_draining: True once the server takes nothing new.
        tally: What all sessions have counted (`saying.Saying.tally`).
    """

    connections: int = 0
    sessions: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0
    watchers: int = 0
    utterances: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[str, float] = field(default_factory=dict)
    workers: Mapping[str, Sequence[tuple[int, int, float]]] = field(default_factory=dict)
    slowed: Mapping[str, int] = field(default_factory=dict)
    window_s: Mapping[str, float] = field(default_factory=dict)
    taken: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    max_sessions: int | None = None
    outbox_bytes: int = 0
    cache_bytes: int = 0
    is_draining: bool = False
    tally: Mapping[str, int] = field(default_factory=dict)


class Standing(Collector):
    """What holds at one moment: nobody keeps it up to date while nobody asks."""

    def __init__(self, facts: Facts, *, tally: Mapping[str, int]) -> None:
        self._facts, self._tally = facts, tally

    def collect(self) -> Iterator[Metric]:
        """The gauges, and the counters that sessions keep."""
        yield from self._tallied()
        facts = self._facts
        single = {
            "connections": ("WebSockets that are open.", facts.connections),
            "watchers": ("Sessions that are watched, by watcher.", facts.watchers),
            "sessions_lost": ("Sessions that wait for their client.", facts.lost),
            "utterances_alive": ("Utterances that have begun and go on.", facts.utterances),
            "outbox_bytes": ("What waits for slow readers.", facts.outbox_bytes),
            "cache_bytes": ("Faces of lines that were said before.", facts.cache_bytes),
            "draining": ("1 once the server takes nothing new.", int(facts.is_draining)),
        }
        if facts.max_sessions is not None:
            single["sessions_max"] = ("Most open sessions.", facts.max_sessions)
        for name, (text, value) in single.items():
            yield GaugeMetricFamily(f"a2f_ws_{name}", text, value=value)
        by_model: dict[str, tuple[str, Mapping[str, float]]] = {
            "sessions": ("Open sessions.", facts.sessions),
            "windows_waiting": ("Windows that wait for a batch.", facts.waiting),
            "inference_busy_ratio": ("How busy a model's workers are, 0 to 1.", facts.busy),
            "sessions_slowed": ("Sessions at a reduced inference rate.", facts.slowed),
            "window_seconds": ("Cost of a window in full batches.", facts.window_s),
        }
        for name, (text, values) in by_model.items():
            yield _labelled(GaugeMetricFamily, name, text=text, label="model", values=values)
        yield from self._by_worker()
        text = "What sessions are expected to need of what there is: 1 = none is let in any more."
        yield _labelled(
            GaugeMetricFamily, "capacity_taken_ratio", text=text, label="part", values=facts.taken
        )
        text = "Sessions refused for want of room."
        yield _labelled(
            CounterMetricFamily, "sessions_refused", text=text, label="part", values=facts.refused
        )

    def _by_worker(self) -> Iterator[Metric]:
        for place, (name, text) in enumerate(BY_WORKER.items()):
            family = GaugeMetricFamily(f"a2f_ws_{name}", text, labels=("model", "worker"))
            for model, workers in self._facts.workers.items():
                for number, told in enumerate(workers):
                    family.add_metric((model, str(number)), told[place])
            yield family

    def _tallied(self) -> Iterator[Metric]:
        for name, (text, label, values) in TALLIED.items():
            family = CounterMetricFamily(f"a2f_ws_{name}", text, labels=(label,))
            for value in values:
                key = KEYS.get(name, "") + value
                family.add_metric((value,), self._tally.get(key, 0))
            yield family


def _labelled(
    kind: type[GaugeMetricFamily | CounterMetricFamily],
    name: str,
    *,
    text: str,
    label: str,
    values: Mapping[str, float],
) -> Metric:
    """A family with one value for each value of its label."""
    family = kind(f"a2f_ws_{name}", text, labels=(label,))
    for of, number in values.items():
        family.add_metric((of,), number)
    return family
