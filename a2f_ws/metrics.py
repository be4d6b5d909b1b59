"""What the server counts and measures, as Prometheus reads it at `/metrics`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from a2f_ws.batching.worker import Measure
from a2f_ws.wire import replies
from a2f_ws.wire.messages import Message

KIND: Final = CONTENT_TYPE_LATEST
"""Media type of `Metrics.text`."""

SECONDS: Final = (
    0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.02, 0.03, 0.045, 0.06, 0.1, 0.2, 0.5, 1.0,
)  # fmt: skip
"""Upper bounds of times, seconds: close where a good server is, a bound at the 60 ms that added
latency is to stay under, then up to what nobody bears (ours)."""

SIZES: Final = (1, 2, 4, 8, 16, 32, 64)
"""Upper bounds of the size of a batch; 64 is the largest (`batching.worker.BATCH_MAX`)."""

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

SLOW: Final = "slow_reader"


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
        busy: How busy each model's worker was in the last second, 0 … 1.
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
    outbox_bytes: int = 0
    cache_bytes: int = 0
    is_draining: bool = False
    tally: Mapping[str, int] = field(default_factory=dict)


class Metrics:
    """Counters and histograms of one server; nothing of them is shared between servers."""

    def __init__(self, *, version: str, instance: str) -> None:
        """Start at nought.

        Args:
            version: Of the product.
            instance: Of this start of the server, as in `hello`.
        """
        # Times of creation would double the text and tell nothing that the start time does not.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self._registry)
        build = self._gauge("build_info", "1, with what runs.", labels=("version", "instance"))
        build.labels(version, instance).set(1)
        self._accepted = self._counter("connections_opened", "WebSockets that were let in.")
        by_direction = self._counter("bytes", "Payload of WebSocket messages.", label="direction")
        self._received = by_direction.labels("received")
        self._sent = by_direction.labels("sent")
        self._poses = self._counter("poses", "Poses handed to sockets.")
        self._slow_poses = 0
        self._errors = self._counter("errors", "Errors and closing codes told.", label="code")
        self._batch_size = self._histogram("inference_batch_size", "Windows.", buckets=SIZES)
        self._batch_s = self._histogram("inference_seconds", "Time that a batch takes.")
        self._age = self._histogram(
            "queue_age_seconds", "Longest wait in a batch; wait of a pose.", label="queue"
        )
        self._outbox_age = self._age.labels("outbox")
        self._latency = self._histogram(
            "added_latency_seconds",
            "From the moment a live pose could be computed to its leaving for the socket.",
            label=None,
        )
        self._loop = self._histogram(
            "loop_delay_seconds", "How late the event loop wakes up.", label=None
        )

    def text(self, facts: Facts) -> str:
        """Everything in Prometheus' text format; see `KIND`."""
        standing = _Standing(facts, tally={**facts.tally, SLOW: self._slow_poses})
        self._registry.register(standing)
        try:
            return generate_latest(self._registry).decode()
        finally:
            self._registry.unregister(standing)

    def accepted(self) -> None:
        """Count a WebSocket that is let in."""
        self._accepted.inc()

    def received(self, size_bytes: int) -> None:
        """Count a message from a client."""
        self._received.inc(size_bytes)

    def handed(self, message: Message, size_bytes: int) -> None:
        """Count a message that was handed to the socket."""
        self._sent.inc(size_bytes)
        if isinstance(message, replies.Poses):
            self._poses.inc(message.n)

    def waited(self, queued_s: float, *, latency_s: float | None) -> None:
        """Measure a `poses` message that was handed to the socket.

        Args:
            queued_s: Time in the outbox, seconds.
            latency_s: Since its oldest pose could be computed, seconds; None for burst sessions,
                which are computed when there is nothing else to do.
        """
        self._outbox_age.observe(queued_s)
        if latency_s is not None:
            self._latency.observe(latency_s)

    def told(self, message: Message) -> None:
        """Count what a message to a client says of errors, and of poses that it does not read."""
        match message:
            case replies.Error():
                self.failed(message.code)
            case replies.Status(code="dropped", u=None, counters={"poses": rows}):
                self._slow_poses += int(rows)

    def failed(self, code: int) -> None:
        """Count an error, or a connection that we close for one."""
        self._errors.labels(str(int(code))).inc()

    def ticked(self, late_s: float) -> None:
        """Measure how much later than asked for the loop woke up."""
        self._loop.observe(max(0.0, late_s))

    def of_worker(self, model: str) -> Measure:
        """What takes the measurements of a model's worker; any thread may call it."""
        size, took = self._batch_size.labels(model), self._batch_s.labels(model)
        age = self._age.labels("inference")

        def measure(windows: int, *, seconds: float, waited_s: float) -> None:
            size.observe(windows)
            took.observe(seconds)
            age.observe(waited_s)

        return measure

    def _counter(self, name: str, text: str, *, label: str | None = None) -> Counter:
        labels = () if label is None else (label,)
        return Counter(f"a2f_ws_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *, labels: tuple[str, ...]) -> Gauge:
        return Gauge(f"a2f_ws_{name}", text, labels, registry=self._registry)

    def _histogram(
        self,
        name: str,
        text: str,
        *,
        label: str | None = "model",
        buckets: tuple[float, ...] = SECONDS,
    ) -> Histogram:
        labels = () if label is None else (label,)
        return Histogram(f"a2f_ws_{name}", text, labels, buckets=buckets, registry=self._registry)


class _Standing(Collector):
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
        for name, (text, value) in single.items():
            yield GaugeMetricFamily(f"a2f_ws_{name}", text, value=value)
        by_model: dict[str, tuple[str, Mapping[str, float]]] = {
            "sessions": ("Open sessions.", facts.sessions),
            "windows_waiting": ("Windows that wait for a batch.", facts.waiting),
            "inference_busy_ratio": ("How busy a model's worker is, 0 to 1.", facts.busy),
        }
        for name, (text, values) in by_model.items():
            family = GaugeMetricFamily(f"a2f_ws_{name}", text, labels=("model",))
            for model, number in values.items():
                family.add_metric((model,), number)
            yield family

    def _tallied(self) -> Iterator[Metric]:
        for name, (text, label, values) in TALLIED.items():
            family = CounterMetricFamily(f"a2f_ws_{name}", text, labels=(label,))
            for value in values:
                key = KEYS.get(name, "") + value
                family.add_metric((value,), self._tally.get(key, 0))
            yield family
