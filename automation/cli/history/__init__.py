"""`temoin history`, `stale`, `diff` and `answer`: what is known from earlier runs and from people."""
