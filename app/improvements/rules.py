"""States of an improvement, what can be done to it, and the rules that this may break."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What made a version."""

    WRITTEN = "written"
    CHANGED = "changed"
    PUBLISHED = "published"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


UNDOABLE = frozenset({Act.DONE, Act.WITHDRAWN})


class UnknownImprovement(NotFound):
    """No improvement has this id, or it is not this person's."""


class ChangedMeanwhile(Conflict):
    """Somebody has made another version since this page was opened; whoever is later must read it first."""

    def words(self) -> tuple[str, str]:
        return (
            _("Việc cải tiến này vừa thay đổi"),
            _("Một người khác vừa ghi một bản mới. Hãy mở lại để xem rồi làm lại."),
        )


class NotPossible(Conflict):
    """The step does not fit the state: what is withdrawn stays so until that is undone, and so on."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không làm được bước này"),
            _("Tình trạng hiện tại của việc cải tiến không cho phép. Hãy mở lại để xem."),
        )
