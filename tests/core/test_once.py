"""What is worked out once is nobody's in particular, and no longer than the rights it follows from."""

from __future__ import annotations

import pytest

from backoffice.core.access import Person, Role, right
from backoffice.core.once import Somebody, once
from backoffice.courses.models import Term
from tests.rights import declare

ADA, BEN = Somebody(Role.SUPPORT, 1), Somebody(Role.SUPPORT, 2)


def test_what_depends_on_the_role_alone_is_worked_out_once_for_all_who_have_it() -> None:
    asked = []

    @once
    def role_of(person: Person, word: str) -> str:
        asked.append(word)
        return f"{word} {person.role}"

    answers = [role_of(person, "the") for person in (ADA, BEN, Somebody(Role.ADMIN, 1), ADA)]

    assert answers == ["the support", "the support", "the admin", "the support"]
    assert asked == ["the", "the"]


def test_what_depends_on_who_asks_is_worked_out_for_each_of_them_alone() -> None:
    @once
    def number_of(person: Person) -> int | None:
        return person.id

    assert [number_of(person) for person in (ADA, BEN, ADA)] == [1, 2, 1]


def test_what_asks_somebody_who_must_not_say_is_worked_out_for_each_of_them_too() -> None:
    @once
    def inner(person: Person) -> int | None:
        return person.id

    @once
    def outer(person: Person) -> str:
        return f"no. {inner(person)}"

    assert [outer(person) for person in (ADA, BEN)] == ["no. 1", "no. 2"]


def test_a_right_that_is_declared_anew_has_it_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    @once
    def ask(person: Person) -> None:
        asked.append(person.role)

    ask(ADA)
    declare(monkeypatch, Term, {Role.SUPPORT: right("V")})
    ask(ADA)
    ask(ADA)

    assert asked == ["support", "support"]


def test_an_error_is_not_kept() -> None:
    tries = iter((ValueError("not yet"), None))

    @once
    def fail(person: Person) -> str:
        error = next(tries)
        if error:
            raise error
        return "done"

    with pytest.raises(ValueError, match="not yet"):
        fail(ADA)
    assert fail(ADA) == "done"
