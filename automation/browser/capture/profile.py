"""How pictures are taken: pinned, so that the same page gives the same bytes, and numbered, so that it can change."""

from __future__ import annotations

PROFILE = "temoin.capture/3"
"""Changes whenever the same page would give other bytes: another window, scale, mask, style or file format."""
MASK_COLOUR = "#b0b0b0"
"""What `FILTER` makes of every colour; light enough that dark text on a masked background stays readable."""
FILTER = "brightness(0) invert(69%)"
HIGHLIGHT = "temoin-mask"
LONGEST_PICTURE_PX = 6_000
"""A page that goes on for ever is pictured down to here."""

_TEXT_FIELDS = (
    ":is(textarea, [role=textbox], [role=searchbox], [contenteditable]:not([contenteditable=false]), "
    "input:not([type=checkbox], [type=radio], [type=submit], [type=button], [type=reset], [type=image], "
    "[type=range], [type=color]))"
)
_PICTURES = ":is(img, image, video, canvas, object, embed, input[type=image])"
_STRONG = ":not(#\\9#\\9#\\9)"
"""Names three ids that no element has: the rule then wins over the page's own `!important` ones."""

STYLE = f"""
*, *::before, *::after {{
  animation-delay: 0s !important; animation-duration: 0s !important; animation-iteration-count: 1 !important;
  transition: none !important; caret-color: transparent !important; scroll-behavior: auto !important;
}}
:root{_STRONG} {{ filter: opacity(1) !important; }}
*{_STRONG}, *{_STRONG}::before, *{_STRONG}::after {{ text-shadow: none !important; }}
::highlight({HIGHLIGHT}) {{
  background-color: {MASK_COLOUR}; color: transparent; -webkit-text-fill-color: transparent;
  text-decoration: none; text-shadow: none;
}}
{_PICTURES}{_STRONG} {{
  filter: {FILTER} !important; color: transparent !important; -webkit-text-fill-color: transparent !important;
}}
{_TEXT_FIELDS}{_STRONG}, {_TEXT_FIELDS}{_STRONG} * {{
  -webkit-text-fill-color: transparent !important;
}}
{_TEXT_FIELDS}{_STRONG}::placeholder {{ -webkit-text-fill-color: #757575 !important; }}
"""
"""
What the tab looks like while a picture is taken.

Animations and transitions stand at their end. Text throws no shadow: that of a line under masked words would stand
out beside the mask. The root's filter changes nothing and has the browser paint the whole page anew; else the last
pixel of a shadow stays now and then. Pictures lose their colours and keep their outline, so a photograph becomes a grey
area and an icon stays an icon; the words that stand in for one that did not come are invisible. So is what is typed
into a field; its placeholder is not.
"""
