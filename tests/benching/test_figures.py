"""What can be borne, and how it is told."""

from a2f_ws.benching.figures import LATENCY_MS, Load, Measured, Outcome, percentiles
from a2f_ws.benching.report import HEADS, row, table, verdict


def measured(sessions=10, *, p99=20.0, late=0, rate_hz=60.0, load_share=0.1, faults=()):
    outcome = Outcome(
        sessions=sessions, fps=60, poses=sessions * 240, seconds=4.0, added_ms=(2.0, 9.0, p99),
        late=late, rate_hz=rate_hz, jitter_ms=(0.5, 1.0, 2.0), share=load_share, faults=faults,
    )  # fmt: skip
    return Measured(outcome=outcome, share=0.5, rss_bytes=130_000_000)


def test_percentiles_are_those_of_all_values():
    assert percentiles(range(101)) == (50.0, 95.0, 99.0)
    assert percentiles([]) == ()


def test_a_load_is_borne_while_nearly_all_poses_are_quick_and_none_is_late():
    assert measured(p99=LATENCY_MS - 0.1).is_borne
    assert not measured(p99=LATENCY_MS).is_borne
    assert not measured(late=1).is_borne


def test_a_load_that_the_server_refused_is_not_borne():
    refused = Outcome.refused(Load(port=1, sessions=9), "no room")
    assert not Measured(outcome=refused, share=0.0).is_borne


def test_poses_that_are_made_of_two_others_do_not_count_as_computed():
    assert measured(rate_hz=60.0).is_whole
    assert not measured(rate_hz=30.0).is_whole


def test_a_row_of_the_table_has_a_cell_for_each_column():
    cells = dict(zip(HEADS, row(measured()), strict=True))
    assert cells["sessions"] == "10"
    assert cells["poses/s"] == "600"
    assert cells["p99 ms"] == "20.0"
    assert cells["server CPU"] == "50%"
    assert cells["a session"] == "5.00%"
    assert cells["MB"] == "130"


def test_a_refused_load_is_a_row_too():
    cells = row(measured(sessions=77, faults=("no room",)))
    assert len(cells) == len(HEADS)
    assert (cells[0], cells[-1]) == ("77", "refused")


def test_a_table_can_be_pasted_as_markdown():
    assert table(("a", "bcd"), [("1", "2"), ("333", "4")]).splitlines() == [
        "|   a | bcd |",
        "|----:|----:|",
        "|   1 |   2 |",
        "| 333 |   4 |",
    ]


def test_the_verdict_tells_what_is_borne_and_how_many_with_all_poses_computed():
    found = [measured(10), measured(20, rate_hz=30.0), measured(30, late=4)]
    text = verdict(found)
    assert text.startswith("20 live sessions are borne, 10 with every pose computed")


def test_a_load_generator_that_fills_its_core_is_told_of():
    assert "load generator" in verdict([measured(load_share=0.95)])
    assert "load generator" not in verdict([measured(load_share=0.5)])


def test_where_nothing_is_borne_the_verdict_says_so():
    assert verdict([measured(8, late=3)]).startswith("None of the numbers tried is borne")
