"""What follows from the declared rights is worked out once, not at each request.

It is worked out for anybody in a role, who do not say who they are. Only what cannot do without, such as a row scope, is worked
out for each person. So nothing of one person can get into what another one is shown, and whatever right is declared anew
makes all of it be worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

from backoffice.core import access
from backoffice.core.access import Person

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")
Work = Callable[Concatenate[Person, Rest], Answer]

MOST = 300  # answers kept of one work, some 25 kB each at most; the next one begins anew


class _Personal(Exception):
    """It was asked who they are."""


@dataclass(frozen=True)
class Anybody:
    """Whoever has this role."""

    role: str

    @property
    def id(self) -> NoReturn:
        raise _Personal

    @property
    def full_name(self) -> NoReturn:
        raise _Personal


@dataclass(frozen=True)
class Somebody:
    """Whoever has this role and this number."""

    role: str
    id: int | None
    full_name: str = ""


@dataclass(frozen=True)
class Kept:
    """Answers, as long as these rights are in force."""

    rights: Mapping[Any, Any]
    answers: dict[tuple[Any, ...], Any]


def once(work: Work[Rest, Answer], most: int = MOST) -> Work[Rest, Answer]:
    """Returns `work` done once per role, or once per person if it depends on who they are; errors are not kept.

    Its other arguments must be hashable, and what it returns must not be altered. `most` answers are kept.
    """
    kept = Kept({}, {})

    @wraps(work)
    def answer(person: Person, *arguments: Rest.args, **named: Rest.kwargs) -> Answer:
        nonlocal kept
        if kept.rights is not access.in_force() or len(kept.answers) > most:
            kept = Kept(access.in_force(), {})
        answers, key = kept.answers, (person.role, arguments, *named.items())
        found = answers.get(key)
        if found is None:
            found = answers[key] = _for_all(work, person.role, *arguments, **named)
        if found is _Personal:
            key = (*key, person.id)
            found = answers.get(key) or (work(Somebody(person.role, person.id), *arguments, **named),)
            answers[key] = found
        answered: Answer = found[0]
        return answered

    return answer


def _for_all(work: Work[Rest, Answer], role: str, *arguments: Rest.args, **named: Rest.kwargs) -> Any:
    """Returns the answer for all in the role, in a tuple; _Personal where there is none."""
    try:
        return (work(Anybody(role), *arguments, **named),)
    except _Personal:
        return _Personal
