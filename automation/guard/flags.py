"""The switches that a guarded Chromium is started with."""

from __future__ import annotations

PLAYWRIGHT_DISABLED_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip
"""
Playwright's own list (1.65.2). A second `--disable-features` replaces the first, so ours has to repeat it;
a test holds this to the installed Playwright.
"""

DISABLED_FEATURES = (
    "AutofillServerCommunication", "BackgroundFetch", "BackForwardCache", "DeviceBoundSessions", "DocumentReporting",
    "EnableTLS13EarlyData", "FedCm", "FetchLaterAPI", "InterestFeedContentSuggestions", "NetworkErrorLogging",
    "PaymentRequestBasicCard", "Prerender2", "PrivateAggregationApi", "Reporting", "SecurePaymentConfirmation",
    "SharedStorageAPI", "Translate", "WebPayments", "WebTransport", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup",
)  # fmt: skip
"""
Parts of the browser that send things by themselves, and that no reading of a page needs.

The last two are pages of the address bar, which a browser of version 156 starts a process for: half of what a browser
costs until its first page.
"""

DISABLED_BLINK_FEATURES = (
    "AttributionReporting", "BackgroundFetch", "FetchLaterAPI", "PaymentRequest", "Prerender2", "SharedWorker",
    "WebSocketStream",
)  # fmt: skip


def guard_arguments() -> list[str]:
    """
    The switches, in a fixed order.

    No name is resolved by the browser (the tunnel's address is a number), everything outside a guarded
    context goes to a proxy that does not exist, loopback is not exempt from proxies, and no UDP leaves.
    `--enable-automation` lets the guard read back the command line and see that these switches are on.
    """
    return [
        "--enable-automation",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--proxy-server=http://127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-quic",
        "--no-pings",
        "--dns-prefetch-disable",
        "--disable-domain-reliability",
        "--disable-features=" + ",".join((*PLAYWRIGHT_DISABLED_FEATURES, *DISABLED_FEATURES)),
        "--disable-blink-features=" + ",".join(DISABLED_BLINK_FEATURES),
    ]


def trusting(*keys: str) -> str:
    """The switch by which the browser takes these public keys (Base64 of their SHA-256) whoever vouches for them."""
    return f"--ignore-certificate-errors-spki-list={','.join(keys)}"
