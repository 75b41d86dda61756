"""Which period figures over time are about, and what it is compared with: in the address, else kept, else the role's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.exceptions import BadRequest

from backoffice.core.access import Role
from backoffice.core.summaries import Label, to_tell
from backoffice.core.summaries.periods import last_days
from backoffice.core.wording import gettext
from backoffice.dashboard.keeping import Kept

THIS_TERM, LAST_TERM = "term", "last-term"
PERIODS: dict[str, Label] = {
    THIS_TERM: to_tell("This term"),
    LAST_TERM: to_tell("Last term"),
    **{str(number): last_days(number) for number in (30, 90, 365)},
}
BEFORE, YEAR = "before", "year"
AGAINST: dict[str, Label] = {BEFORE: to_tell("The period before"), YEAR: to_tell("A year before")}
OWN = {Role.FINANCE: "365"}  # what a role looks at unless a person chooses; the others at this term


@dataclass(frozen=True)
class Choice:
    """A period and what it is compared with, by their names in the address."""

    period: str
    against: str

    @property
    def args(self) -> dict[str, str]:
        """Returns the parameters by which an address says the same."""
        return {"period": self.period, "against": self.against}


def choice(args: Mapping[str, str], kept: Kept, role: str) -> Choice:
    """Returns what `args` say, filled up with what is kept or the role's own. Answers 400 for what is no period."""
    return Choice(
        _one_of(PERIODS, "period", args) or _known(PERIODS, kept.period) or OWN.get(Role(role), THIS_TERM),
        _one_of(AGAINST, "against", args) or _known(AGAINST, kept.against) or BEFORE,
    )


def _one_of(known: Mapping[str, Label], name: str, args: Mapping[str, str]) -> str | None:
    value = args.get(name) or None
    if value is not None and value not in known:
        raise BadRequest(
            gettext(
                "“%(name)s=%(value)s” is not known here; there are %(known)s.",
                name=name,
                value=value[:40],
                known=", ".join(known),
            )
        )
    return value


def _known(known: Mapping[str, Label], value: str | None) -> str | None:
    return value if value in known else None
