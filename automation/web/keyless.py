"""The question where the key of the saved sessions is to be kept, on a machine without a keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.app.accounts import key_file
from automation.web import visits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from automation.web.view import Form, View


def asked_for_key(view: View, form: Form, names: Iterable[str] = ()) -> Response | None:
    """
    Ask, and send the same form again with the answer; None where there is a key, or one was just made.

    Args:
        view: the request.
        form: what was sent.
        names: of its fields, to be sent again.
    """
    if form["make_key"]:
        visits.make_key(view.desk)
        return None
    if not visits.key_trouble(view.desk):
        return None
    fields = [(name, value) for name in names for value in form.all(name)]
    shown = {
        "action": view.path,
        "file": key_file(view.desk.config),
        "fields": fields,
        "has_sessions": visits.has_sessions(),
    }
    return view.page("keyless.j2", shown)
