"""The one place that turns a broken rule or a failing part into a status and words."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    Gone,
    HTTPException,
    RequestEntityTooLarge,
    TooManyRequests,
)

from app.installation import DemonstrationOnly, HoldsRealData
from app.walls import CONTACT, FIELD, NOTHING, PUBLIC, current_reach

log = structlog.get_logger()
RETRY_SECONDS = "10"


class NotFound(LookupError):
    """What was asked for does not exist, or is not the caller's to see; both look the same from outside."""


class Conflict(Exception):
    """What was asked for is understood, but what is stored does not allow it; a subclass says which rule."""

    def words(self) -> tuple[str, str]:
        """Title and advice, in the language of the page."""
        return _words_of_status(409)


class FileSent(BadRequest):
    """A file stands where an answer belongs; no form of a citizen takes one."""


class TooManyFields(BadRequest):
    """More fields than any form of ours has."""


class RepeatedField(BadRequest):
    """One field was sent twice; taking either would be choosing for the person."""


class BrokenEncoding(BadRequest):
    """A percent sign without its two digits: what was written cannot be known any more."""


class CutShort(BadRequest):
    """Less arrived than was announced, because the connection broke; half an answer is none."""


class NoResponseId(BadRequest):
    """The id that the server put into the form is missing, repeated or another one."""


class StaleForm(Forbidden):
    """The form was not made for this browser: its page is older than the sign-in, or another site sent it."""


class SessionEnded(Forbidden):
    """Somebody has ended the session while its request was on the way; what it asks for does not happen."""


class UnknownInvitation(Gone):
    """The code was never issued, was used, has run out, or a newer one has taken its place."""


class TooManyTries(TooManyRequests):
    """Too many failures within the window; `retry_after` says when the next one begins."""


def explanation(code: int, error: Exception | None = None) -> tuple[str, str]:
    """Title and advice for a status or a broken rule of its own, in the language of the page."""
    if isinstance(error, Conflict):
        return error.words()
    if isinstance(error, RequestEntityTooLarge) and _takes_files():
        return _words_of_a_large_file()
    return _words_of_rules().get(type(error)) or _words_of_status(code)


def _takes_files() -> bool:
    """Whether the guard has let this request be larger than a form."""
    most: int = current_app.extensions["hailong"].maximum_body
    return (request.max_content_length or 0) > most


def _words_of_a_large_file() -> tuple[str, str]:
    most = current_app.extensions["hailong"].upload_megabytes
    return (
        _("Tệp quá lớn"),
        _("Mỗi lần nhận tối đa %(most)s MB. Hãy chia tệp rồi tải từng phần. Chưa có gì được lưu.", most=most),
    )


def _from_the_page() -> str:
    words: str = _("Hãy mở lại trang và gửi từ biểu mẫu trên trang. Chưa có gì được lưu.")
    return words


def _words_of_rules() -> dict[type[Exception | None], tuple[str, str]]:
    return {
        FileSent: (_("Phiếu không nhận tệp"), _from_the_page()),
        TooManyFields: (_("Phiếu có quá nhiều mục"), _from_the_page()),
        RepeatedField: (_("Có ô được gửi hai lần"), _from_the_page()),
        BrokenEncoding: (_("Nội dung gửi lên bị hỏng"), _from_the_page()),
        CutShort: (
            _("Nội dung gửi lên bị đứt giữa chừng"),
            _("Hãy kiểm tra kết nối mạng rồi gửi lại. Chưa có gì được lưu."),
        ),
        NoResponseId: (_("Phiếu thiếu mã hoặc mã không đúng"), _from_the_page()),
        StaleForm: (
            _("Trang này đã cũ"),
            _("Chưa có gì được lưu. Hãy mở lại trang rồi làm lại lần nữa."),
        ),
        SessionEnded: (
            _("Phiên đăng nhập vừa kết thúc"),
            _("Chưa có gì được lưu. Hãy đăng nhập lại rồi làm lại."),
        ),
        UnknownInvitation: (
            _("Lời mời không còn dùng được"),
            _("Lời mời đã dùng, đã hết hạn hoặc có lời mời mới hơn. Hãy xin người quản trị lời mời mới."),
        ),
        TooManyTries: (
            _("Đã thử sai quá nhiều lần"),
            _("Hãy đợi ít phút rồi thử lại. Từ một mạng khác vẫn có thể đăng nhập ngay."),
        ),
    }


