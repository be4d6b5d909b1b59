"""`rigs`, `rigs show` and `rigs check`."""

import tomllib

import pytest

from a2f_ws.commands.rigs import toml_key, toml_text
from a2f_ws.rig.table import bundled_folder, load_rigs

SMALL = 'title = "T"\nsource = "S"\n[curves]\n'


def test_rigs_alone_lists_names_and_ranges(run):
    done = run("rigs")
    assert (done.code, done.err) == (0, "")
    listed = [line.split()[0] for line in done.out.splitlines()[1:] if line[0] != " "]
    assert listed == list(load_rigs())


def test_every_bundled_rig_can_be_shown_and_checked(run):
    rigs = load_rigs()
    for name, rig in rigs.items():
        done = run("rigs", "show", name)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"{name}: {rig.title}")
        assert all(curve in done.out for curve in rig.curves)
    files = [bundled_folder() / f"{name}.toml" for name in rigs]
    done = run("rigs", "check", *files)
    assert (done.code, done.err) == (0, "")
    assert done.out.count(": ok: ") == len(rigs)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("unity/vrm2", "unity/vrm1"),
        ("godot/unifed", "godot/unified"),
        ("live2D", "live2d"),
        ("CC4", "cc4"),
        ("unity/perfectsync", "unity/perfect-sync"),
    ],
)
def test_a_rig_that_is_not_there_is_answered_with_the_nearest(run, wrong, right):
    done = run("rigs", "show", wrong)
    assert (done.code, done.out) == (2, "")
    assert f"(did you mean '{right}'?)" in done.err


def test_show_prints_a_table_as_it_could_be_written(run):
    done = run("rigs", "show", "unity/vrm1")
    assert (done.code, done.err) == (0, "")
    for part in (
        "unity/vrm1: VRM 1.0, the 18 preset expressions",
        "18 curves, 0 to 1",
        "1 transform, left-handed, +y up, +z out of the face, in m",
        '{ product = ["free", "round", "small"] }',
        '"lookLeft"',
        '["a", "Fcl_MTH_A"]',
        "on a mesh lacking any of blinkLeft, blinkRight and having blink:",
        "  curve blink = { eyeBlinkLeft = 0.5, eyeBlinkRight = 0.5 }",
        '  idle role blinkLeft = "blink"',
        'for rig "auto" too',
    ):
        assert part in done.out


