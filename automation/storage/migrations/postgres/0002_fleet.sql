-- How often a service may be visited: a bucket of tokens, and a pause after it complained.
CREATE TABLE services (
  name        text PRIMARY KEY,
  per_hour    double precision NOT NULL CHECK (per_hour > 0),
  burst       integer NOT NULL CHECK (burst >= 1),
  tokens      double precision NOT NULL,
  filled_at   timestamptz NOT NULL DEFAULT now(),
  complaints  integer NOT NULL DEFAULT 0,     -- in a row
  cools_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- What a bucket holds at this moment. In any stretch of time at most `burst + per_hour × hours` visits begin.
CREATE FUNCTION tokens_now(services) RETURNS double precision LANGUAGE sql VOLATILE AS $$
  SELECT least($1.burst, $1.tokens + $1.per_hour / 3600
                         * greatest(extract(epoch FROM clock_timestamp() - $1.filled_at)::float8, 0))
$$;

-- Whose turn it is. Jobs are never dated: what is not due yet, cools down or waits for a person is here, not in the queue.
CREATE TABLE accounts (
  name         text PRIMARY KEY,
  service      text NOT NULL REFERENCES services (name),
  flow         text NOT NULL,
  pool         text NOT NULL,                 -- the workers that hold its session
  every        interval NOT NULL CHECK (every > '0'),
  due_at       timestamptz NOT NULL,
  leased_until timestamptz NOT NULL DEFAULT '-infinity',  -- a visit is, or may still be, under way
  losses       integer NOT NULL DEFAULT 0,    -- visits in a row that ended without evidence, or with a dead browser
  cools_until  timestamptz NOT NULL DEFAULT '-infinity',
  waits_for    text                           -- the reason for which a person must do something first
);
CREATE INDEX accounts_by_turn ON accounts (service, due_at) WHERE waits_for IS NULL;

-- Every visit that was begun, and what became of it.
CREATE TABLE visits (
  id              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  job             bigint NOT NULL UNIQUE,     -- the queue's number of it; the queue forgets jobs, this table does not
  account         text NOT NULL,
  service         text NOT NULL,
  worker          text NOT NULL,
  run             text NOT NULL UNIQUE,       -- the run's folder on that worker, and its id in the history
  started_at      timestamptz NOT NULL,
  leased_until    timestamptz NOT NULL,
  finished_at     timestamptz,
  outcome         text CHECK (outcome IN ('done', 'failed', 'lost')),
  verdict         text,
  reason          text,
  evidence        text,                       -- where it lies in the store
  evidence_sha256 text,
  message         text,
  CHECK ((outcome IS NULL) = (finished_at IS NULL)),
  CONSTRAINT nothing_is_done_without_its_evidence
    CHECK (outcome IS DISTINCT FROM 'done' OR (evidence IS NOT NULL AND evidence_sha256 IS NOT NULL))
);
CREATE UNIQUE INDEX one_visit_at_once ON visits (account) WHERE outcome IS NULL;
CREATE INDEX visits_by_account ON visits (account, started_at);
CREATE INDEX visits_by_time ON visits (started_at);

-- Who is at work; each says so every few seconds.
CREATE TABLE workers (
  name      text PRIMARY KEY,
  pool      text,                             -- NULL: upkeep only
  contexts  integer NOT NULL,
  version   text NOT NULL,
  ahead_s   double precision NOT NULL,        -- its clock against this database's
  began_at  timestamptz NOT NULL DEFAULT now(),
  seen_at   timestamptz NOT NULL DEFAULT now()
);
