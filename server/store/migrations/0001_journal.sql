-- One row for each sitting. `alive_at` is the last moment that the hub is known to have lived through while somebody had the
-- floor; it is outside the chain, because a second more or less of it is no event.
CREATE TABLE sitting (
  id         TEXT    NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL,
  alive_at   INTEGER NOT NULL
) STRICT;

-- The journal. `body` holds the exact bytes that were hashed.
CREATE TABLE record (
  sitting TEXT    NOT NULL REFERENCES sitting (id),
  seq     INTEGER NOT NULL CHECK (seq > 0),
  prev    BLOB    NOT NULL CHECK (length(prev) = 32),
  hash    BLOB    NOT NULL CHECK (length(hash) = 32),
  body    BLOB    NOT NULL,
  PRIMARY KEY (sitting, seq)
) STRICT;

-- Whatever is written stays: the database itself refuses to change or remove a record.
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'a record of the journal is never changed'); END;
CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'a record of the journal is never removed'); END;

-- Who may come in with which personal key; only the key's hash is kept.
CREATE TABLE access_key (
  hash    BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  kind    TEXT NOT NULL CHECK (kind IN ('person', 'room')),
  subject TEXT NOT NULL,
  -- the site at which a tablet was paired; none for a personal link
  site    TEXT,
  made_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
) STRICT;
CREATE INDEX access_key_subject ON access_key (kind, subject);

-- PINs for pairing a tablet, as argon2id hashes, with the tries that are left.
CREATE TABLE pin (
  person TEXT    NOT NULL PRIMARY KEY,
  hash   TEXT    NOT NULL,
  tries  INTEGER NOT NULL CHECK (tries >= 0)
) STRICT;
