from dataclasses import replace

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.plan_profile import Profile, profile_of

BOUNDS = {"min": "1", "max": "{MAX_BATCH_SIZE}", "opt": "{OPT_BATCH_SIZE}"}


def with_words(bundle, *words, **defaults):
    info = {"trt_build_param": {"batch": list(words)}, "defaults": defaults}
    return replace(bundle, trt_info=info)


def shapes(bundle, rows):
    return f"input:{rows}x1x{bundle.buffer_len},emotion:{rows}x1x{bundle.emotion_len}"


@pytest.fixture
def told(bundle):
    """A bundle that says for how many rows an engine is made, as NVIDIA's do."""
    words = [f"--{bound}Shapes={shapes(bundle, rows)}" for bound, rows in BOUNDS.items()]
    return with_words(bundle, *words, MAX_BATCH_SIZE=128, OPT_BATCH_SIZE=16)


def test_the_bundle_says_how_many_rows_an_engine_is_made_for(told):
    assert profile_of(told) == Profile(least=1, usual=16, most=128)
    assert profile_of(told).text == "1/16/128"


def test_nobody_asks_for_more_rows_than_that(told):
    assert profile_of(told, most=10) == Profile(least=1, usual=10, most=10)


def test_a_bundle_without_the_file_gets_what_is_usual(bundle):
    assert profile_of(bundle) == Profile(least=1, usual=8, most=128)


def test_the_memory_that_graphics_needs_is_left_to_it(bundle):
    other = with_words(bundle, "--memPoolSize=tacticSharedMem:0.046875", "--fp16")
    assert profile_of(other).tactic_shared_bytes == 49_152
    assert profile_of(other).text == "1/8/128/49152B"
    other = with_words(bundle, "--memPoolSize=tacticSharedMem:48K")
    assert profile_of(other).tactic_shared_bytes == 49_152


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("--maxShapes=input:8x1x99,emotion:8x1x26", "found 'input:8x1x99,emotion:8x1x26', wanted"),
        ("--maxShapes=input:8x1x8320", "wanted input:Nx1x8320,emotion:Nx1x26"),
        ("--maxShapes=input:8x1x8320,emotion:4x1x26", "the same in all"),
        ("--maxShapes=input:0x1x8320,emotion:0x1x26", "N >= 1"),
        ("--optShapes=input:8x8320,emotion:8x26", "wanted NAME:ROWSx1xSIZE"),
        ("--minShapes=input:2x1x8320,emotion:2x1x26", "--minShapes: found 2 rows, wanted 1"),
        ("--maxShapes=input:{MOST}x1x8320", "wanted 'MOST' among the defaults"),
    ],
)
def test_what_contradicts_the_bundle_is_told_with_its_place(bundle, word, fault):
    with pytest.raises(ModelError, match=r"trt_info\.json") as caught:
        profile_of(with_words(bundle, word))
    assert fault in str(caught.value)


@pytest.mark.parametrize("info", [{}, {"trt_build_param": []}, {"trt_build_param": {"batch": "x"}}])
def test_a_file_of_another_form_is_refused(bundle, info):
    with pytest.raises(ModelError, match=r"trt_info\.json: trt_build_param"):
        profile_of(replace(bundle, trt_info=info))
