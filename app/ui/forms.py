"""What every form of ours is: read by Flask-WTF, and a file counts only where a field takes one."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The token of a form is checked by the guard, before any view."""

    class Meta:
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """The library would put a file in the place of a text of the same name."""
            wrapped = super().wrap_formdata(form, formdata)  # type: ignore[misc]  # Flask-WTF has no types
            if not isinstance(wrapped, CombinedMultiDict):
                return wrapped
            takes_file = {f.name for f in form if isinstance(f, FileField | MultipleFileField)}
            files = [pair for pair in request.files.items(multi=True) if pair[0] in takes_file]
            return CombinedMultiDict((MultiDict(files), request.form))


class StaffForm(PageForm):
    """Every word of an error is ours: the library's own are English."""

    def refuse(self, field: str, message: str) -> None:
        """Adds what was found out after the fields themselves were right."""
        self[field].errors = [*self[field].errors, message]
