"""
Thousands of accounts on many machines: jobs in PostgreSQL, evidence in one store, and nothing that dies unnoticed.

::

    enrolling    accounts and budgets come into the tables           temoin fleet enqueue
    upkeep       due, not cooling, within budget → a job; lost ones  temoin fleet work, every few seconds
    visiting     a job: claim, visit, upload, commit                 temoin fleet work
    pending      sealed on a worker's disk but not uploaded → done   temoin fleet work
    status       where all of it stands                              temoin fleet status

The clock of the database is the only one that decides. An account is visited under a lease that outlasts the longest
visit, so even a worker that is thought dead and is not cannot meet a second one at the same account.
"""
