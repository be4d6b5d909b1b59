"""Runs a bundle's network on an NVIDIA GPU with TensorRT or TensorRT for RTX."""

import logging
from time import perf_counter

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import check_batch
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.gpu import DeviceLostError, Gpu, GpuError, OutOfMemoryError
from a2f_ws.inference.onnx import BATCH_S, TRIALS
from a2f_ws.inference.tensorrt_batches import Batches
from a2f_ws.inference.tensorrt_engine import Engine
from a2f_ws.inference.tensorrt_library import Library
from a2f_ws.names import Floats

log = logging.getLogger(__name__)


class TensorRtBackend:
    """A network on a GPU: one stream, and memory that is taken once.

    A row's result may have other bits in a batch of another size, as kernels differ.

    Attributes:
        name: Library, card, precision, and what speaks to the card.
        max_batch: Most rows of one call.
        cost_s: What one row costs alone, seconds.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        gpu: Gpu,
        library: Library,
        plan: bytes,
        precision: str = "fp32",
        has_graphs: bool = False,
    ) -> None:
        """Load an engine and run it a few times.

        Args:
            bundle: Its sizes are used.
            gpu: Where to; belongs to the backend from now on, and is closed with it.
            library: The one that has built the engine.
            plan: The serialised engine.
            precision: Of the network, for people.
            has_graphs: True launches batches as CUDA graphs, where they can be captured.

        Raises:
            StalePlanError: The engine cannot be loaded and has to be built again.
            ModelError: It is not the bundle's network, or it cannot be run.
        """
        self._gpu, self._place = gpu, bundle.network
        self._sizes = (bundle.buffer_len, bundle.emotion_len, bundle.columns.width)
        self._engine: Engine | None = None
        self._batches: Batches | None = None
        self.max_batch, self.cost_s = 1, 0.0
        try:
            with gpu.current():
                self._engine = Engine(library, plan, bundle=bundle)
                self._batches = Batches(
                    self._engine, gpu=gpu, sizes=self._sizes, captures=has_graphs
                )
                if has_graphs and not library.is_rtx:
                    has_graphs = _has_captured(self._batches)
            graphs = ", CUDA graphs" if has_graphs else ""
            self.name = f"{library.name} ({gpu.name}, {precision}, {gpu.library}{graphs})"
            self.max_batch = self._batches.most
            self._try(self._batches)
        except ModelError:
            self.close()
            raise

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.
            emotions: float32 (B, E), implicit emotions first; not changed.

        Returns:
            float32 (B, N), new array.

        Raises:
            DeviceLostError: The GPU cannot be used any more by this process.
            ModelError: The network could not be run.
            MisuseError: The shapes or types are wrong, or the backend is closed.
        """
        batches = self._batches
        if batches is None:
            raise MisuseError("the backend is closed")
        check_batch(windows, emotions, lengths=self._sizes[:2], most=self.max_batch)
        with self._gpu.current():
            try:
                return _in_parts(batches, windows, emotions=emotions)
            except OutOfMemoryError:
                self._give_way(batches, len(windows))
                return _in_parts(batches, windows, emotions=emotions)
            except GpuError:
                raise
            except ModelError:
                # It may have been refused because the GPU is lost, which only CUDA says.
                self._gpu.finish()
                raise

    def close(self) -> None:
        """Free everything in the order that TensorRT wants; closing twice is allowed."""
        batches, self._batches = self._batches, None
        engine, self._engine = self._engine, None
        try:
            with self._gpu.current():
                if batches is not None:
                    self._gpu.finish()
                # Contexts before their engine, that before the memory which they were given.
                if batches is not None:
                    batches.close()
                if engine is not None:
                    engine.close()
        except GpuError as fault:
            log.debug("at the end: %s", str(fault))
        del batches, engine
        self._gpu.close()

    def _give_way(self, batches: Batches, rows: int) -> None:
        """Make batches smaller from now on; calls of `max_batch` rows become several batches.

        Raises:
            OutOfMemoryError: They have one row already.
        """
        smaller = [size for size in batches.sizes if size < min(rows, batches.most)]
        if not smaller:
            raise OutOfMemoryError(f"{self.name}: memory does not even suffice for one row")
        batches.shrink(smaller[-1])
        log.warning("%s: out of memory; batches of %d rows at most", self.name, batches.most)

    def _try(self, batches: Batches) -> None:
        """Run on silence in every size; keep to those that are done in time, and note the cost."""
        for rows in batches.sizes:
            windows, emotions = (np.zeros((rows, size), np.float32) for size in self._sizes[:2])
            costs_s = []
            for _ in range(TRIALS + 1):
                start = perf_counter()
                result = self.run(windows, emotions)
                costs_s.append(perf_counter() - start)
            if not np.isfinite(result).all():
                raise ModelError(f"{self._place}: found non-finite results for silence")
            # The first run of all does not count.
            cost_s = min(costs_s[1:])
            if rows == 1:
                self.cost_s = cost_s
            elif cost_s > BATCH_S:
                with self._gpu.current():
                    batches.shrink(rows - 1)
                self.max_batch = batches.most
                return


def _has_captured(batches: Batches) -> bool:
    """Capture graphs; False where that is refused, and batches are launched without."""
    try:
        batches.capture()
    except DeviceLostError:
        raise
    except ModelError as fault:
        # Not the fault itself, whose traceback would keep contexts alive.
        log.warning("CUDA graphs cannot be used, all else can: %s", str(fault))
        return False
    return True


def _in_parts(batches: Batches, windows: Floats, *, emotions: Floats) -> Floats:
    """Results of rows, in batches as large as memory allows."""
    rows = range(0, len(windows), batches.most)
    parts = [slice(first, first + batches.most) for first in rows]
    results = [batches.run(windows[part], emotions[part]) for part in parts]
    return results[0] if len(results) == 1 else np.concatenate(results)
