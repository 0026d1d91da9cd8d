-- Accounts that were handed over together are due at the same moment. With the name in the index the dispatcher stops at
-- the few that it wants; without it every round sorts all that are due.
DROP INDEX accounts_by_turn;
CREATE INDEX accounts_by_turn ON accounts (service, due_at, name) WHERE waits_for IS NULL;
