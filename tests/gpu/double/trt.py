"""The execution half of TensorRT and of TensorRT for RTX, as their documentation has it.

An engine is bound to the card that is current when it is loaded; that card has to be current
wherever it is used, and its contexts run on streams of that card. Source: TensorRT, developer
guide, "How do I use TensorRT on multiple GPUs?".

A serialised engine is JSON with the sizes of the network, which gives, for every row,
result[n] = 2 · input[n mod S] + emotion[n mod E].
"""

import json
import weakref
from enum import Enum
from types import SimpleNamespace

import numpy as np

from tests.gpu.double.parts import CardError, WrongUseError

SCRATCH_BYTES = 1000
"""Scratch memory that a row needs."""


class Severity(Enum):
    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2
    INFO = 3


class Kind(Enum):
    FLOAT = 0
    HALF = 1


class Mode(Enum):
    NONE = 0
    INPUT = 1
    OUTPUT = 2


class Strategy(Enum):
    STATIC = 0
    USER_MANAGED = 2


class GraphStrategy(Enum):
    DISABLED = 0
    WHOLE_GRAPH_CAPTURE = 1


def plan_of(bundle, *, most=8, **others):
    """A serialised engine for a bundle."""
    sizes = {
        "input": bundle.buffer_len,
        "emotion": bundle.emotion_len,
        "result": bundle.columns.width,
    }
    return json.dumps({"sizes": sizes, "most": most, "type": "FLOAT", **others}).encode()


def expected(windows, emotions, width):
    """What the played network gives."""
    n = np.arange(width)
    return 2 * windows[:, n % windows.shape[1]] + emotions[:, n % emotions.shape[1]]


class ILogger:
    def log(self, severity, msg):
        raise NotImplementedError


class RuntimeConfig:
    def __init__(self):
        self.strategy = Strategy.STATIC
        self.cuda_graph_strategy = GraphStrategy.DISABLED

    def set_execution_context_allocation_strategy(self, strategy):
        self.strategy = strategy


class Context:
    """`IExecutionContext`.

    Attributes:
        strategy: Of graphs.
    """

    def __init__(self, engine, *, graphs):
        self._engine, self.strategy = engine, graphs
        self._engine_alive = weakref.ref(engine)
        self._shapes, self._addresses = {}, {}
        self._scratch = self._settled = self._profile = None
        engine.contexts.add(self)

    def set_optimization_profile_async(self, profile_index, stream_handle):
        if profile_index != 0:
            return False

        def work():
            self._profile = profile_index

        self._engine.card.queue(stream_handle, "profile", work)
        return True

    def set_input_shape(self, name, shape):
        card = self._engine.card
        if self._profile is None:
            raise WrongUseError("set_input_shape: no profile is in force yet")
        if any(stream.captured is not None for stream in card.streams.values()):
            raise WrongUseError("set_input_shape: forbidden while a stream is captured")
        rows, one, size = shape
        if not 1 <= rows <= self._engine.most or (one, size) != (1, self._engine.sizes[name]):
            self._engine.tell(f"{name}: shape {shape} is outside of the profile")
            return False
        self._shapes[name] = tuple(shape)
        return True

    def set_tensor_address(self, name, memory):
        if name not in self._engine.sizes:
            return False
        self._addresses[name] = memory
        return True

    def infer_shapes(self):
        return [name for name in ("input", "emotion") if name not in self._shapes]

    def get_tensor_shape(self, name):
        rows = self._shapes["input"][0]
        return (rows, 1, self._engine.sizes[name])

    def update_device_memory_size_for_shapes(self):
        return SCRATCH_BYTES * self._shapes["input"][0]

    @property
    def addresses(self):
        return {*self._addresses.values(), *(self._scratch or ())[:1]}

    def set_device_memory(self, memory, size):
        self._scratch = (memory, size)

    def execute_async_v3(self, stream_handle):
        engine, card = self._engine, self._engine.card
        self._check(stream_handle)
        stream = card.streams[stream_handle]
        if stream.captured is not None and self._settled != self._shapes:
            raise WrongUseError("execute_async_v3: captured before the context ran once")
        if engine.fault is not None and self._shapes["input"][0] >= engine.fault[1]:
            engine.tell(engine.fault[0])
            return False
        me = weakref.ref(self)

        def work():
            alive = me()
            if alive is None:
                raise WrongUseError("a context was destroyed while its work waited")
            alive.compute()

        try:
            card.queue(stream_handle, "execute", work)
        except CardError as fault:
            engine.tell(f"Cuda Runtime (error {fault.number}: {fault.name})")
            return False
        self._settled = dict(self._shapes)
        return True

    def _check(self, stream_handle):
        card, rows = self._engine.card, self._shapes.get("input", (0,))[0]
        if not isinstance(stream_handle, int):
            raise WrongUseError(
                f"execute_async_v3: found stream {stream_handle!r}, wanted a number"
            )
        if stream_handle == 0 or stream_handle not in card.streams:
            raise WrongUseError("execute_async_v3: wanted a stream that was made")
        if self.infer_shapes():
            raise WrongUseError("execute_async_v3: a shape was not set")
        for name, size in self._engine.sizes.items():
            if name not in self._addresses:
                raise WrongUseError(f"execute_async_v3: {name} has no address")
            card.view(self._addresses[name], rows * size * 4)
        if self._scratch is None:
            raise WrongUseError("execute_async_v3: no scratch memory was set")
        address, size = self._scratch
        if size < self.update_device_memory_size_for_shapes():
            raise WrongUseError("execute_async_v3: too little scratch memory")
        card.view(address, size)

    def compute(self):
        card, sizes = self._engine.card, self._engine.sizes
        rows = self._shapes["input"][0]
        seen = {
            name: card.view(self._addresses[name], rows * size * 4)
            .view(np.float32)
            .reshape(rows, size)
            for name, size in sizes.items()
        }
        address, size = self._scratch
        card.view(address, size)[:] = 0x55
        seen["result"][:] = expected(seen["input"], seen["emotion"], sizes["result"])
        card.ran()


