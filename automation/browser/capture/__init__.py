"""
Steps as evidence: pictures, texts and a record of what was masked, before anything is drawn or written.

Docs: `docs/masking.md`.
"""

from automation.browser.capture.camera import Camera
from automation.browser.capture.cover import PROFILE
from automation.browser.capture.journal import Journal, NetworkLog, browser_facts, masked_guard
from automation.browser.capture.masks import Masks
from automation.browser.capture.record import NoFiles, Recorder, file_picture, redactions_document

__all__ = [
    "PROFILE",
    "Camera",
    "Journal",
    "Masks",
    "NetworkLog",
    "NoFiles",
    "Recorder",
    "browser_facts",
    "file_picture",
    "masked_guard",
    "redactions_document",
]
