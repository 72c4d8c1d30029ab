"""Interviews on paper: numbered forms are printed, keyed in by two people, and count once both agree."""
