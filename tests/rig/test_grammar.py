"""What may stand behind the name of a curve."""

import gc

import pytest

from tests.rig.tables import mapped, mistake, table


def value(text, terms="", **face):
    rig = table(f"[range]\nmin = -9.0\nmax = 9.0\n[terms]\n{terms}\n[curves]\na = {text}")
    return mapped(rig, **face)["a"]


def test_a_name_alone_is_the_input_itself():
    assert value('"jawOpen"', jawOpen=0.5) == 0.5


def test_a_map_is_the_sum_of_its_inputs_times_their_coefficients():
    assert value("{ jawOpen = 0.5, mouthClose = -2 }", jawOpen=1.0, mouthClose=0.25) == 0.0


def test_gain_and_offset_act_before_the_bounds():
    text = "{ jawOpen = 1.0, gain = 2.0, offset = -0.25, min = 0.0, max = 1.5 }"
    assert [value(text, jawOpen=w) for w in (0.0, 0.5, 1.0)] == [0.0, 0.75, 1.5]


def test_a_product_multiplies_its_values():
    text = '{ product = ["jawOpen", { mouthPucker = -1.0, offset = 1.0 }, 0.5] }'
    assert value(text, jawOpen=0.5, mouthPucker=0.75) == 0.0625


def test_a_ratio_divides_and_is_zero_where_both_are():
    text = '{ ratio = ["mouthClose", "jawOpen"] }'
    assert value(text, mouthClose=0.25, jawOpen=0.5) == 0.5
    assert value(text) == 0.0


def test_a_ratio_takes_a_divisor_of_a_thousandth_at_least():
    text = '{ ratio = ["mouthClose", "jawOpen"] }'
    assert value(text, mouthClose=0.002, jawOpen=-0.5) == pytest.approx(2.0)


def test_smallest_and_largest_choose_among_their_values():
    parts = '["jawOpen", "joy", { anger = 2.0 }]'
    assert value(f"{{ smallest = {parts} }}", jawOpen=0.5, joy=0.25, anger=0.5) == 0.25
    assert value(f"{{ largest = {parts} }}", jawOpen=0.5, joy=0.25, anger=0.5) == 1.0


@pytest.mark.parametrize(
    ("x", "y"), [(-1.0, 1.0), (0.25, 1.0), (0.375, 0.5), (0.5, 0.0), (0.75, -1.0), (1.5, -1.0)]
)
def test_piecewise_is_the_lines_through_its_points_and_level_outside(x, y):
    text = '{ piecewise = "jawOpen", points = [[0.25, 1], [0.5, 0], [0.75, -1]] }'
    assert value(text, jawOpen=x) == y


def test_piecewise_takes_gain_and_offset_like_the_others():
    text = '{ piecewise = "joy", points = [[0, 0], [1, 1]], gain = -4.0, offset = 1.0 }'
    assert value(text, joy=0.5) == -1.0


def test_a_term_is_used_by_its_name_and_may_use_those_before_it():
    terms = 'open = { jawOpen = 2.0 }\nwide = { open = 1.0, max = 0.5 }\nboth = "wide"'
    assert value("{ open = 1.0, both = 10.0 }", terms, jawOpen=0.5) == 6.0
    assert value('"wide"', terms, jawOpen=0.125) == 0.25


