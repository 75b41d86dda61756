"""Seats: who is in which section, and how far they got."""