class Engine:
    """`ICudaEngine`."""

    def __init__(self, runtime, card, *, content, logger):
        self._runtime, self.card, self._logger = runtime, card, logger
        self.sizes, self.most = content["sizes"], content["most"]
        self.fault = content.get("fault")
        self.contexts = weakref.WeakSet()
        self._type = content["type"]
        self._context_most = content.get("context_most", self.most)
        self.num_io_tensors = len(self.sizes)

    def tell(self, text):
        self._logger.log(Severity.ERROR, text)

    def get_tensor_name(self, index):
        return list(self.sizes)[index]

    def get_tensor_mode(self, name):
        return Mode.OUTPUT if name == "result" else Mode.INPUT

    def get_tensor_shape(self, name):
        return (-1, 1, self.sizes[name])

    def get_tensor_dtype(self, name):
        return Kind[self._type]

    def get_tensor_profile_shape(self, name, profile_index):
        return [(rows, 1, self.sizes[name]) for rows in (1, self.most, self.most)]

    def create_runtime_config(self):
        return RuntimeConfig()

    def create_execution_context(self, how=None):
        self.card.ask("context")
        strategy = how.strategy if isinstance(how, RuntimeConfig) else how
        if strategy is not Strategy.USER_MANAGED:
            raise WrongUseError("contexts would take scratch memory of their own")
        if len(self.contexts) >= self._context_most:
            self.tell("Error Code 2: OutOfMemory (Requested size was 99 bytes.)")
            return None
        graphs = how.cuda_graph_strategy if isinstance(how, RuntimeConfig) else None
        return Context(self, graphs=graphs)


class Runtime:
    """`Runtime` of a module that is played."""

    def __init__(self, module, logger):
        self._module, self._logger = module, logger

    def deserialize_cuda_engine(self, plan):
        card = self._module.cards[0].current.card()
        card.ask("load")
        if not isinstance(plan, bytes):
            raise WrongUseError("deserialize_cuda_engine: wanted bytes")
        try:
            content = json.loads(plan)
        except ValueError:
            self._logger.log(Severity.ERROR, "The engine plan file is not compatible")
            return None
        engine = Engine(self, card, content=content, logger=self._logger)
        self._module.engines.add(engine)
        return engine


def played_module(*cards, version="10.14.1", is_rtx=False):
    """A module like `tensorrt` or `tensorrt_rtx`; what it made and is alive is in `engines`."""
    module = SimpleNamespace(
        cards=cards,
        engines=weakref.WeakSet(),
        ILogger=ILogger,
        TensorIOMode=Mode,
        ExecutionContextAllocationStrategy=Strategy,
        __version__=version,
    )
    if is_rtx:
        module.CudaGraphStrategy = GraphStrategy

    def check(block):
        for context in (one for engine in module.engines for one in engine.contexts):
            if block.address in context.addresses:
                raise WrongUseError("memory is freed before the context that it was given to")

    for card in cards:
        card.on_free.append(check)
    module.Runtime = lambda logger: Runtime(module, logger)
    return module
