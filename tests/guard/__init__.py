"""The write guard's tests."""
