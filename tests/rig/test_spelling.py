from a2f_ws.rig.spelling import instead_of


def test_a_near_name_is_proposed_whatever_its_case():
    assert instead_of("jawOpne", ["jawOpen", "jawLeft"]) == " (did you mean 'jawOpen'?)"
    assert instead_of("JAWOPEN", ["jawOpen", "jawLeft"]) == " (did you mean 'jawOpen'?)"


def test_far_from_all_the_known_names_are_listed_in_their_order():
    assert instead_of("xyz", ["mouth", "brows"]) == " (wanted one of mouth, brows)"


def test_of_many_names_only_twelve_are_listed():
    text = instead_of("?", [f"n{i}" for i in range(15)])
    assert text == " (wanted one of n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 and 3 more)"


def test_where_nothing_is_known_it_says_so():
    assert instead_of("x", []) == " (there are none)"
