"""What was answered before, and what changed since. The bundles stay the truth; this can be made again from them."""
