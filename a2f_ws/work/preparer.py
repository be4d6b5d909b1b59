"""The thread in which pipelines are prepared, beside the loop and the workers."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.ready import Ready
from a2f_ws.work.preparing import Done

log = logging.getLogger(__name__)


class Preparer:
    """A `Prepare` for sessions on an event loop: one thing at a time, and the loop goes on."""

    def __init__(self) -> None:
        """Start its thread with the first call."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="a2f-prepare")

    def __call__(self, pipeline: Pipeline, params: Floats, *, done: Done) -> None:
        """Prepare a pipeline for face parameters, float32 (P,); `done` is called on the loop."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._thread, pipeline.prepare, params)
        future.add_done_callback(lambda future: _tell(future, done))

    def stop(self) -> None:
        """Begin nothing more; what runs is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _tell(future: "asyncio.Future[Ready]", done: Done) -> None:
    if future.cancelled():
        return
    fault = future.exception()
    if fault is not None:
        log.error("a pipeline could not be prepared", exc_info=fault)
    done(fault)
