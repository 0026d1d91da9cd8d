"""
The mailbox: finds what a service answered to an objection, and says how far it can be believed.

Nothing is ever changed in it: folders are examined, never selected, and messages are fetched without marking them.
"""
