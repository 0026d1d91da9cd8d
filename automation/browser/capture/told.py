"""What was read, as it may be told: the words of pages without the names of people. The verdict stands by then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.browser.capture.masks import Masks
    from automation.core.observations import Form, Observation, Reply, Step
    from automation.core.signals import Signal


def masked_observation(observation: Observation, masks: Masks) -> Observation:
    """
    An observation whose texts name nobody; what it is judged by stays as it is.

    Signals are judged by their names and kinds, a form by the country that is chosen in it.
    """
    told = masks.without_people
    return replace(
        observation,
        signals=_signals(observation.signals, masks),
        replies=tuple(_reply(reply, masks) for reply in observation.replies),
        form=_form(observation.form, masks) if observation.form else None,
        probes=tuple(
            replace(
                probe,
                requested=masks.masked_url(probe.requested),
                final=masks.masked_url(probe.final),
                redirects=tuple(map(masks.masked_url, probe.redirects)),
            )
            for probe in observation.probes
        ),
        exposure=tuple(
            replace(item, value=told(item.value) if item.value is not None else None) for item in observation.exposure
        ),
        steps=masked_steps(observation.steps, masks),
    )


def masked_steps(steps: Iterable[Step], masks: Masks) -> tuple[Step, ...]:
    """Steps whose addresses and notes name nobody: names may have been learnt after they were taken."""
    return tuple(replace(step, url=masks.masked_url(step.url), note=masks.without_people(step.note)) for step in steps)


def _reply(reply: Reply, masks: Masks) -> Reply:
    """The words of its turns were left without names when they were kept."""
    about, headed = (_signals((one,), masks)[0] if one else None for one in (reply.about, reply.headed))
    return replace(reply, signals=_signals(reply.signals, masks), about=about, headed=headed)


def _signals(signals: Iterable[Signal], masks: Masks) -> tuple[Signal, ...]:
    told = masks.without_people
    return tuple(replace(signal, quote=told(signal.quote), locator=told(signal.locator)) for signal in signals)


def _form(form: Form, masks: Masks) -> Form:
    told = masks.without_people
    return replace(
        form,
        heading=told(form.heading),
        submit=told(form.submit) if form.submit is not None else None,
        fields=tuple(
            replace(field, label=told(field.label), options=tuple(map(told, field.options))) for field in form.fields
        ),
    )
