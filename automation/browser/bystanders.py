"""
Hosts that fill no page with an account's data: they count, advertise, ask for consent, or guard forms.

Only what is asked of these may stay without an answer and the page still be whole. Every host of a list is one that its
makers document for that use; a host that is not here may be where a service keeps what its page shows.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_DOMAINS = frozenset(
    {
        # counting visitors, errors and speed
        "google-analytics.com", "googletagmanager.com", "analytics.google.com", "segment.io", "segment.com",
        "amplitude.com", "mixpanel.com", "heapanalytics.com", "hotjar.com", "hotjar.io", "fullstory.com", "clarity.ms",
        "mouseflow.com", "quantserve.com", "scorecardresearch.com", "chartbeat.com", "chartbeat.net", "newrelic.com",
        "nr-data.net", "sentry.io", "sentry-cdn.com", "bugsnag.com", "datadoghq.com", "datadoghq.eu",
        "datadoghq-browser-agent.com", "cloudflareinsights.com", "omtrdc.net", "2o7.net", "demdex.net", "go-mpulse.net",
        "appsflyer.com", "branch.io", "app-measurement.com", "snowplowanalytics.com", "posthog.com", "plausible.io",
        "matomo.cloud", "logrocket.com", "logrocket.io", "pingdom.net", "speedcurve.com",
        "applicationinsights.azure.com",
        # advertising
        "doubleclick.net", "googlesyndication.com", "googleadservices.com", "adservice.google.com", "adsrvr.org",
        "adnxs.com", "criteo.com", "criteo.net", "taboola.com", "outbrain.com", "amazon-adsystem.com", "facebook.net",
        "bat.bing.com", "ads-twitter.com", "analytics.twitter.com", "ads.linkedin.com", "px.ads.linkedin.com",
        "snap.licdn.com", "analytics.tiktok.com", "sc-static.net", "ct.pinterest.com", "redditstatic.com",
        # consent to all of these
        "cookielaw.org", "onetrust.com", "cookiebot.com", "usercentrics.eu", "trustarc.com", "didomi.io",
        "privacy-center.org", "quantcast.com", "consensu.org",
        # forms against programs, and support chats
        "recaptcha.net", "hcaptcha.com", "challenges.cloudflare.com", "arkoselabs.com", "intercom.io",
        "intercomcdn.com",
        "zdassets.com", "zendesk.com", "drift.com", "qualtrics.com",
    }
)  # fmt: skip


def is_bystander(url: str) -> bool:
    """Whether an address belongs to one of these."""
    host = (urlsplit(url).hostname or "").lower()
    labels = host.split(".")
    return any(".".join(labels[at:]) in _DOMAINS for at in range(len(labels) - 1))
