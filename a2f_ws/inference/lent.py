"""Several GPUs that run the same network: what one does not do any more, another does."""

import threading
from collections.abc import Callable, Sequence

from a2f_ws.inference.backend import Backend
from a2f_ws.inference.gpu import DeviceLostError
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.names import Floats


class LentBackend:
    """A backend on a GPU that the workers of others may use too, one call at a time.

    Attributes:
        name: What runs the network.
        max_batch: Most rows of one call.
        cost_s: What one row costs alone, seconds.
        is_lost: True once the GPU is lost: every call fails.
    """

    def __init__(self, own: Backend) -> None:
        """Lend a backend, which belongs to this from now on."""
        self.name, self.max_batch, self.cost_s = own.name, own.max_batch, own.cost_s
        self.is_lost = False
        self._own, self._why = own, ""
        self._turn = threading.Lock()

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows; see `Backend.run`.

        Raises:
            DeviceLostError: The GPU is lost, now or by an earlier call of anybody.
            ModelError: The network could not be run.
        """
        with self._turn:
            if not self.is_lost:
                try:
                    return self._own.run(windows, emotions)
                except DeviceLostError as fault:
                    self.is_lost, self._why = True, str(fault)
                # Not above, where the fault would keep what the GPU was used with from being freed.
                self._own.close()
            raise DeviceLostError(self._why)

    def close(self) -> None:
        """Free the backend, for all who use it; closing twice is allowed."""
        with self._turn:
            self._own.close()


class Substitutes:
    """Finds what takes the place of GPUs that are lost; any thread may ask."""

    def __init__(
        self, devices: Sequence[LentBackend], *, on_cpu: Callable[[], OnnxBackend] | None
    ) -> None:
        """Prepare.

        Args:
            devices: All GPUs.
            on_cpu: Loads what comes after the last of them; None = nothing may.
        """
        self._guests = {device: 0 for device in devices}
        self._load = on_cpu
        self._on_cpu: OnnxBackend | None = None
        self._turn = threading.Lock()

    def find(self) -> Backend:
        """The GPU that has taken the place of the fewest others, else the CPU.

        Raises:
            DeviceLostError: No GPU is left, and the CPU may not take its place.
            ModelError: The network cannot be loaded for the CPU.
        """
        with self._turn:
            left = [device for device in self._guests if not device.is_lost]
            if left:
                found = min(left, key=lambda device: self._guests[device])
                self._guests[found] += 1
                return found
            if self._on_cpu is None:
                if self._load is None:
                    raise DeviceLostError("no GPU is left")
                self._on_cpu = self._load()
            return self._on_cpu.beside()
