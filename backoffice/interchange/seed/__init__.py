"""A believable organisation of any size, made up and the same for the same numbers: `seed --students N --random-seed S`."""

from __future__ import annotations

from backoffice.interchange.seed.run import NotEmpty, seed_organisation

__all__ = ["NotEmpty", "seed_organisation"]
