-- Views that are kept by running their query for touched keys. The view is a table; what else is
-- generated lies in its schema and is called carillon_VIEW_k...
CREATE TABLE keyed_view (
    view_name   text        PRIMARY KEY,
    schema_name text        NOT NULL,
    -- The query as it was written: another one is another view.
    definition  text        NOT NULL,
    -- All columns, and those that tell rows apart: the touched ones of them first.
    columns     text[]      NOT NULL,
    key_columns text[]      NOT NULL CHECK (cardinality(key_columns) BETWEEN 1 AND 32),
    touched     integer     NOT NULL CHECK (touched BETWEEN 1 AND 32),
    sources     regclass[]  NOT NULL,
    -- Whether nothing is known that was not captured.
    exact       boolean     NOT NULL DEFAULT false,
    reason      text        DEFAULT 'it has not been filled yet',
    -- What the triggers and partitions were when the view was last filled whole.
    fingerprint text,
    -- Set first when the view is dropped, so that nobody makes its triggers again meanwhile.
    dropping    boolean     NOT NULL DEFAULT false,
    synced_at   timestamptz,
    worked_at   timestamptz
) WITH (fillfactor = 50);
