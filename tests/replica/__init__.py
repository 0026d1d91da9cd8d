"""The replica: engine, words, accounts and pages."""
