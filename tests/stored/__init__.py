"""
Visits of the stand-ins, stored page by page: reading and judging are tested on them without a browser.

`make snapshots` records them anew, under the guard and in a real browser. What was recorded is what Chromium said of
each page, so that everything from there on (finding, reading, judging) is the real thing when a visit is played.
"""
