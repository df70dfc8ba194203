-- The parts of views that are kept by ledgers. What is generated for each lies in the view's schema
-- and is called carillon_VIEW_pN_...
CREATE TABLE ledger_part (
    view_name   text        NOT NULL,
    part        integer     NOT NULL CHECK (part > 0),
    schema_name text        NOT NULL,
    -- The part's aggregate as it was generated: another one is another part.
    definition  text        NOT NULL,
    keys        integer     NOT NULL CHECK (keys > 0),
    keyless     boolean     NOT NULL,
    measures    integer     NOT NULL CHECK (measures >= 0),
    -- Whether base and ledger were equal to the table when that was last looked at.
    exact       boolean     NOT NULL DEFAULT false,
    reason      text        DEFAULT 'it has not been filled yet',
    -- What the triggers and partitions were when the base was last filled.
    fingerprint text,
    -- Each new filling begins a generation, so that the number of changes never goes back.
    generation  bigint      NOT NULL DEFAULT 0,
    -- Set first when the view is dropped, so that nobody makes its triggers again meanwhile.
    dropping    boolean     NOT NULL DEFAULT false,
    synced_at   timestamptz,
    folded_at   timestamptz,
    PRIMARY KEY (view_name, part)
) WITH (fillfactor = 50);

-- Why a part may not be exact any more. Only added to by writers, so that none waits for another.
CREATE TABLE ledger_doubt (
    view_name text        NOT NULL,
    part      integer     NOT NULL,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
