"""A TensorRT engine on a GPU: its tensors, and a context for each size of batch."""

from typing import Any, Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.gpu import Gpu, OutOfMemoryError
from a2f_ws.inference.tensorrt_library import Ear, Library
from a2f_ws.inference.tensorrt_tensors import check_tensors

MEMORY_WORDS: Final = ("out of memory", "outofmemory", "memory allocation")
"""Of which a fault of TensorRT has one when the GPU's memory does not suffice."""


class StalePlanError(ModelError):
    """A serialised engine does not fit this library, driver or card, and has to be built again."""


class Engine:
    """A serialised engine, loaded; the GPU has to be current wherever this is used.

    Attributes:
        most: Most rows that it takes.
    """

    def __init__(self, library: Library, plan: bytes, *, bundle: Bundle) -> None:
        """Load it and compare its tensors with the bundle.

        Args:
            library: The one that has built it.
            plan: The serialised engine.
            bundle: Says the sizes.

        Raises:
            StalePlanError: It cannot be loaded.
            OutOfMemoryError: The GPU's memory does not suffice.
            ModelError: It is not the bundle's network.
        """
        self._library, self._bundle = library, bundle
        self._ear = Ear(library)
        self._runtime: Any = library.module.Runtime(self._ear.logger)
        self._engine: Any = self._runtime.deserialize_cuda_engine(plan)
        if self._engine is None:
            raise self.fault("cannot be loaded", StalePlanError)
        self._check()
        shapes = self._engine.get_tensor_profile_shape("input", 0)
        self.most = int(next(iter(shapes[2])))

    def context(self, rows: int, *, gpu: Gpu, addresses: dict[str, int], captures: bool) -> Any:  # noqa: ANN401
        """What runs batches of one size, with all but its scratch memory set.

        Args:
            rows: Of a batch.
            gpu: On whose stream they will run.
            addresses: Memory of every tensor.
            captures: True lets TensorRT for RTX capture graphs by itself.

        Raises:
            OutOfMemoryError: The GPU's memory does not suffice.
            ModelError: It cannot be made.
        """
        made = self._engine.create_execution_context(self._how(captures=captures))
        if made is None:
            raise self.fault("no context can be made")
        # Only the first context of an engine has a profile from the beginning.
        if not made.set_optimization_profile_async(0, gpu.stream):
            raise self.fault("the profile cannot be used")
        gpu.finish()
        self._set(made, rows, addresses=addresses)
        shape = tuple(made.get_tensor_shape("result"))
        wanted = (rows, 1, self._bundle.columns.width)
        if shape != wanted:
            raise ModelError(f"{self._bundle.network}: result: found {shape}, wanted {wanted}")
        return made

    def fault(self, text: str, kind: type[ModelError] = ModelError) -> ModelError:
        """What the library has said of a fault, as an error."""
        why = self._ear.take_fault()
        if any(words in why.lower() for words in MEMORY_WORDS):
            kind = OutOfMemoryError
        return kind(f"{self._bundle.network}: {self._library.title}: {text}: {why}")

    def close(self) -> None:
        """Let it go; its contexts have to be gone by now."""
        self._engine = None
        self._runtime = None

    def _set(self, made: Any, rows: int, *, addresses: dict[str, int]) -> None:  # noqa: ANN401
        """Tell a context the shapes and addresses that it keeps."""
        sizes = {"input": self._bundle.buffer_len, "emotion": self._bundle.emotion_len}
        for name, size in sizes.items():
            if not made.set_input_shape(name, (rows, 1, size)):
                raise self.fault(f"{name}: found {rows} rows, wanted 1 to {self.most}")
        for name, address in addresses.items():
            if not made.set_tensor_address(name, address):
                raise self.fault(f"{name}: has no memory")
        try:
            missing = made.infer_shapes()
        except RuntimeError as fault:
            raise self.fault(f"shapes: {fault}") from fault
        if missing:
            raise self.fault(f"{', '.join(missing)}: the shape is not known")

    def _how(self, *, captures: bool) -> Any:  # noqa: ANN401
        """Contexts take memory that they are given, so that all of them can share it."""
        module = self._library.module
        strategy = module.ExecutionContextAllocationStrategy.USER_MANAGED
        if not captures or not self._library.is_rtx:
            return strategy
        config = self._engine.create_runtime_config()
        config.set_execution_context_allocation_strategy(strategy)
        config.cuda_graph_strategy = module.CudaGraphStrategy.WHOLE_GRAPH_CAPTURE
        return config

    def _check(self) -> None:
        engine, module = self._engine, self._library.module
        inputs: dict[str, tuple[tuple[int, ...], str]] = {}
        outputs: dict[str, tuple[tuple[int, ...], str]] = {}
        for k in range(engine.num_io_tensors):
            name = engine.get_tensor_name(k)
            is_input = engine.get_tensor_mode(name) == module.TensorIOMode.INPUT
            side = inputs if is_input else outputs
            side[name] = (tuple(engine.get_tensor_shape(name)), engine.get_tensor_dtype(name).name)
        check_tensors(self._bundle, inputs=inputs, outputs=outputs)
