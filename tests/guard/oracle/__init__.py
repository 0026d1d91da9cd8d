"""What real servers make of an address."""
