"""Old names of the keys of `automation.reading.threads.words`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from automation.reading.threads.words import phrases, word_list

Accessor = Callable[[str], re.Pattern[str]]
emptiness_in: Accessor = partial(phrases, "empty")
leading_in: Accessor = partial(phrases, "leading")
partial_in: Accessor = partial(phrases, "partial")
everything_in: Accessor = partial(phrases, "everything")
arranging_in: Accessor = partial(phrases, "arranging")
more_in: Accessor = partial(phrases, "more")
turning_in: Accessor = partial(phrases, "turning")
facts_in: Accessor = partial(phrases, "facts")
states_in: Accessor = partial(phrases, "states")
happenings_in: Accessor = partial(phrases, "happenings")
first_step_in: Accessor = partial(phrases, "steps")
advertising_in: Accessor = partial(phrases, "advertising")
opening_in: Accessor = partial(phrases, "opening")
dates_in: Accessor = partial(phrases, "dates")
people_in: Accessor = partial(phrases, "people")
notices_in: Accessor = partial(phrases, "notices")
collapsed_in: Accessor = partial(phrases, "collapsed")
unfolded_in: Accessor = partial(phrases, "unfolded")
roles_in: Callable[[str], frozenset[str]] = partial(word_list, "roles")