def test_a_bounded_fold_keeps_its_bounds_as_term_and_as_part():
    terms = 'most = { largest = ["joy", "fear"], offset = 0.25, max = 0.5 }'
    assert value('"most"', terms, joy=1.0) == 0.5
    assert (
        value('{ product = [{ largest = ["joy", "fear"], gain = 2.0, max = 1.5 }, 2] }', joy=1.0)
        == 3.0
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.5", "curve a: found 0.5, wanted an input or { input = number, … }"),
        ('"jawOpne"', "curve a: no input 'jawOpne' (did you mean 'jawOpen'?)"),
        ("{ jawOpne = 1 }", "curve a: no input 'jawOpne' (did you mean 'jawOpen'?)"),
        ("{ joy = true }", "curve a: joy: found True, wanted a number within ±1e+06"),
        ("{ joy = inf }", "curve a: joy: found inf, wanted a number within"),
        ("{ joy = 2e6 }", "curve a: joy: found 2000000.0, wanted a number within"),
        ('{ joy = 1, gain = "x" }', "curve a: gain: found 'x', wanted a number within"),
        ("{ joy = 1, min = 1, max = 1 }", "curve a: min 1 is not below max 1"),
        ('{ product = "joy" }', "curve a: product: found 'joy', wanted a list of 2 to 4 values"),
        ('{ product = ["joy"] }', "curve a: product: found ['joy'], wanted a list of 2 to 4"),
        (
            '{ ratio = ["joy", "fear", 1] }',
            "curve a: ratio: found ['joy', 'fear', 1], wanted a list",
        ),
        ('{ ratio = ["joy", true] }', "curve a: number: found True, wanted a number within"),
        (
            '{ product = ["joy", 2], jawOpen = 1 }',
            "curve a: jawOpen beside product, wanted a term of its own for one of them",
        ),
        ('{ product = ["joy", 2], ratio = ["joy", 2] }', "curve a: ratio beside product, wanted"),
        ("{ points = [[0, 0], [1, 1]] }", "curve a: points without piecewise"),
        (
            '{ piecewise = "joy" }',
            "curve a: points: nothing found, wanted a list of 2 to 16 [x, y]",
        ),
        (
            '{ piecewise = "joy", points = [[0, 0], [1]] }',
            "curve a: points: found [1], wanted [x, y]",
        ),
        (
            '{ piecewise = "joy", points = [[0, 0], [0, 1]] }',
            "curve a: points: x does not rise by more than 1e-06 at [0, …]",
        ),
        ('{ product = ["joy", { fea = 1 }] }', "curve a: no input 'fea' (did you mean 'fear'?)"),
    ],
)
def test_a_mistake_in_a_value_is_told_with_the_nearest_name(text, wanted):
    assert mistake(f"[curves]\na = {text}").startswith(wanted)


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ('jawOpen = "joy"', "term jawOpen: this name has a meaning already"),
        ("product = {}", "term product: this name has a meaning already"),
        (
            'a = "b"\nb = "joy"',
            "term a: term 'b' is not known yet; a term stands before those that use it",
        ),
        ('open = "joy"\nb = "opne"', "term b: no input or term 'opne' (did you mean 'open'?)"),
        ("terms = 1", "term terms: found 1, wanted an input"),
    ],
)
def test_a_mistake_in_a_term_is_told_with_its_name(terms, wanted):
    said = mistake(f"[terms]\n{terms}\n[curves]\na = {{}}")
    assert said.split(" (")[0] == wanted.split(" (")[0] or said.startswith(wanted)


def test_values_stand_upon_sixteen_others_at_most():
    terms = 't0 = "joy"\n' + "".join(
        f't{k} = {{ largest = ["t{k - 1}", 0] }}\n' for k in range(1, 17)
    )
    assert table(f"[terms]\n{terms}[curves]\na = {{}}").curves == ("a",)
    terms += 't17 = { largest = ["t16", 0] }\n'
    assert (
        mistake(f"[terms]\n{terms}[curves]\na = {{}}")
        == "term t17: stands upon more than 16 others"
    )


def test_what_could_leave_float32_is_refused_unless_it_is_bounded():
    big = 'b = { joy = 1e6 }\nc = { product = ["b", "b", "b", "b"] }\n'
    assert (
        mistake(f"[terms]\n{big}[curves]\na = {{}}")
        == "term c: may exceed 1e+30, wanted min and max"
    )
    held = 'b = { joy = 1e6, min = -1.0, max = 1.0 }\nc = { product = ["b", "b", "b", "b"] }\n'
    assert table(f"[terms]\n{held}[curves]\na = {{}}").curves == ("a",)


def test_a_table_with_too_many_parts_is_refused():
    line = " + ".join([]) or ", ".join(f"{name} = 1" for name in ("joy", "fear", "pain", "anger"))
    curves = "".join(
        f"c{k} = {{ largest = [{{ {line} }}, {{ {line} }}, {{ {line} }}, {{ {line} }}] }}\n"
        for k in range(1000)
    )
    assert "with it more than 16384 parts in all curves" in mistake("[curves]\n" + curves)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{ jawOpen = 1.0, gian = 2.0 }", "curve a: no input 'gian' (did you mean 'gain'?)"),
        ('{ prodct = ["joy", "fear"] }', "curve a: no input 'prodct' (did you mean 'product'?)"),
        (
            '{ piecewise = "joy", points = [[0, 0], [5e-7, 1]] }',
            "curve a: points: x does not rise by more than 1e-06 at [5e-07, …]",
        ),
    ],
)
def test_a_word_that_is_nearly_right_is_proposed(text, wanted):
    assert mistake(f"[curves]\na = {text}") == wanted


def test_a_term_that_replaces_another_uses_only_those_before_it():
    base = table('[terms]\nopen = "jawOpen"\n[curves]\na = "open"')
    said = mistake('extends = "b"\n[terms]\ngap = "joy"\nopen = "gap"', known={"b": base})
    assert said.startswith("term open: term 'gap' is not known yet; a term stands before")


def test_a_wide_rig_adds_next_to_nothing_to_pythons_search_for_circles():
    lines = "\n".join(f"c{k} = {{ jawOpen = 0.5, mouthClose = {k / 1000} }}" for k in range(1000))
    gc.collect()
    before = len(gc.get_objects())
    rig = table(f"[curves]\n{lines}")
    gc.collect()
    assert len(rig.values) == 1000
    assert len(gc.get_objects()) - before < 200
