"""Everything that starts and drives Chromium: finding it, lending it to visits, tabs, page snapshots, pictures."""
