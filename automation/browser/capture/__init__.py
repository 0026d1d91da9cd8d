"""
Steps as evidence: pictures, texts and a record of what was masked, before anything is drawn or written.

Docs: `docs/masking.md`.
"""

from automation.browser.capture.camera import Camera, picture_of
from automation.browser.capture.facts import browser_facts
from automation.browser.capture.journal import Journal
from automation.browser.capture.masks import Masks
from automation.browser.capture.network import NetworkLog, masked_guard
from automation.browser.capture.profile import PROFILE
from automation.browser.capture.record import NoFiles, Recorder, redactions_document

__all__ = [
    "PROFILE",
    "Camera",
    "Journal",
    "Masks",
    "NetworkLog",
    "NoFiles",
    "Recorder",
    "browser_facts",
    "masked_guard",
    "picture_of",
    "redactions_document",
]
