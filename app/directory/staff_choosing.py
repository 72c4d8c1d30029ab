"""The first step of what staff do for one agency: finding it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.staff_queries import Wanted, page_of_agencies
from surveys.periods import local_day

LONGEST_QUERY = 100


def choose_agency_page(
    permission: Permission, template: str, *, only_one: str | None = None
) -> ResponseReturnValue:
    """The agencies for which somebody holds a permission.

    `only_one` is where a person goes at once who has nothing to choose.
    """
    text = request.args.get("q", "")[:LONGEST_QUERY]
    scopes = current_actor().scopes(permission)
    page = page_of_agencies(Wanted(text=text), scopes, local_day(clock.now()), request.args)
    if only_one and not text and len(page.rows) == 1 and not page.earlier:
        return redirect(url_for(only_one, agency=page.rows[0].code), 303)
    return render_template(template, page=page, text=text)
