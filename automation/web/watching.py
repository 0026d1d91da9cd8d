"""A job as its window shows it: what it does now, by server-sent events, its latest picture, and cancelling it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from automation.app.accounts import name_seen
from automation.app.logs import redact
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.reports.names import term
from automation.text.catalogue import N_
from automation.web import work
from automation.web.jobs import Job, JobKind, JobState, Press
from automation.web.view import Form, View

_POLL_S = 0.2
_DOING = {"started": N_("starting"), "sign_in": N_("signing in"), "seal": N_("sealing the evidence")}


def job_page(view: View) -> Response:
    """What a job does, or what came of it."""
    return view.page("job.j2", _shown(view, _job(view)))


def _job(view: View) -> Job:
    """
    The job that an address names.

    Raises:
        ConfigurationError: it is not known, or no longer.
    """
    job: Job | None = view.jobs.get(view.request.path_params["job"])
    if job is None:
        raise ConfigurationError(view.words.gettext("This has ended, and its page with it."))
    return job


def _shown(view: View, job: Job) -> dict[str, Any]:
    error = tuple(redact(view.said(text)) for text in job.error)
    seen = name_seen(job.answer) if job.kind is JobKind.ADD and job.answer is not None else ""
    return {
        "seen": seen,
        "job": job,
        "error": error,
        "steps": tuple(_steps(view, job)),
        "has_picture": _has_picture(view, job),
    }


def _steps(view: View, job: Job) -> Iterator[tuple[str, str, Verdict | None]]:
    """Each account of a check: its name, what it is doing in words, and its verdict once it has one."""
    if job.kind is not JobKind.CHECK:
        return
    verdicts = {verdict.value: verdict for verdict in Verdict}
    settings = view.desk.settings()
    flow_of = {account.name: account.flow for account in settings.accounts}
    flows = view.desk.flows(settings, [account for account in settings.accounts if account.name in job.doing])
    for account in job.accounts:
        what = job.doing.get(account, "")
        flow = flows.get(flow_of.get(account, ""))
        page = term("surfaces", what, view.words, flow.guide if flow else None)
        said = page if what else view.words.gettext("waiting for its turn")
        yield account, view.words.gettext(_DOING[what]) if what in _DOING else said, verdicts.get(what)


def _has_picture(view: View, job: Job) -> bool:
    if job.kind is JobKind.CHECK:
        return job.state is JobState.RUNNING and bool(work.picture(view.desk, job.begun_at))
    return job.kind is JobKind.ADD and job.answer is not None


def picture(view: View) -> Response:
    """The latest picture of a check, or that of the page which named a newcomer."""
    job = _job(view)
    if job.kind is JobKind.ADD and job.answer is not None:
        return Response(job.answer.picture, media_type="image/png")
    latest = work.picture(view.desk, job.begun_at) if job.kind is JobKind.CHECK else b""
    return Response(latest, media_type="image/png") if latest else Response(status_code=HTTPStatus.NO_CONTENT)


def file(view: View) -> Response:
    """The PDF that a job made."""
    job = _job(view)
    if job.kind not in {JobKind.PDF, JobKind.COMPLAINT} or job.answer is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    return FileResponse(job.answer, media_type="application/pdf", filename=job.answer.name)


def pressed(view: View, form: Form) -> Response:
    """Take the press that a job waits for: the setting is changed, or this is what the person sees."""
    del form
    job = _job(view)
    if not isinstance(job.about, Press):
        raise ConfigurationError(view.words.gettext("This has ended, and its page with it."))
    job.about.answer()
    return view.go(f"jobs/{job.id}")


def cancel(view: View, form: Form) -> Response:
    """Ask for a job's end."""
    del form
    job = _job(view)
    job.cancel()
    return view.go(f"jobs/{job.id}")


async def events(request: Request) -> Response:
    """What changes in a job, as long as it runs; the browser then loads the page anew."""
    view = View(request)
    job = view.jobs.get(request.path_params["job"])
    if job is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)  # tells the browser not to ask again

    async def stream() -> AsyncIterator[str]:
        seen = -1
        while job.state is JobState.RUNNING:
            if job.version != seen:
                seen = job.version
                part = await asyncio.to_thread(lambda: view.part("job_part.j2", **_shown(view, job)))
                yield f"data: {json.dumps(part)}\n\n"
            await asyncio.sleep(_POLL_S)
        yield "event: end\ndata: 0\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")
