"""What a build asks of TensorRT itself, which is not to be had without a card."""

from types import SimpleNamespace

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.plan_profile import Profile
from a2f_ws.inference.tensorrt_build import build_plan
from a2f_ws.inference.tensorrt_library import library_of
from tests.gpu.double.trt import Kind, Severity


class Script:
    """A module that notes in which order it is asked, and of what.

    Attributes:
        asked: Calls so far.
        measured: Measurements of earlier builds that it accepts.
        plan: What a build gives.
        faults: What its parser says, else it reads everything.
    """

    __version__ = "10.14.1"
    NetworkDefinitionCreationFlag = SimpleNamespace(STRONGLY_TYPED=1)
    MemoryPoolType = SimpleNamespace(TACTIC_SHARED_MEMORY="shared")

    def __init__(self, bundle):
        self.asked, self.measured, self.plan, self.faults = [], b"", b"engine", []
        self._sizes = {"input": bundle.buffer_len, "emotion": bundle.emotion_len}
        self._width = bundle.columns.width
        self._cache = None
        self.ILogger = type("ILogger", (), {"__init__": lambda _: None})

    def note(self, *call):
        self.asked.append(call)

    def tensor(self, name, size):
        return SimpleNamespace(name=name, shape=(-1, 1, size), dtype=Kind.FLOAT)

    def Builder(self, logger):  # noqa: N802
        self.logger = logger
        return SimpleNamespace(
            create_network=self.network,
            create_builder_config=self.config,
            create_optimization_profile=lambda: SimpleNamespace(
                set_shape=lambda *shapes: self.note("shape", *shapes)
            ),
            build_serialized_network=self.build,
        )

    def network(self, flags):
        self.note("network", flags)
        inputs = [self.tensor(*pair) for pair in self._sizes.items()]
        result = self.tensor("result", self._width)
        return SimpleNamespace(
            num_inputs=2, num_outputs=1, get_input=inputs.__getitem__, get_output=lambda _: result
        )

    def OnnxParser(self, network, logger):  # noqa: N802
        return SimpleNamespace(
            parse_from_file=lambda path: not self.faults,
            num_errors=len(self.faults),
            get_error=lambda k: SimpleNamespace(desc=lambda: self.faults[k]),
        )

    def config(self):
        return SimpleNamespace(
            add_optimization_profile=lambda profile: 0,
            set_memory_pool_limit=lambda *limit: self.note("limit", *limit),
            create_timing_cache=self.cache,
            set_timing_cache=self.attach,
            get_timing_cache=lambda: self._cache,
        )

    def cache(self, content):
        return SimpleNamespace(content=content, serialize=lambda: content + b"+")

    def attach(self, cache, ignores_mismatch):
        self.note("attach", cache.content, ignores_mismatch)
        if cache.content not in (b"", self.measured):
            return False
        self._cache = cache
        return True

    def build(self, network, config):
        self.note("build")
        if self.plan is None:
            self.logger.log(Severity.ERROR, "Error Code 10: no implementation")
        return self.plan


@pytest.fixture
def script(bundle):
    return Script(bundle)


def built(script, bundle, *, profile=None, **options):
    profile = profile or Profile(usual=2, most=4)
    return build_plan(library_of(script, "tensorrt"), bundle, profile=profile, **options)


def test_the_network_is_strongly_typed_and_takes_as_many_rows_as_the_profile_says(script, bundle):
    assert built(script, bundle) == b"engine"
    assert script.asked == [
        ("network", 1 << 1),
        ("shape", "input", (1, 1, 8320), (2, 1, 8320), (4, 1, 8320)),
        ("shape", "emotion", (1, 1, 26), (2, 1, 26), (4, 1, 26)),
        ("build",),
    ]


def test_a_limit_of_shared_memory_is_handed_on(script, bundle):
    built(script, bundle, profile=Profile(most=1, usual=1, tactic_shared_bytes=49_152))
    assert ("limit", "shared", 49_152) in script.asked


def test_measurements_are_there_before_the_build_and_kept_after_it(script, bundle, tmp_path):
    kept = {}
    path = tmp_path / "timing"
    built(script, bundle, timing=path, keep=kept.__setitem__)
    assert script.asked[-2:] == [("attach", b"", False), ("build",)]
    assert kept == {path: b"+"}
    path.write_bytes(b"earlier")
    script.measured = b"earlier"
    built(script, bundle, timing=path, keep=kept.__setitem__)
    assert kept == {path: b"earlier+"}


def test_measurements_of_another_card_are_left_aside(script, bundle, tmp_path):
    path = tmp_path / "timing"
    path.write_bytes(b"of another card")
    kept = {}
    built(script, bundle, timing=path, keep=kept.__setitem__)
    attached = [call for call in script.asked if call[0] == "attach"]
    assert attached == [("attach", b"of another card", False), ("attach", b"", False)]
    assert kept == {path: b"+"}


def test_measurements_that_cannot_be_kept_do_not_fail_a_build(script, bundle, tmp_path):
    def fail(path, content):
        raise ModelError("the disk is full")

    assert built(script, bundle, timing=tmp_path / "timing", keep=fail) == b"engine"


def test_a_build_that_fails_is_told_in_the_librarys_words(script, bundle):
    script.plan = None
    with pytest.raises(ModelError, match="TensorRT cannot build it: Error Code 10: no impl"):
        built(script, bundle)
    script.faults = ["Unsupported\noperator X"]
    with pytest.raises(ModelError, match="TensorRT cannot read it: Unsupported operator X"):
        built(script, bundle)
