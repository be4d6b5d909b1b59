"""Lines of the log, and what keeps them few."""

import io
import json
import logging

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.logs import AGAIN_S, WORDINGS_MAX, JsonLines, Named, NotAgain, TextLines, set_up


def record(text, *args, level=logging.INFO, name="a2f_ws.x", fault=None, **extra):
    info = (type(fault), fault, fault.__traceback__) if fault else None
    made = logging.LogRecord(name, level, "x.py", 1, text, args, info)
    made.created, made.msecs = 1_767_225_600.25, 250
    vars(made).update(extra)
    return made


def test_a_line_of_text_begins_with_connection_and_session():
    line = TextLines().format(record("gone after %d s", 3, connection="c7", session=2))
    assert line.split(" ", 1)[1] == "INFO    c7/2: gone after 3 s"


def test_a_line_of_text_without_a_connection_is_the_message_alone():
    assert TextLines().format(record("stopping")).split(" ", 1)[1] == "INFO    stopping"


def test_a_line_of_json_has_time_level_message_and_ids():
    line = json.loads(JsonLines().format(record("is %r", "game/1", connection="c7", session=2)))
    assert line == {
        "time": "2026-01-01T00:00:00.250Z",
        "level": "info",
        "message": "is 'game/1'",
        "logger": "a2f_ws.x",
        "connection": "c7",
        "session": 2,
    }


def test_a_line_of_json_stays_one_line_with_a_traceback_and_line_ends_in_it():
    try:
        raise ValueError("bad\nvalue")
    except ValueError as error:
        text = JsonLines().format(record("a bug\nof ours", level=logging.ERROR, fault=error))
    assert "\n" not in text
    assert json.loads(text)["traceback"].endswith("ValueError: bad\nvalue")


def test_a_named_log_joins_its_ids_to_those_of_the_line():
    log = Named(logging.getLogger("a2f_ws.x"), {"connection": "c1", "address": "127.0.0.1"})
    _, kwargs = log.process("x", {"extra": {"session": 4}})
    assert kwargs["extra"] == {"connection": "c1", "address": "127.0.0.1", "session": 4}
    _, kwargs = log.process("x", {})
    assert kwargs["extra"] == {"connection": "c1", "address": "127.0.0.1"}


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def patient(clock):
    return NotAgain(lambda: clock[0])


def warning(text="full: %d", *args, **fields):
    return record(text, *args, level=logging.WARNING, **fields)


def test_a_complaint_is_told_once_and_after_30_s_again_with_a_count(patient, clock):
    first = warning("full: %d", 1)
    assert patient.filter(first)
    assert [patient.filter(warning("full: %d", k)) for k in range(5)] == [False] * 5
    clock[0] += AGAIN_S
    again = warning("full: %d", 9)
    assert patient.filter(again)
    assert first.getMessage() == "full: 1"
    assert again.getMessage() == "full: 9 (5 more like it since the last one)"


def test_after_a_quiet_time_a_complaint_comes_without_a_count(patient, clock):
    assert patient.filter(warning("full"))
    clock[0] += 2 * AGAIN_S
    again = warning("full")
    assert patient.filter(again)
    assert again.getMessage() == "full"


def test_other_complaints_and_other_exceptions_are_told_meanwhile(patient):
    assert patient.filter(warning("full"))
    assert patient.filter(warning("empty"))
    assert patient.filter(warning("full", name="a2f_ws.y"))
    assert patient.filter(warning("full", fault=ValueError()))
    assert patient.filter(warning("full", fault=KeyError()))
    assert not patient.filter(warning("full", fault=KeyError()))


def test_two_faults_in_one_text_are_both_told_and_each_once(patient, clock):
    faults = ValueError("found 70000, wanted less"), ValueError("found 80000, wanted less")
    assert [patient.filter(warning("stays: %s", one)) for one in faults * 2] == [
        True,
        True,
        False,
        False,
    ]
    clock[0] += AGAIN_S
    again = warning("stays: %s", faults[1])
    assert patient.filter(again)
    assert (
        again.getMessage() == "stays: found 80000, wanted less (1 more like it since the last one)"
    )


def test_values_that_others_choose_fill_neither_log_nor_memory(patient, clock):
    told = [patient.filter(warning("no %r", f"name {k}")) for k in range(5_000)]
    assert sum(told) == WORDINGS_MAX + 1
    assert sum(map(len, patient._told.values())) == WORDINGS_MAX + 1
    clock[0] += AGAIN_S
    again = warning("no %r", "another")
    assert patient.filter(again)
    assert (
        again.getMessage()
        == f"no 'another' ({5_000 - WORDINGS_MAX - 1} more like it since the last one)"
    )


def test_wordings_that_are_long_past_make_room_for_others(patient, clock):
    for k in range(20):
        clock[0] += 2 * AGAIN_S
        assert all(patient.filter(warning("no %r", f"name {k} {n}")) for n in range(WORDINGS_MAX))


def test_what_complains_of_nothing_is_always_told(patient):
    assert all(patient.filter(record("connected")) for _ in range(3))


def test_a_flood_of_different_complaints_takes_bounded_memory(patient):
    for k in range(5_000):
        assert patient.filter(warning(f"text {k}"))
    assert len(patient._told) <= 1_024


@pytest.fixture
def own_root():
    """The root logger, as it was afterwards."""
    root, library = logging.getLogger(), logging.getLogger("websockets")
    before = root.level, root.handlers[:], library.level
    yield root
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    library.setLevel(before[2])


def test_setting_up_again_replaces_level_and_format(own_root):
    out = io.StringIO()
    set_up("warning", "text", stream=out)
    logging.getLogger("a2f_ws.x").info("unheard")
    set_up("info", "json", stream=out)
    logging.getLogger("a2f_ws.x").info("heard")
    assert [json.loads(line)["message"] for line in out.getvalue().splitlines()] == ["heard"]


def test_an_unknown_level_or_format_is_told_with_its_name():
    with pytest.raises(ConfigError, match="log_level: found 'loud', wanted one of debug"):
        set_up("loud")
    with pytest.raises(ConfigError, match="log_format: found 'xml', wanted one of text, json"):
        set_up("info", "xml")
