-- Signed statements of where a journal stands. `text` holds the exact bytes that were signed, with the signature.
CREATE TABLE checkpoint (
  sitting TEXT    NOT NULL REFERENCES sitting (id),
  number  INTEGER NOT NULL CHECK (number > 0),
  text    TEXT    NOT NULL,
  PRIMARY KEY (sitting, number)
) STRICT;

CREATE TRIGGER checkpoint_is_never_changed BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_is_never_removed BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never removed'); END;

-- The last checkpoint that each witness says it keeps: a room's screen, or a secretary's device.
CREATE TABLE witness (
  sitting TEXT    NOT NULL REFERENCES sitting (id),
  name    TEXT    NOT NULL,
  number  INTEGER NOT NULL CHECK (number > 0),
  at      INTEGER NOT NULL,
  PRIMARY KEY (sitting, name)
) STRICT;
