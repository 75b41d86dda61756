"""A query in the boxes of a form: there and back it stays the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from backoffice.core.selection import QueryError, parse, printed
from backoffice.core.selection.writing import (
    ANY_TEXT,
    WRITTEN,
    Condition,
    Conditions,
    boxed,
    parts_of,
    text_of,
    written,
)
from tests.core.selection.test_language import trees


@settings(deadline=None)
@given(trees)
def test_a_form_writes_the_query_that_it_shows(tree):
    assert parts_of(boxed(tree)) == tree
    assert parse(printed(parts_of(boxed(tree)))) == tree


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("anna", Condition(ANY_TEXT, "", "anna")),
        ('-city:"new york"', Condition("city", "equals", "new york", True)),
        ("status:active,none", Condition("status", "in_list", "active,none")),
        ("status:none", Condition("status", "empty")),
        ("-status:any", Condition("status", "filled", negated=True)),
        ("created_at>=-7d", Condition("created_at", "at_least", "-7d")),
        ("age:..17", Condition("age", "between", "..17")),
        ("section.course.code~AA", Condition("section.course.code", "contains", "AA")),
        ("owner:me", Condition("owner", "equals", "me")),
        ("in:basket", Condition("in", "equals", "basket")),
        ('city:""', Condition("city", "in_list", '""')),
        ('city~""', Condition(WRITTEN, "", 'city~""')),
        ('name>"=A"', Condition("name", "greater", "=A")),
    ],
)
def test_each_condition_has_boxes_of_its_own(text, box):
    assert boxed(parse(text)) == Conditions((box,))


def test_groups_are_groups_and_alternatives_alone_are_the_form_itself():
    one, two, three = (Condition(ANY_TEXT, "", text) for text in ("a", "b", "c"))

    assert boxed(parse("a OR b")) == Conditions((one, two), either=True)
    assert boxed(parse("(a OR b) -(b c)")) == Conditions(
        (Conditions((one, two), either=True), Conditions((two, three), negated=True))
    )


def test_a_group_of_one_is_no_group_and_one_without_conditions_says_nothing():
    one = Condition(ANY_TEXT, "", "a", negated=True)

    assert text_of(Conditions((Conditions((one,), negated=True), Conditions(())))) == "a"


@pytest.mark.parametrize(
    ("box", "part"),
    [
        (Condition("city", "equals", " "), "city"),
        (Condition(WRITTEN, "", ""), "query"),
        (Condition(WRITTEN, "", "(status:active"), "(status:active"),
        (Condition("age", "between", "7"), "7"),
        (Condition("age", "nonsense", "7"), "nonsense"),
    ],
)
def test_what_a_box_lacks_is_named(box, part):
    with pytest.raises(QueryError) as caught:
        written(box)

    assert caught.value.part == part
