"""Results in, text out: a page, a terminal table, JSON. Nothing here visits, waits or looks at a clock."""
