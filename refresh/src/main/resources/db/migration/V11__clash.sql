-- Records of the Clash of Clans API. updated_at is when the API was asked for what the row says: a row is
-- written only if something changed, and when the record was last looked at stands elsewhere. There are no
-- foreign keys: records come in any order, and players of clans that nobody asked for.

CREATE TABLE clans (
  tag        text        PRIMARY KEY CHECK (tag LIKE '#%'),
  name       text        NOT NULL,
  level      integer,
  members    integer     NOT NULL DEFAULT 0,
  data       jsonb       NOT NULL,
  updated_at timestamptz NOT NULL
);

COMMENT ON TABLE clans IS 'Clans, as the Clash of Clans API has them';
COMMENT ON COLUMN clans.data IS 'The whole record, with the list of members';

CREATE TABLE players (
  tag        text        PRIMARY KEY CHECK (tag LIKE '#%'),
  name       text        NOT NULL,
  town_hall  integer,
  role       text,
  clan_tag   text,
  data       jsonb,
  updated_at timestamptz NOT NULL
);

CREATE INDEX players_by_clan ON players (clan_tag) WHERE clan_tag IS NOT NULL;

COMMENT ON TABLE players IS 'Players: those that were asked for, and the members of clans that were';
COMMENT ON COLUMN players.data IS 'The whole record; null while only a clan has named the player';

CREATE TABLE clan_memberships (
  player_tag text        NOT NULL,
  clan_tag   text        NOT NULL,
  joined_at  timestamptz NOT NULL,
  left_at    timestamptz,
  PRIMARY KEY (player_tag, joined_at),
  CHECK (left_at >= joined_at)
);

CREATE UNIQUE INDEX clan_memberships_now ON clan_memberships (player_tag) WHERE left_at IS NULL;
CREATE INDEX clan_memberships_by_clan ON clan_memberships (clan_tag, joined_at);
CREATE INDEX clan_memberships_of_clan_now ON clan_memberships (clan_tag) WHERE left_at IS NULL;

COMMENT ON TABLE clan_memberships IS 'Who was in which clan from when to when, as far as it was seen';
COMMENT ON COLUMN clan_memberships.joined_at IS 'When the player was first seen in the clan';
COMMENT ON COLUMN clan_memberships.left_at IS 'When the player was first not seen in the clan any more';

CREATE TABLE wars (
  clan_tag               text        NOT NULL CHECK (clan_tag LIKE '#%'),
  preparation_start_time timestamptz NOT NULL,
  start_time             timestamptz NOT NULL,
  end_time               timestamptz NOT NULL,
  opponent_tag           text,
  state                  text        NOT NULL CHECK (length(state) BETWEEN 1 AND 32),
  data                   jsonb       NOT NULL,
  updated_at             timestamptz NOT NULL,
  PRIMARY KEY (clan_tag, preparation_start_time)
);

COMMENT ON TABLE wars IS 'Wars of clans, each as it was seen last';

CREATE TABLE war_states (
  clan_tag               text        NOT NULL,
  seen_at                timestamptz NOT NULL,
  state                  text        NOT NULL CHECK (length(state) BETWEEN 1 AND 32),
  preparation_start_time timestamptz,
  PRIMARY KEY (clan_tag, seen_at)
);

COMMENT ON TABLE war_states IS 'When each state of a clan''s wars was first seen, also that there is none; the latest is the current one';
COMMENT ON COLUMN war_states.preparation_start_time IS 'Which war; null if there is none';
