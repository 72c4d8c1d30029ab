"""Interviews at home: rounds, teams and devices, what devices send, and whether interviews are honest."""
