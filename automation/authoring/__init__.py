"""What helps the author of a flow: checking its files, starting one, recording one, and the stand-in that plays it."""
