"""Work on sealed evidence: prune, time-stamp again, archive, rebuild the history from it."""
