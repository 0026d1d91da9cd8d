"""
Steps as evidence: pictures, texts and a record of what was masked, before anything is drawn or written.

Docs: `docs/masking.md`.
"""

from automation.capture.camera import Camera, picture_of
from automation.capture.facts import browser_facts
from automation.capture.journal import Journal
from automation.capture.masks import Masks
from automation.capture.network import NetworkLog, masked_guard
from automation.capture.profile import PROFILE
from automation.capture.record import Recorder, redactions_document

__all__ = [
    "PROFILE",
    "Camera",
    "Journal",
    "Masks",
    "NetworkLog",
    "Recorder",
    "browser_facts",
    "masked_guard",
    "picture_of",
    "redactions_document",
]
