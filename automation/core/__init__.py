"""Frozen data that everything else speaks in: accounts, observations, verdicts, results. No I/O."""
