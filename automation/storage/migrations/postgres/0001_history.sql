-- The history: the same tables as those of the SQLite file (automation/storage/migrations/sqlite), and the same meaning.
-- Moments are text here, too, so that both databases sort and compare them in one way.
CREATE TABLE series (
  id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  account  text COLLATE "C" NOT NULL,
  flow     text COLLATE "C" NOT NULL,
  stand_in boolean NOT NULL,
  subject  text NOT NULL,
  UNIQUE (account, flow, stand_in, subject)
);

CREATE TABLE forms (
  id     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  digest text NOT NULL UNIQUE,
  form   text NOT NULL
);

CREATE TABLE results (
  id              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  series          bigint NOT NULL REFERENCES series (id),
  run             text COLLATE "C" NOT NULL,
  finished_at     text COLLATE "C" NOT NULL,
  owner           text NOT NULL,
  kind            text NOT NULL,
  page            text,
  flow_revision   text NOT NULL,
  locale          text NOT NULL,
  verdict         text NOT NULL,
  reason          text,
  outcome         text NOT NULL,
  because         text NOT NULL,
  because_key     text NOT NULL,
  assumed_words   boolean NOT NULL,
  bundle          text,
  manifest_sha256 text NOT NULL,
  surface         text,
  form            bigint REFERENCES forms (id),
  change          text NOT NULL DEFAULT 'new',
  since           text NOT NULL DEFAULT '',
  previous        bigint,
  last_answer     bigint,
  form_changes    text NOT NULL DEFAULT '[]',
  UNIQUE (series, run)
);

CREATE INDEX results_by_series ON results (series, finished_at, run);
CREATE INDEX results_by_time ON results (finished_at, run);
CREATE INDEX results_that_moved ON results (finished_at) WHERE change <> 'still';
CREATE INDEX results_with_form ON results (series, surface, locale, finished_at) WHERE form IS NOT NULL;
