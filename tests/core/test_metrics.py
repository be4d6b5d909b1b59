"""What is counted and measured, read back as Prometheus reads it."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from a2f_ws.metrics import KIND, Metrics
from a2f_ws.standing import Facts
from a2f_ws.wire import replies
from a2f_ws.wire.requests import Ping


@pytest.fixture
def metrics():
    return Metrics(version="1.2.3", instance="i1")


def samples(metrics, facts=None):
    """All values by name and labels, as a reader of the text finds them."""
    families = text_string_to_metric_families(metrics.text(facts or Facts()))
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def poses(n, *, sid=1, u=1):
    return replies.Poses(sid=sid, u=u, layout=1, i=0, t_us=0, n=n, data=b"")


def status(code, **fields):
    return replies.Status(sid=1, level="warning", code=code, message="", **fields)


def test_every_name_and_unit_follows_the_conventions_of_prometheus(metrics):
    families = list(text_string_to_metric_families(metrics.text(Facts())))
    ours = [family for family in families if not family.name.startswith("process_")]
    assert len(ours) >= 18
    for family in ours:
        assert re.fullmatch(r"a2f_ws_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        if family.type == "counter":
            assert f"# TYPE {family.name}_total counter" in metrics.text(Facts())
        assert not re.search(r"_(ms|us|milliseconds|kb)\b", family.name)
    assert {family.type for family in ours} == {"counter", "gauge", "histogram"}
    assert KIND.startswith("text/plain; version=")


def test_the_time_of_creation_is_not_among_the_series(metrics):
    assert "_created" not in metrics.text(Facts())


def test_poses_and_bytes_count_when_they_are_handed_to_the_socket(metrics):
    metrics.received(100)
    metrics.handed(poses(5), 1_000)
    metrics.handed(poses(3), 500)
    metrics.handed(Ping(t=0), 20)
    found = samples(metrics)
    assert found["a2f_ws_poses_total",] == 8
    assert found["a2f_ws_bytes_total", "received"] == 100
    assert found["a2f_ws_bytes_total", "sent"] == 1_520


def test_drops_say_whether_poses_were_late_or_their_reader_slow(metrics):
    metrics.told(status("dropped", u=4, counters={"poses": 5}))
    metrics.told(status("dropped", counters={"poses": 2}))
    metrics.told(status("dropped", counters={"geometry": 9}))
    found = samples(metrics, Facts(tally={"late": 7}))
    assert found["a2f_ws_poses_dropped_total", "late"] == 7
    assert found["a2f_ws_poses_dropped_total", "slow_reader"] == 2


def test_rate_changes_count_by_the_way_they_go(metrics):
    found = samples(metrics, Facts(tally={"rate down": 2, "rate up": 1}))
    assert found["a2f_ws_rate_changes_total", "down"] == 2
    assert found["a2f_ws_rate_changes_total", "up"] == 1


def test_utterances_count_by_state_and_states_are_there_before_the_first(metrics):
    assert samples(metrics)["a2f_ws_utterances_total", "interrupted"] == 0
    found = samples(metrics, Facts(tally={"started": 2, "audio_done": 1, "poses_done": 1}))
    assert found["a2f_ws_utterances_total", "started"] == 2
    assert found["a2f_ws_utterances_total", "poses_done"] == 1


def test_errors_and_closing_codes_count_by_code(metrics):
    metrics.told(replies.Error(code=4422, message="found 3"))
    metrics.failed(4422)
    metrics.failed(4503)
    found = samples(metrics)
    assert found["a2f_ws_errors_total", "4422"] == 2
    assert found["a2f_ws_errors_total", "4503"] == 1


def test_a_batch_gives_its_size_its_time_and_its_longest_wait(metrics):
    measure = metrics.of_worker("small")
    measure(8, seconds=0.004, waited_s=0.011)
    measure(1, seconds=0.0005, waited_s=0.0)
    found = samples(metrics)
    assert found["a2f_ws_inference_batch_size_sum", "small"] == 9
    assert found["a2f_ws_inference_batch_size_bucket", "1.0", "small"] == 1
    assert found["a2f_ws_inference_seconds_sum", "small"] == pytest.approx(0.0045)
    assert found["a2f_ws_inference_seconds_bucket", "0.005", "small"] == 2
    assert found["a2f_ws_queue_age_seconds_count", "inference"] == 2


def test_burst_poses_count_in_the_queue_but_not_in_the_latency(metrics):
    metrics.waited(0.002, latency_s=0.010)
    metrics.waited(0.5, latency_s=None)
    found = samples(metrics)
    assert found["a2f_ws_queue_age_seconds_count", "outbox"] == 2
    assert found["a2f_ws_added_latency_seconds_count",] == 1
    assert found["a2f_ws_added_latency_seconds_bucket", "0.012"] == 1
    assert found["a2f_ws_added_latency_seconds_bucket", "0.008"] == 0


def test_gauges_show_the_moment_in_which_they_are_read(metrics):
    facts = Facts(
        connections=2,
        sessions={"embedded": 3},
        lost=1,
        watchers=4,
        utterances=1,
        waiting={"embedded": 5},
        busy={"embedded": 0.25},
        outbox_bytes=77,
        is_draining=True,
    )
    found = samples(metrics, facts)
    assert found["a2f_ws_connections",] == 2
    assert found["a2f_ws_sessions", "embedded"] == 3
    assert found["a2f_ws_sessions_lost",] == 1
    assert found["a2f_ws_watchers",] == 4
    assert found["a2f_ws_utterances_alive",] == 1
    assert found["a2f_ws_windows_waiting", "embedded"] == 5
    assert found["a2f_ws_inference_busy_ratio", "embedded"] == 0.25
    assert found["a2f_ws_outbox_bytes",] == 77
    assert found["a2f_ws_draining",] == 1
    assert samples(metrics)["a2f_ws_connections",] == 0


def test_workers_tell_their_part_by_model_and_number(metrics):
    facts = Facts(workers={"embedded": [(3, 5, 0.5), (2, 0, 0.25)], "other": [(0, 0, 0.0)]})
    found = samples(metrics, facts)
    assert found["a2f_ws_worker_sessions", "0", "embedded"] == 3
    assert found["a2f_ws_worker_sessions", "1", "embedded"] == 2
    assert found["a2f_ws_worker_windows_waiting", "0", "embedded"] == 5
    assert found["a2f_ws_worker_busy_ratio", "1", "embedded"] == 0.25
    assert found["a2f_ws_worker_busy_ratio", "0", "other"] == 0.0


def test_two_servers_in_one_process_count_apart(metrics):
    other = Metrics(version="1.2.3", instance="i2")
    metrics.received(5)
    assert samples(other)["a2f_ws_bytes_total", "received"] == 0
    assert samples(other)["a2f_ws_build_info", "1.2.3", "i2"] == 1


def test_a_loop_that_wakes_early_counts_as_punctual(metrics):
    metrics.ticked(-0.01)
    metrics.ticked(0.25)
    found = samples(metrics)
    assert found["a2f_ws_loop_delay_seconds_bucket", "0.001"] == 1
    assert found["a2f_ws_loop_delay_seconds_sum",] == 0.25
