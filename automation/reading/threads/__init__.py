"""A thread of messages as a page shows it: what of the page is the thread's, who wrote each part, and when."""
