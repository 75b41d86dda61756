"""The overview; imported by none."""
