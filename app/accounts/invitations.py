"""Where an invitation is accepted."""

from __future__ import annotations

from app import keys


def invitation_address(code: str) -> str:
    """The address to hand over."""
    return staff_address(f"/quan-tri/loi-moi/{code}")


def staff_address(path: str) -> str:
    """A whole address, on the host of the staff where there is one."""
    config = keys.configuration()
    scheme, _colon, rest = config.base_url.partition("://")
    return f"{scheme}://{config.staff_host or rest}{path}"
