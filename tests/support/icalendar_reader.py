"""A small reader of iCalendar files, written from RFC 5545 and apart from the writer it judges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Component:
    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        found = [value for key, value in self.lines if key == name]
        assert len(found) == 1, f"{self.name} has {len(found)} lines {name}"
        return found[0]

    @property
    def events(self) -> list[Component]:
        return [component for component in self.inside if component.name == "VEVENT"]

    @property
    def alarms(self) -> list[Component]:
        return [component for component in self.inside if component.name == "VALARM"]


def unfolded(content: bytes) -> str:
    return re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8")


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)


def read_calendar(content: bytes) -> Component:
    """The calendar. Asserts line breaks, line lengths and the nesting of components."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b""), "a bare line break"
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "a line longer than 75 octets"
    root = Component("file")
    open_ones = [root]
    for line in unfolded(content).removesuffix("\r\n").split("\r\n"):
        name, colon, value = line.partition(":")
        assert colon, f"no value in {line!r}"
        if name == "BEGIN":
            component = Component(value)
            open_ones[-1].inside.append(component)
            open_ones.append(component)
        elif name == "END":
            assert open_ones.pop().name == value
        else:
            open_ones[-1].lines.append((name, value))
    assert open_ones == [root]
    assert [component.name for component in root.inside] == ["VCALENDAR"]
    return root.inside[0]
