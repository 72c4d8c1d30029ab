"""Answers from files. The command `flask import responses` is in `app/results/cli.py`, as it also counts."""
