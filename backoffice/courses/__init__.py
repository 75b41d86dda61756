"""Courses, their lessons, terms and sections."""
