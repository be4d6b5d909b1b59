"""What stands in `deploy/` fits the program: names of metrics, settings, users, commands."""

import configparser
import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from a2f_ws.metrics import Metrics
from a2f_ws.reloading import AT_ONCE, FOR_NEW
from a2f_ws.settings import PREFIX, Settings
from a2f_ws.standing import Facts

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DOCKERFILES = ("Dockerfile", "Dockerfile.gpu")
NAME = re.compile(r"\b(a2f_ws_[a-z_]+|process_[a-z_]+)\b")
LABEL = re.compile(r'\b(?:reason|direction|state|queue|code)=~?"([^"$]+)"')


@pytest.fixture(scope="module")
def known():
    """Names of all series that /metrics can have."""
    metrics = Metrics(version="1", instance="i")
    metrics.failed(4500)
    metrics.of_worker("m")(1, seconds=0.1, waited_s=0.1)
    facts = Facts(
        sessions={"m": 1}, waiting={"m": 1}, busy={"m": 0.5}, slowed={"m": 0}, window_s={"m": 0.1},
        taken={"m": 0.5}, refused={"m": 1}, max_sessions=9, workers={"m": [(1, 0, 0.5)]},
    )  # fmt: skip
    text = metrics.text(facts)
    families = list(text_string_to_metric_families(text))
    return {sample.name for family in families for sample in family.samples}


def expressions():
    """(where, expression) of everything that the dashboard and the alerts ask for."""
    board = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["definition"].replace(", instance", "")
    for rule in rules():
        yield rule["alert"], rule["expr"]


def rules():
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_there_are(known):
    asked = {(where, name) for where, text in expressions() for name in NAME.findall(text)}
    assert len({name for _, name in asked}) >= 18
    linux = {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"}
    missing = {(where, name) for where, name in asked if name not in known | linux}
    assert missing == set()


def test_every_metric_of_ours_is_shown_on_the_dashboard(known):
    shown = {name for _, text in expressions() for name in NAME.findall(text)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known if "a2f_ws_" in name}
    wanted = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert families - wanted == set()


def test_alerts_ask_for_labels_that_the_metrics_use():
    text = "\n".join(rule["expr"] for rule in rules())
    values = {one for found in LABEL.findall(text) for one in found.split("|")}
    assert values == {"late", "down", "4500", "4401", "4429"}


def test_brackets_of_every_expression_are_balanced():
    for where, text in expressions():
        for opening, closing in ("()", "{}", "[]"):
            assert text.count(opening) == text.count(closing), where


def test_panels_of_the_dashboard_lie_beside_and_not_upon_one_another():
    panels = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}  # fmt: skip
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_alert_says_how_bad_it_is_and_what_it_means():
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "look")
        assert "{{ $labels.instance }}" in rule["annotations"]["summary"]


def stages(name):
    """The stages of a Dockerfile, each a list of (instruction, rest), lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / name).read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


@pytest.mark.parametrize("name", DOCKERFILES)
def test_the_image_runs_as_a_user_that_is_not_root_and_stops_by_sigterm(name):
    last = dict(stages(name)[-1])
    user, _, group = last["USER"].partition(":")
    assert int(user) >= 1_000 and int(group) >= 1_000
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(last["ENTRYPOINT"]) == ["a2f-ws"]
    assert json.loads(last["CMD"]) == ["serve"]
    assert last["EXPOSE"] == str(Settings().port)
    assert last["HEALTHCHECK"].rstrip("]").endswith('"/opt/a2f-ws/healthcheck.py"')
    copies = [rest.split() for word, rest in stages(name)[-1] if word == "COPY"]
    assert ["deploy/healthcheck.py", "/opt/a2f-ws/healthcheck.py"] in copies


@pytest.mark.parametrize("name", DOCKERFILES)
def test_the_image_says_nothing_to_settings_that_there_are_not(name):
    names = re.findall(rf"\b{PREFIX}([A-Z0-9_]+)=", dict(stages(name)[-1])["ENV"])
    assert {one.lower() for one in names} <= set(Settings.__struct_fields__)
    assert {"HOST", "LOG_FORMAT", "MODELS"} <= set(names)
    assert "ALLOW_UNAUTHENTICATED" not in names


@pytest.mark.parametrize("name", DOCKERFILES)
def test_base_images_name_their_version_and_stages_that_there_are(name):
    found = stages(name)
    named = [re.search(r" AS (\w+)$", stage[0][1]) for stage in found]
    for stage in found:
        image = stage[0][1].partition(" ")[0]
        assert re.search(r":\d", image), image
        for word, rest in stage:
            source = re.search(r"--from=(\w+)", rest) if word == "COPY" else None
            if source is not None:
                assert source[1] in [one[1] for one in named if one]


def test_what_the_image_is_built_from_is_not_left_outside():
    left_out = (DEPLOY.parent / ".dockerignore").read_text("utf-8").split()
    needed = {"a2f_ws", "engines", "browser_sample", "protocol", "pyproject.toml", "README.md"}
    needed |= {"LICENSE", "NOTICE"}
    assert not needed & set(left_out)
    assert left_out[left_out.index("deploy/*") + 1] == "!deploy/healthcheck.py"


def test_the_service_waits_longer_than_running_speech_may_take():
    unit = configparser.RawConfigParser(strict=False, inline_comment_prefixes=None)
    unit.optionxform = str
    unit.read_string((DEPLOY / "a2f-ws.service").read_text("utf-8"))
    service = unit["Service"]
    assert int(service["TimeoutStopSec"]) > Settings().drain_s + 2
    assert service["KillSignal"] == "SIGTERM"
    assert service["DynamicUser"] == "yes"
    assert " serve --config " in service["ExecStart"]
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_the_page_on_operations_lists_every_metric_and_no_other(known):
    text = (DEPLOY.parent / "docs" / "operations.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(a2f_ws_[a-z_]+)` \|", text, flags=re.MULTILINE))
    ours = {name for name in known if name.startswith("a2f_ws_")}
    assert rows == {re.sub(r"_(bucket|sum|count)$", "", name) for name in ours}


def test_the_page_on_operations_names_the_settings_that_act_without_a_restart():
    text = (DEPLOY.parent / "docs" / "operations.md").read_text("utf-8")
    for acts, names in (("at once", AT_ONCE), ("on connections that come afterwards", FOR_NEW)):
        (row,) = re.findall(rf"^\| {acts} \| (.*) \|$", text, flags=re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == list(names)
