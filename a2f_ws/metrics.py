"""What the server counts and measures, as Prometheus reads it at `/metrics`."""

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

from a2f_ws.batching.worker import Measure
from a2f_ws.standing import Facts, Standing
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
"""Upper bounds of the size of a batch; 64 is the largest (`batching.scheduler.WINDOWS_MAX`)."""

SLOW: Final = "slow_reader"


class Metrics:
    """Counters and histograms of one server; nothing of them is shared between servers.

    Attributes:
        handed_poses: Poses handed to sockets so far.
    """

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
        self.handed_poses = 0
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
        standing = Standing(facts, tally={**facts.tally, SLOW: self._slow_poses})
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
            self.handed_poses += message.n

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
