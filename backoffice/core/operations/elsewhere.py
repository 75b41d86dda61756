"""Plans that write rows of another kind than those that they select: links that come and go, new rows that are added."""

from __future__ import annotations

from types import ModuleType

from backoffice.core.model import Record
from backoffice.core.operations import additions, links
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.tables import model_named

_MODULES = {links.LINK: links, links.UNLINK: links, additions.ADD: additions}


def module_of(plan: StoredPlan) -> ModuleType | None:
    """Returns the module that reviews and runs such a plan (`fill`, `words`, `samples`, `run`, `written`); None for any other."""
    if plan.verb != "update":
        return None
    hows = (kept.get("how") for kept in plan.values.values() if isinstance(kept, dict))
    return next((_MODULES[how] for how in hows if how in _MODULES), None)


def added_to(plan: StoredPlan) -> str:
    """Returns the collection to which the plan adds rows; "" where it adds none."""
    return next(iter(plan.values)) if module_of(plan) is additions else ""


def written(plan: StoredPlan) -> type[Record]:
    """Returns the kind of rows that an operation by this plan is about."""
    module = module_of(plan)
    model: type[Record] = module.written(plan) if module else model_named(plan.entity_type)
    return model
