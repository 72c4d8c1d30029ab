"""What acts for two persons are called on staff pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.accounts.hands import ENABLED, GRANTS_CHANGED, INVITED, RESET, Handling, is_command
from app.accounts.identity import Actor
from app.approvals.kinds import Decision, Kind
from app.approvals.queries import Approval
from app.approvals.reach import is_entitled
from app.approvals.rules import InOneHand
from app.approvals.second_person import is_tied
from surveys.periods import ZONE


def kind_words(kind: Kind) -> str:
    words: str = {
        Kind.PUBLISH_EDITION: _("Công bố kết quả của một kỳ"),
        Kind.HIDE_COMMENT: _("Ẩn một góp ý khỏi công bố"),
        Kind.REMOVE_QUARANTINED: _("Xem xét phiếu để riêng"),
        Kind.CHANGE_THRESHOLDS: _("Đổi ngưỡng công bố"),
        Kind.VERIFY_SOURCE: _("Xác minh nguồn của tệp phiếu"),
        Kind.REMOVE_FIELD_CASES: _("Xem xét phiếu của một thành viên khảo sát"),
    }[kind]
    return words


def decision_words(decision: Decision) -> str:
    words: str = {
        Decision.APPROVED: _("đã chấp thuận"),
        Decision.REFUSED: _("đã từ chối"),
        Decision.WITHDRAWN: _("đã rút"),
    }[decision]
    return words


def why_not(actor: Actor, approval: Approval) -> str:
    """Why a proposal that waits has no button for this person; empty where it has one."""
    words: str = ""
    if approval.proposed_by == actor.id:
        words = _("Bạn đã đề xuất việc này nên phải có người thứ hai quyết định. Bạn có thể rút đề xuất.")
    elif not is_entitled(actor, approval):
        words = _("Vai trò của bạn xem được đề xuất này nhưng không có quyền quyết định.")
    elif is_tied(approval, actor.id):
        words = InOneHand().words()[1]
    return words


def handling_words(handling: Handling, names: Mapping[str, str]) -> str:
    """Whose account somebody else could have entered, as a sentence; the page says whose it is."""
    said: dict[str, Callable[..., str]] = {
        INVITED: lambda **of: _("tài khoản này do %(name)s mời ngày %(day)s", **of),
        RESET: lambda **of: _("tài khoản này do %(name)s đặt lại ngày %(day)s", **of),
        ENABLED: lambda **of: _("tài khoản này do %(name)s mở khóa ngày %(day)s", **of),
        GRANTS_CHANGED: lambda **of: _("tài khoản này do %(name)s đổi quyền ngày %(day)s", **of),
    }
    name = _("người quản trị máy chủ") if is_command(handling.by) else names.get(handling.by, handling.by)
    return said[handling.action](name=name, day=handling.at.astimezone(ZONE).strftime("%d/%m/%Y"))


def messages() -> Mapping[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "approved": _("Đã chấp thuận; việc được đề xuất đã được thực hiện."),
        "refused": _("Đã từ chối; không có gì thay đổi."),
        "withdrawn": _("Đã rút đề xuất; không có gì thay đổi."),
        "proposed": _("Đã gửi đề xuất. Việc chỉ được thực hiện khi một người khác chấp thuận."),
    }
