-- One account at one flow, as one subject, at the real service or at a stand-in: what can be compared.
CREATE TABLE series (
  id       INTEGER PRIMARY KEY,
  account  TEXT NOT NULL,
  flow     TEXT NOT NULL,
  stand_in INTEGER NOT NULL CHECK (stand_in IN (0, 1)),
  subject  TEXT NOT NULL,           -- empty as long as no check came far enough to know it
  UNIQUE (account, flow, stand_in, subject)
) STRICT;

-- The structure of a form, kept once however often it was read.
CREATE TABLE forms (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,      -- SHA-256 of the next column
  form   TEXT NOT NULL              -- JSON, without what was filled in
) STRICT;

CREATE TABLE results (
  id              INTEGER PRIMARY KEY,
  series          INTEGER NOT NULL REFERENCES series (id),
  run             TEXT NOT NULL,
  finished_at     TEXT NOT NULL,    -- UTC, ISO 8601 with microseconds, so that text sorts as time
  owner           TEXT NOT NULL,
  kind            TEXT NOT NULL,
  page            TEXT,
  flow_revision   TEXT NOT NULL,
  locale          TEXT NOT NULL,
  verdict         TEXT NOT NULL,
  reason          TEXT,
  outcome         TEXT NOT NULL,
  because         TEXT NOT NULL,
  because_key     TEXT NOT NULL,
  assumed_words   INTEGER NOT NULL CHECK (assumed_words IN (0, 1)),
  bundle          TEXT,
  manifest_sha256 TEXT NOT NULL,
  surface         TEXT,             -- where the form was read
  form            INTEGER REFERENCES forms (id),
  -- Follows from the rows before it in its series; `previous` and `last_answer` are ids of such rows:
  change          TEXT NOT NULL DEFAULT 'new',
  since           TEXT NOT NULL DEFAULT '',
  previous        INTEGER,
  last_answer     INTEGER,
  form_changes    TEXT NOT NULL DEFAULT '[]',
  UNIQUE (series, run)
) STRICT;

CREATE INDEX results_by_series ON results (series, finished_at, run);
CREATE INDEX results_by_time ON results (finished_at, run);
CREATE INDEX results_that_moved ON results (finished_at) WHERE change <> 'still';
CREATE INDEX results_with_form ON results (series, surface, locale, finished_at) WHERE form IS NOT NULL;
