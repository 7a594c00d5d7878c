-- Bearer tokens for WHIP and WHEP: each lets somebody publish, or view, one source for a while. Only the token's hash is kept.
CREATE TABLE token (
  hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  scope   TEXT    NOT NULL CHECK (scope IN ('publish', 'view')),
  -- the id of a room endpoint, or 'programme'
  source  TEXT    NOT NULL,
  -- what the operator wrote on it, to know it again
  label   TEXT    NOT NULL,
  made_at INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
) STRICT;