def _words_of_status(code: int) -> tuple[str, str]:
    words = {
        400: (
            _("Yêu cầu chưa đúng"),
            _("Máy chủ không đọc được nội dung vừa gửi. Hãy mở lại trang và thử lần nữa."),
        ),
        403: (_("Không được phép"), _("Yêu cầu này đến từ một trang khác nên không được nhận.")),
        404: (_("Không tìm thấy trang"), _("Địa chỉ có thể đã gõ sai. Hãy kiểm tra lại hoặc về trang đầu.")),
        405: (_("Không dùng được cách gửi này"), _("Hãy mở lại trang và gửi từ biểu mẫu trên trang.")),
        409: (_("Không thực hiện được"), _("Dữ liệu hiện có không cho phép việc này.")),
        410: (_("Đường dẫn không còn dùng được"), _("Hãy xin đường dẫn mới hoặc dùng phiếu mở của cơ quan.")),
        411: (_("Yêu cầu không ghi độ dài"), _from_the_page()),
        413: (_("Nội dung quá dài"), _("Hãy viết ngắn lại rồi gửi lần nữa. Chưa có gì được lưu.")),
        415: (_("Định dạng không được nhận"), _("Hãy gửi từ biểu mẫu trên trang.")),
        429: (_("Đang có quá nhiều yêu cầu"), _("Hãy thử lại sau ít phút. Chưa có gì được lưu.")),
        500: (_("Máy chủ gặp lỗi"), _("Lỗi đã được ghi lại. Hãy thử lại sau ít phút.")),
        503: (_("Máy chủ đang bận"), _("Chưa có gì được lưu. Hãy gửi lại sau ít phút.")),
    }
    return words.get(code, words[400] if code < 500 else words[500])


def error_page(code: int, error: Exception | None = None) -> Response:
    title, advice = explanation(code, error)
    response = make_response(
        render_template("errors/error.html", code=code, title=title, advice=advice), code
    )
    response.headers["Cache-Control"] = "no-store"
    if code in (429, 503):
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _note_refusal(error: Exception, code: int) -> None:
    """What staff were not let do, by route and role: who looks for what is not theirs leaves a line.

    Neither the path, which may hold a secret, nor the person or the address. The guard says who counts it.
    """
    if code in (403, 404, 429) and current_reach() not in (NOTHING, PUBLIC, CONTACT, FIELD):
        actor = g.get("actor")
        roles = sorted({grant.role.value for grant in actor.grants}) if actor else []
        note: Callable[..., None] = current_app.extensions["note_refusal"]
        note(
            status=code,
            kind=type(error).__name__,
            endpoint=request.endpoint,
            method=request.method,
            roles=roles,
        )


def register(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        _note_refusal(error, error.code or 500)
        response = error_page(error.code or 500, error)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(NotFound)
    def not_found(error: NotFound) -> Response:
        _note_refusal(error, 404)
        return error_page(404)

    @app.errorhandler(Conflict)
    def conflict(error: Conflict) -> Response:
        return error_page(409, error)

    @app.errorhandler(DemonstrationOnly)
    @app.errorhandler(HoldsRealData)
    def wrong_kind_of_data(error: Exception) -> Response:
        return error_page(409)

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: Exception) -> Response:
        log.error("database_unavailable", endpoint=request.endpoint, kind=type(error).__name__)
        return error_page(503)

    @app.errorhandler(DBAPIError)
    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        # The path is left out on purpose: it may hold a one-time token.
        log.error(
            "unexpected_error", endpoint=request.endpoint, kind=type(error).__name__, exc_info=app.debug
        )
        if app.testing:
            raise error
        return error_page(500)
