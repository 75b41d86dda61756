"""The query language as text: what is read, what is printed back, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.core.selection import Empty, Filled, Group, Literal, Op, QueryError, Range, Term, Word, parse
from backoffice.core.selection.tree import printed

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
ends = st.from_regex(r"[+-]?[0-9]{1,4}(-[0-9]{2}-[0-9]{2})?[dwmy]?", fullmatch=True).map(Literal)
ranges = st.builds(Range, ends, ends) | st.builds(Range, ends, st.none()) | st.builds(Range, st.none(), ends)
literals = st.builds(Literal, texts)
paths = st.lists(names, min_size=1, max_size=3).map(tuple)
equal_terms = st.builds(
    Term,
    paths,
    st.just(Op.EQUALS),
    st.lists(literals | ranges | st.just(Empty()) | st.just(Filled()), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
comparisons = st.builds(
    Term, paths, st.sampled_from([op for op in Op if op is not Op.EQUALS]), st.tuples(literals), st.booleans()
)
found_words = st.builds(Word, texts.filter(lambda text: text.strip()), st.booleans())
single = found_words | equal_terms | comparisons
groups = st.recursive(
    single,
    lambda parts: st.builds(Group, st.lists(parts, min_size=2, max_size=3).map(tuple), st.booleans(), st.booleans()),
    max_leaves=6,
).filter(lambda part: depth(part) <= 5)
trees = st.lists(groups, max_size=4).map(tuple)


def depth(part):
    return 1 + max(map(depth, part.parts)) if isinstance(part, Group) else 0


@settings(deadline=None)
@given(trees)
def test_what_is_printed_parses_to_the_same_tree(tree):
    assert parse(printed(tree)) == tree


@settings(deadline=None)
@given(texts)
def test_any_text_is_either_read_or_refused_and_what_is_read_prints_to_a_fixed_point(text):
    try:
        tree = parse(text)
    except QueryError as error:
        assert error.part
        return
    assert parse(printed(tree)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", ()),
        ("  mueller  anna ", (Word("mueller"), Word("anna"))),
        ('"new york"', (Word("new york"),)),
        ('-smith -"new york"', (Word("smith", True), Word("new york", True))),
        ("status:active", (Term(("status",), Op.EQUALS, (Literal("active"),)),)),
        ("status:active,on_leave", (Term(("status",), Op.EQUALS, (Literal("active"), Literal("on_leave"))),)),
        ("status:none", (Term(("status",), Op.EQUALS, (Empty(),)),)),
        ("status:any", (Term(("status",), Op.EQUALS, (Filled(),)),)),
        ('status:"none"', (Term(("status",), Op.EQUALS, (Literal("none"),)),)),
        ("age>=30", (Term(("age",), Op.AT_LEAST, (Literal("30"),)),)),
        ("balance>-5", (Term(("balance",), Op.GREATER, (Literal("-5"),)),)),
        ("name~york", (Term(("name",), Op.CONTAINS, (Literal("york"),)),)),
        ("created_at:-7d..today", (Term(("created_at",), Op.EQUALS, (Range(Literal("-7d"), Literal("today")),)),)),
        ("age:..17", (Term(("age",), Op.EQUALS, (Range(None, Literal("17")),)),)),
        ("section.course.code:AAA", (Term(("section", "course", "code"), Op.EQUALS, (Literal("AAA"),)),)),
        ("-status:graduated", (Term(("status",), Op.EQUALS, (Literal("graduated"),), True),)),
        ('city:"New, York"', (Term(("city",), Op.EQUALS, (Literal("New, York"),)),)),
        (r'"say \"hi\" \\"', (Word('say "hi" \\'),)),
        ("a OR b c", (Group((Word("a"), Word("b")), either=True), Word("c"))),
        ("(a b) OR -c", (Group((Group((Word("a"), Word("b"))), Word("c", True)), either=True),)),
        ("-(age>3 OR x)", (Group((Term(("age",), Op.GREATER, (Literal("3"),)), Word("x")), True, True),)),
        (
            "-(status:a) ((a OR b))",
            (Term(("status",), Op.EQUALS, (Literal("a"),), True), Group((Word("a"), Word("b")), True)),
        ),
        ("OR a OR", (Word("OR"), Word("a"), Word("OR"))),
        ("a or b", (Word("a"), Word("or"), Word("b"))),
        (
            "(020)12-3 (anna) foo(bar) (55 b)",
            (Word("(020)12-3"), Word("(anna)"), Word("foo(bar)"), Group((Word("55"), Word("b")))),
        ),
        ("(55 smi(th", (Word("(55"), Word("smi(th"))),
        ('(city:"a)" b)', (Group((Term(("city",), Op.EQUALS, (Literal("a)"),)), Word("b"))),)),
        ("12:30 +49 a@b.example - x:", None),
        ("12:30 +49 a@b.example -", (Word("12:30"), Word("+49"), Word("a@b.example"), Word("-"))),
    ],
)
def test_reads_the_contracts_examples(text, tree):
    if tree is None:
        with pytest.raises(QueryError):
            parse(text)
        return
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('anna "new york', '"new york'),
        ("status:", "status:"),
        ("status: active", "status:"),
        ("anna status:active,", "status:active,"),
        ("age>3,5", "age>3,5"),
        ("age>none", "age>none"),
        ("age:..", "age:.."),
        ("age:1..2..3", "age:1..2..3"),
        ('city:New"York"', 'city:New"York"'),
        ('city:"New"York x', 'city:"New"York'),
        ('""', '""'),
        ("anna (status:active OR", "(status:active"),
        ("a ( ) b", "( )"),
        ("(a b)c", "(a b)c"),
        ("((((((a b) c) d) e) f) g)", "(a"),
        ("a\0b", "a�b"),
        ("a\ud800b", "a�b"),
    ],
)
def test_an_error_names_the_part(text, part):
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert caught.value.part == part
    assert caught.value.message
    assert str(caught.value).encode()


def test_a_search_of_five_thousand_characters_is_refused():
    with pytest.raises(QueryError, match="shorten"):
        parse("x" * 5000)


def test_a_search_of_three_hundred_parts_is_refused():
    with pytest.raises(QueryError, match="50 parts"):
        parse(" ".join("a" * 300))
