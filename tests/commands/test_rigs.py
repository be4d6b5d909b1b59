"""`rigs`, `rigs show` and `rigs check`."""

SMALL = 'title = "T"\nsource = "S"\n[curves]\n'


def test_rigs_alone_lists_names_and_ranges(run):
    done = run("rigs")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines()[1:] if line[0] != " "] == [
        "arkit", "browser/arkit", "browser/rpm", "unity/oculus", "unity/vrm1", "visemes"
    ]  # fmt: skip


def test_show_prints_a_table_as_it_could_be_written(run):
    done = run("rigs", "show", "unity/vrm1")
    assert (done.code, done.err) == (0, "")
    for part in (
        "unity/vrm1: VRM 1.0, the 18 preset expressions",
        "18 curves, 0 to 1",
        "1 transforms, left-handed, +y up, +z out of the face, in m",
        '{ product = ["free", "round", "small"] }',
        '"lookLeft"',
        '["a", "Fcl_MTH_A"]',
        "on a mesh lacking blinkLeft, blinkRight:",
        "  blink = { eyeBlinkLeft = 0.5, eyeBlinkRight = 0.5 }",
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
        f"{file}: ok: 2 curves, 1 of them moved by nothing (b), transforms head, 1 idle roles"
    )


def test_check_says_of_every_file_what_is_wrong_with_it(run, tmp_path):
    for name, text in (("a", "x = { jawOpne = 1 }"), ("b", 'x = "joy"'), ("c", "x = 1")):
        (tmp_path / f"{name}.toml").write_text(SMALL + text, "utf-8")
    done = run("rigs", "check", *(tmp_path / f"{name}.toml" for name in "abc"))
    assert done.code == 2
    assert "b.toml: ok: 1 curves, 0 idle roles" in done.out
    assert [line.rpartition(".toml: ")[2] for line in done.err.splitlines()] == [
        "curve x: no input 'jawOpne' (did you mean 'jawOpen'?)",
        "curve x: found 1, wanted an input or { input = number, … }",
    ]


def test_check_lets_a_table_extend_rigs_of_the_users_folder(run, tmp_path):
    (tmp_path / "base.toml").write_text(SMALL + 'a = "joy"', "utf-8")
    other = tmp_path / "other" / "mine.toml"
    other.parent.mkdir()
    other.write_text('title = "T"\nsource = "S"\nextends = "base"', "utf-8")
    assert "no rig to extend 'base'" in run("rigs", "check", other).err
