"""Rights by name, and what a grant covers."""

import pytest

from a2f_ws.security.rights import ANYBODY, EVERY, NAMES, Grant, Right, names_of, rights_of


def test_no_right_implies_another():
    for name, right in NAMES.items():
        grant = Grant(name=name, rights=right)
        assert [other for other in NAMES.values() if grant.may(other)] == [right]


def test_rights_are_told_by_the_names_they_are_read_by():
    assert rights_of(["watch", "speak", "watch"]) == Right.SPEAK | Right.WATCH
    assert names_of(Right.SPEAK | Right.WATCH) == "speak, watch"
    assert rights_of(names_of(EVERY).split(", ")) == EVERY == ANYBODY.rights


def test_a_right_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(ValueError, match="found 'root', wanted speak or watch or interrupt"):
        rights_of(["speak", "root"])


def test_the_digest_of_a_token_is_not_printed():
    assert "secret" not in repr(Grant(name="one", rights=EVERY, mark=b"secret"))
