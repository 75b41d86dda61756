"""Rows from and to other systems: OULAD, the seed, import and export."""
