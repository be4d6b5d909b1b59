"""The pages that the server writes when they are asked for: health, facts, metrics."""

import json
from collections import Counter
from collections.abc import Callable, Collection
from http import HTTPStatus
from time import monotonic
from typing import Final

from a2f_ws.catalog import Catalog
from a2f_ws.connection import Connection
from a2f_ws.hall.admission import SESSIONS
from a2f_ws.hall.hall import Hall
from a2f_ws.metrics import KIND, Metrics
from a2f_ws.standing import Facts
from a2f_ws.version import product_version
from a2f_ws.web.page import JSON, Page
from a2f_ws.work.running import Workers

OK: Final = "ok\n"
DRAINING: Final = "draining: the server stops and takes nothing new\n"


class Telling:
    """Knows what of the server is told over HTTP."""

    def __init__(
        self,
        catalog: Catalog,
        workers: Workers,
        *,
        metrics: Metrics,
        connections: Collection[Connection],
        hall: Hall,
        is_draining: Callable[[], bool],
    ) -> None:
        """Prepare.

        Args:
            catalog: What is served.
            workers: Who computes.
            metrics: What is counted.
            connections: Those that are open.
            hall: Sessions without a connection, and those that were.
            is_draining: True once the server takes nothing new.
        """
        self._catalog, self._workers, self._metrics = catalog, workers, metrics
        self._connections, self._hall, self._is_draining = connections, hall, is_draining

    def page(self, path: str) -> Page | None:
        """The page of a path, or None where nothing is written."""
        match path:
            case "/healthz":
                return Page.told(OK)
            case "/readyz" if self._is_draining():
                return Page.told(DRAINING, status=HTTPStatus.SERVICE_UNAVAILABLE)
            case "/readyz":
                return Page.told(OK)
            case "/info":
                return Page.told(json.dumps(self._info()) + "\n", kind=JSON)
            case "/metrics":
                return Page.told(self._metrics.text(self.facts()), kind=KIND)
        return None

    def facts(self) -> Facts:
        """How things stand now."""
        lost = [voice.session for voice in self._hall.lost]
        sessions = [one for each in self._connections for one in each.sessions.spoken]
        sessions += lost
        by_model = Counter(dict.fromkeys(self._workers, 0))
        by_model.update(session.setup.model.name for session in sessions)
        pools, admission, now = self._workers.items(), self._hall.admission, monotonic()
        taken = admission.taken()
        return Facts(
            connections=len(self._connections),
            sessions=by_model,
            lost=len(lost),
            watchers=sum(connection.sessions.watched for connection in self._connections),
            utterances=sum(session.utterances for session in sessions),
            tally=sum((session.saying.tally for session in sessions), self._hall.past),
            waiting={name: pool.waiting for name, pool in pools},
            busy={name: pool.busy for name, pool in pools},
            workers={name: pool.standing() for name, pool in pools},
            slowed={
                name: sum(worker.governor.slowed(now=now) for worker in pool.workers)
                for name, pool in pools
            },
            window_s={
                name: max(worker.scheduler.cost_s for worker in pool.workers)
                for name, pool in pools
            },
            taken=taken,
            refused={part: admission.refused[part] for part in (SESSIONS, *taken)},
            max_sessions=None if admission.limit == "auto" else admission.limit,
            outbox_bytes=sum(connection.outbox_bytes for connection in self._connections),
            cache_bytes=0 if self._hall.cache is None else self._hall.cache.size_bytes,
            is_draining=self._is_draining(),
        )

    def _info(self) -> dict[str, object]:
        return {
            "server": f"a2f-ws/{product_version()}",
            "instance": self._catalog.instance,
            "models": list(self._catalog.models),
            "workers": {name: len(self._workers[name].workers) for name in self._catalog.models},
            "rigs": list(self._catalog.rigs),
            "connections": len(self._connections),
            "sessions": len(self._hall.admission),
            "max_sessions": self._hall.admission.limit,
            "capacity_taken": {
                part: round(taken, 3) for part, taken in self._hall.admission.taken().items()
            },
        }