def test_show_folds_in_what_a_table_extends(run, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'title = "T"\nsource = "S"\nextends = "arkit"\n[rename]\njawOpen = "Jaw"\n', "utf-8"
    )
    done = run("rigs", "show", "mine", "--rigs", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert '"jawOpen"' in next(line for line in done.out.splitlines() if line.startswith("Jaw "))


def test_show_proposes_the_nearest_name(run):
    done = run("rigs", "show", "browser/arkt")
    assert (done.code, done.out) == (2, "")
    assert "no rig 'browser/arkt' (did you mean 'browser/arkit'?)" in done.err


def test_check_says_ok_and_what_is_in_a_table(run, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        SMALL + 'a = "joy"\nb = {}\n[transforms.head]\n[idle]\nhead = "head"\n', "utf-8"
    )
    done = run("rigs", "check", file)
    assert (done.code, done.err) == (0, "")
    assert done.out.replace("\n", "") == (
        f"{file}: ok: 2 curves, 1 of them moved by nothing (b), transforms head, 1 idle role"
    )


def test_check_names_the_first_dozen_of_many_curves_that_nothing_moves(run, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(SMALL + "".join(f"c{k} = {{}}\n" for k in range(14)), "utf-8")
    done = run("rigs", "check", file)
    first = ", ".join(f"c{k}" for k in range(12))
    assert f"14 of them moved by nothing ({first} and 2 more)" in done.out.replace("\n", "")


def test_check_says_of_every_file_what_is_wrong_with_it(run, tmp_path):
    for name, text in (("a", "x = { jawOpne = 1 }"), ("b", 'x = "joy"'), ("c", "x = 1")):
        (tmp_path / f"{name}.toml").write_text(SMALL + text, "utf-8")
    done = run("rigs", "check", *(tmp_path / f"{name}.toml" for name in "abc"))
    assert done.code == 2
    assert "b.toml: ok: 1 curve, 0 idle roles" in done.out
    assert [line.rpartition(".toml: ")[2] for line in done.err.splitlines()] == [
        "curve x: no input 'jawOpne' (did you mean 'jawOpen'?)",
        "curve x: found 1, wanted an input or { input = number, … }",
    ]


def test_the_list_and_show_tell_what_auto_passes_by(run):
    lines = run("rigs").out.splitlines()
    words = {line.split()[0]: line.split() for line in lines if line[0] != " "}
    assert "auto" in words["rig"]
    assert "no" in words["arkit"]
    assert "yes" in words["browser/rpm"]
    assert 'opened by name alone, not by "auto"' in run("rigs", "show", "visemes").out


def test_show_keeps_the_curves_of_a_fallback_apart_from_its_idle_roles(run):
    lines = [line.strip() for line in run("rigs", "show", "unity/vrm1").out.splitlines()]
    assert "curve blinkLeft = {}" in lines
    assert 'idle role blinkLeft = "blink"' in lines


@pytest.mark.parametrize(
    "content",
    [
        {"a b": 1.5, "c": {"": [True, -1e-07, "x"]}},
        'a "quoted" \\ line\n\x7f\x01 ü',
        [],
        {"é": {}, "a.b": [[1, 2.0], [3, 4]]},
    ],
)
def test_what_is_shown_could_stand_in_a_toml_file(content):
    assert tomllib.loads(f"{toml_key('some key')} = {toml_text(content)}") == {"some key": content}


def test_check_lets_a_table_extend_those_beside_it_and_of_the_users_folders(run, tmp_path):
    base = tmp_path / "base.toml"
    base.write_text(SMALL + 'a = "joy"', "utf-8")
    beside, below = tmp_path / "mine.toml", tmp_path / "other" / "mine.toml"
    below.parent.mkdir()
    for file in (beside, below):
        file.write_text('title = "T"\nsource = "S"\nextends = "base"', "utf-8")
    assert run("rigs", "check", beside).code == 0
    assert "no rig to extend 'base'" in run("rigs", "check", below).err
    assert run("rigs", "check", below, beside, "--rigs", tmp_path).code == 0
    base.unlink()
    assert "no rig to extend 'base'" in run("rigs", "check", beside).err


def test_check_says_a_line_of_each_file_whatever_else_is_wrong_in_their_folder(run, tmp_path):
    for name, text in (("base", 'x = "joy"'), ("bad", "x = 1"), ("other", "x = 2")):
        (tmp_path / f"{name}.toml").write_text(SMALL + text, "utf-8")
    (tmp_path / "auto.toml").write_text(SMALL + 'x = "joy"', "utf-8")
    (tmp_path / "base.txt").write_text(SMALL + 'x = "joy"', "utf-8")
    files = [tmp_path / name for name in ("base.toml", "bad.toml", "auto.toml", "base.txt")]
    done = run("rigs", "check", *files, "--rigs", tmp_path)
    assert done.code == 2
    assert done.out.replace("\n", "") == f"{files[0]}: ok: 1 curve, 0 idle roles"
    told = done.err.replace("\n", " ")
    assert [text in told for text in (
        "bad.toml: curve x: found 1,",
        "auto.toml: rig 'auto' is the best one for a mesh, wanted another name",
        "base.txt: wanted a file *.toml",
        "other.toml",
    )] == [True, True, True, False]  # fmt: skip


def test_a_table_for_one_character_is_shown_with_what_it_treats(run, tmp_path):
    text = 'title = "T"\nsource = "S"\nextends = "jaw"\nswap = ["jaw"]\n[trims.jaw]\ngain = 0.5\n'
    (tmp_path / "dwarf.toml").write_text(text, "utf-8")
    done = run("rigs", "show", "dwarf", "--rigs", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "{ gain = 0.5 }" in done.out
    assert 'left and right change places: ["jaw"]' in done.out
    assert run("rigs", "check", tmp_path / "dwarf.toml").code == 0
    (tmp_path / "dwarf.toml").write_text(text.replace("trims.jaw", "trims.jwa"), "utf-8")
    assert (
        "[trims]: no curve 'jwa' (did you mean 'jaw'?)"
        in run("rigs", "check", tmp_path / "dwarf.toml").err
    )


def test_folders_of_rigs_may_stand_before_the_word_show_or_check(run, tmp_path):
    (tmp_path / "mine.toml").write_text(SMALL + 'a = "joy"', "utf-8")
    below = tmp_path / "below" / "other.toml"
    below.parent.mkdir()
    below.write_text('title = "T"\nsource = "S"\nextends = "mine"', "utf-8")
    for words in (("--rigs", tmp_path, "show", "mine"), ("show", "mine", "--rigs", tmp_path)):
        done = run("rigs", *words)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("mine: T")
    assert run("rigs", "--rigs", tmp_path, "check", below).code == 0
    for words in (("show", "arkit"), ("check", below)):
        done = run("rigs", "--rigs", tmp_path / "none", *words)
        assert (done.code, done.out) == (2, "")
        assert "no such folder of rig tables" in done.err


def test_a_sweep_takes_no_folder_of_rigs_for_they_are_the_servers(run, tmp_path):
    done = run("rigs", "--rigs", tmp_path, "sweep", "arkit", "--url", "ws://127.0.0.1:9")
    assert done.code == 2
    assert "a sweep moves a rig of the server" in done.err


def test_the_list_has_a_line_for_each_rig_in_a_terminal_of_80_columns(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("rigs").out.splitlines()
    assert len(lines) == 1 + len(load_rigs())
    assert max(map(len, lines)) <= 80
    live2d = next(line for line in lines if line.startswith("live2d "))
    assert "Live2D Cubism" in live2d


def test_the_list_tells_how_many_curves_have_a_range_of_their_own(run, tmp_path):
    (tmp_path / "mine.toml").write_text(SMALL + "a = { max = 2.0 }\nb = {}", "utf-8")
    lines = run("rigs", "--rigs", tmp_path).out.splitlines()
    told = {line.split()[0]: " ".join(line.split()[2:7]) for line in lines}
    assert told["unreal/livelink"].startswith("0 to 1, 9 others")
    assert told["mine"] == "0 to 1, 1 other"
    assert told["arkit"].startswith("0 to 1 no")


def test_show_prints_what_a_fallback_does_with_transforms(run):
    lines = [line.strip() for line in run("rigs", "show", "cc4").out.splitlines()]
    assert any(line.startswith("transform jaw = { pitch = {") for line in lines)
    assert "transform jaw = {}" in lines
