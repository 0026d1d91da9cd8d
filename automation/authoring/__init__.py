"""What helps the author of a flow: checking its files, starting one, recording one from a live page."""
