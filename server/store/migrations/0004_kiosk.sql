-- A third kind of key: that of a shared tablet at a bridge point, on which delegates without a device vote. SQLite changes no
-- CHECK in place, so the table is made anew with all that it held.
CREATE TABLE access_key_anew (
  hash    BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  kind    TEXT NOT NULL CHECK (kind IN ('person', 'room', 'kiosk')),
  subject TEXT NOT NULL,
  -- the site at which a tablet was paired, or a kiosk stands; none for a personal link and for a room
  site    TEXT,
  made_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
) STRICT;
INSERT INTO access_key_anew (hash, kind, subject, site, made_at, revoked)
  SELECT hash, kind, subject, site, made_at, revoked FROM access_key;
DROP TABLE access_key;
ALTER TABLE access_key_anew RENAME TO access_key;
CREATE INDEX access_key_subject ON access_key (kind, subject);
