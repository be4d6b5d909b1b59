"""Builds real engines; no GPU is needed for that. `nox -s backends` runs it."""

import inspect
import logging
import re
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.onnx_precision import precision_of
from a2f_ws.inference.plan_cache import PlanCache
from a2f_ws.inference.plan_profile import Profile, profile_of
from a2f_ws.inference.plans import Plans
from a2f_ws.inference.tensorrt_build import build_plan
from a2f_ws.inference.tensorrt_engine import Engine, StalePlanError
from a2f_ws.inference.tensorrt_library import Ear
from tests.data.windowed import windowed_bundle
from tests.gpu.double import trt
from tests.gpu.halves import with_halves

PROFILES = [
    Profile(usual=1, most=1),
    Profile(usual=8, most=128),
    Profile(usual=10, most=10, tactic_shared_bytes=49_152),
]


@pytest.fixture(scope="module", params=["windowed", "mark"])
def network(request, tmp_path_factory):
    if request.param == "windowed":
        return windowed_bundle()
    return request.getfixturevalue("mark_shaped")


@pytest.fixture(scope="module", params=["fp32", "fp16"])
def in_precision(request, network, tmp_path_factory):
    if request.param == "fp32":
        return network
    folder = tmp_path_factory.mktemp("halves")
    return replace(network, network=with_halves(network.network, folder / "network.onnx"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.text.replace("/", "-"))
def test_an_engine_is_built_for_every_network_precision_and_profile(rtx, in_precision, profile):
    plan = build_plan(rtx, in_precision, profile=profile)
    weights = in_precision.network.stat().st_size
    assert len(plan) > weights // 2


def test_halves_make_an_engine_of_half_the_size(rtx, mark_shaped, tmp_path):
    halves = replace(
        mark_shaped, network=with_halves(mark_shaped.network, tmp_path / "network.onnx")
    )
    assert (precision_of(mark_shaped.network), precision_of(halves.network)) == ("fp32", "fp16")
    sizes = [len(build_plan(rtx, one, profile=Profile())) for one in (mark_shaped, halves)]
    assert 0.4 < sizes[1] / sizes[0] < 0.7


def test_the_profile_of_the_bundle_is_one_that_is_accepted(rtx, mark_shaped):
    assert mark_shaped.trt_info is not None
    assert len(build_plan(rtx, mark_shaped, profile=profile_of(mark_shaped))) > 0


def test_progress_rises_to_the_whole_of_every_phase(rtx, bundle):
    told = []
    build_plan(rtx, bundle, profile=Profile(), progress=lambda *given: told.append(given))
    shares = [share for _, share in told]
    assert len(told) > 10
    assert all(0.0 < share <= 1.0 for share in shares)
    assert max(shares) == 1.0


def test_a_user_who_stops_a_build_stops_it(rtx, bundle):
    def stop(phase, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_plan(rtx, bundle, profile=Profile(), progress=stop)


def test_an_engine_for_one_kind_of_card_differs_from_that_for_all(rtx, bundle):
    usual, ampere = (
        build_plan(rtx, bundle, profile=Profile(), capability=capability)
        for capability in (None, (8, 6))
    )
    assert usual != ampere


def test_turing_has_no_products_in_single_precision(rtx, bundle):
    with pytest.raises(ModelError, match=r"TensorRT for RTX cannot build it: .*Turing"):
        build_plan(rtx, bundle, profile=Profile(), capability=(7, 5))


def test_a_file_that_is_no_network_is_told_in_the_librarys_words(rtx, bundle, tmp_path):
    broken = tmp_path / "network.onnx"
    broken.write_bytes(bundle.network.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"network\.onnx: TensorRT for RTX cannot read it"):
        build_plan(rtx, replace(bundle, network=broken), profile=Profile())


def test_a_network_of_other_sizes_is_refused_before_it_is_built(rtx, bundle):
    with pytest.raises(ModelError, match=r"input: found FLOAT \(-1, 1, 8320\), wanted FLOAT"):
        build_plan(rtx, replace(bundle, buffer_len=8000), profile=Profile())


def test_an_engine_is_built_once_and_kept(rtx, bundle, tmp_path):
    plans = Plans(rtx, None, cache=PlanCache(tmp_path))
    first, second = plans.find(bundle), plans.find(bundle)
    assert (first.was_kept, second.was_kept) == (False, True)
    assert first.content == second.content == first.path.read_bytes()
    plans.forget(bundle)
    assert not plans.find(bundle).was_kept


def test_an_engine_that_cannot_be_loaded_is_told_as_one_to_build_again(rtx, bundle):
    with pytest.raises(StalePlanError, match="cannot be loaded"):
        Engine(rtx, b"no engine", bundle=bundle)


def test_the_library_speaks_to_the_log(rtx, caplog):
    ear = Ear(rtx)
    with caplog.at_level(logging.DEBUG):
        ear.logger.log(rtx.module.ILogger.Severity.ERROR, "a fault\nof two lines")
    assert ear.take_fault() == "a fault of two lines"
    assert ear.take_fault() == "it does not say why"
    assert "a fault" in caplog.text


@pytest.mark.parametrize(
    ("double", "real"),
    [
        (trt.Context, "IExecutionContext"),
        (trt.Engine, "ICudaEngine"),
        (trt.Runtime, "Runtime"),
        (trt.RuntimeConfig, "IRuntimeConfig"),
    ],
)
def test_the_played_library_has_no_call_that_the_real_one_lacks(rtx, double, real):
    ours = {"addresses", "compute", "tell"}
    calls = {name for name, _ in inspect.getmembers(double) if not name.startswith("_")} - ours
    assert calls - set(dir(getattr(rtx.module, real))) == set()


@pytest.mark.parametrize(
    ("double", "real"),
    [
        (trt.Context, "IExecutionContext"),
        (trt.Engine, "ICudaEngine"),
        (trt.Runtime, "Runtime"),
    ],
)
def test_the_played_library_has_no_call_that_the_stubs_of_tensorrt_lack(double, real):
    try:
        stubs = distribution("tensorrt-stubs").locate_file("tensorrt_bindings/tensorrt.pyi")
    except PackageNotFoundError:
        pytest.skip("tensorrt-stubs is not installed")
    # They are no valid Python, so a type checker cannot read them.
    body = Path(stubs).read_text("utf-8").partition(f"\nclass {real}:")[2].partition("\nclass ")[0]
    known = set(re.findall(r"^    (?:def )?(\w+)[(:]", body, re.M))
    ours = {"addresses", "compute", "tell"}
    calls = {name for name, _ in inspect.getmembers(double) if not name.startswith("_")} - ours
    assert len(known) > 10
    assert calls - known == set()
