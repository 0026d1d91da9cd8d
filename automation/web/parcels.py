"""A parcel for those who maintain the flows: all of it is shown, then the person saves it and sends it themselves."""

from __future__ import annotations

from starlette.responses import Response

from automation.app.unrecognised import Parcel, parcel_of
from automation.core.errors import ConfigurationError
from automation.web.pages import account_of, source_of
from automation.web.view import Form, View


def show(view: View) -> Response:
    """Every byte that the file would hold."""
    pictures = view.request.query_params.get("pictures") == "yes"
    made, addresses = _made(view, pictures=pictures)
    return view.page("parcel.j2", {"account": account_of(view), "parcel": made, "shown": addresses, "with": pictures})


def save(view: View, form: Form) -> Response:
    """Hand over the file that was shown."""
    made, _ = _made(view, pictures=form["pictures"] == "yes")
    name = f"temoin-{account_of(view).flow}.{made.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(made.content, media_type="application/octet-stream", headers=headers)


def _made(view: View, *, pictures: bool) -> tuple[Parcel, list[str]]:
    """
    The parcel of an account's newest visit, and the addresses of its pictures.

    Raises:
        ConfigurationError: there is no evidence of that account.
    """
    settings, account = view.desk.settings(), account_of(view)
    latest, flow = view.desk.latest(settings, account), view.desk.flows(settings).get(account.flow)
    if latest is None or latest.bundle is None or flow is None:
        raise ConfigurationError("there is no evidence of this account", "Check it first.")
    made, source = (
        parcel_of(latest.result, latest.bundle, flow, account, pictures=pictures),
        source_of(view, settings, latest),
    )
    found = (source.address_of(latest.bundle.name, f"data/pictures/{name}") for name in made.pictures)
    return made, [address for address in found if address]
