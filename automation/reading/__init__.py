"""From a page as it was read to signals. Pure: no browser, no network, no clock."""
