-- A vault's database. The log is the truth; documents are named by its
-- entries; every other table is a view of it, rebuilt by replay and compared.
PRAGMA application_id = 0x51525631;
PRAGMA user_version = 1;

CREATE TABLE log_entry (
    idx   INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    body  BLOB NOT NULL
) STRICT;

CREATE TABLE log_checkpoint (
    epoch INTEGER PRIMARY KEY,
    size  INTEGER NOT NULL,
    note  BLOB NOT NULL
) STRICT;

CREATE TABLE log_cosignature (
    epoch     INTEGER NOT NULL,
    person    TEXT NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (epoch, person)
) STRICT, WITHOUT ROWID;

-- Triggers stop bugs; signatures stop people.
CREATE TRIGGER log_entry_keep_1 BEFORE UPDATE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_entry_keep_2 BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_entry_dense BEFORE INSERT ON log_entry
WHEN NEW.idx IS NOT (SELECT ifnull(max(idx), -1) + 1 FROM log_entry)
BEGIN SELECT RAISE(ABORT, 'a log entry goes at the end'); END;
CREATE TRIGGER log_checkpoint_keep_1 BEFORE UPDATE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_checkpoint_keep_2 BEFORE DELETE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_checkpoint_dense BEFORE INSERT ON log_checkpoint
WHEN NEW.epoch IS NOT (SELECT ifnull(max(epoch), -1) + 1 FROM log_checkpoint)
BEGIN SELECT RAISE(ABORT, 'a checkpoint goes at the end'); END;
CREATE TRIGGER log_cosignature_keep_1 BEFORE UPDATE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_cosignature_keep_2 BEFORE DELETE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_cosignature_once BEFORE INSERT ON log_cosignature
WHEN EXISTS (SELECT 1 FROM log_cosignature WHERE epoch = NEW.epoch AND person = NEW.person)
BEGIN SELECT RAISE(ABORT, 'a cosignature stands already'); END;

CREATE TABLE document (
    digest BLOB PRIMARY KEY,
    kind   TEXT NOT NULL,
    body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id    TEXT PRIMARY KEY,
    roles TEXT NOT NULL,
    left  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE badge (
    vkey   TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    form   TEXT NOT NULL,
    stored TEXT NOT NULL,
    void   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vault_key (
    generation    INTEGER PRIMARY KEY,
    identifier    INTEGER NOT NULL,
    key_check     BLOB NOT NULL,
    check_password BLOB NOT NULL,
    check_mfa     BLOB NOT NULL,
    deposit_key   BLOB NOT NULL,
    recovery_key  BLOB NOT NULL,
    authority_key BLOB NOT NULL
) STRICT;

CREATE TABLE edition (
    id          INTEGER PRIMARY KEY,
    generation  INTEGER NOT NULL,
    group_name  TEXT NOT NULL,
    edition     INTEGER NOT NULL,
    threshold   INTEGER NOT NULL,
    issuing_key BLOB NOT NULL
) STRICT;

CREATE TABLE card (
    serial       INTEGER PRIMARY KEY,
    generation   INTEGER NOT NULL,
    group_name   TEXT NOT NULL,
    edition      INTEGER NOT NULL,
    member_index INTEGER NOT NULL,
    custodian    TEXT NOT NULL,
    commitment   BLOB NOT NULL,
    issuing_key  BLOB NOT NULL,
    issued       INTEGER NOT NULL,
    proved       INTEGER NOT NULL,
    destroyed    INTEGER NOT NULL,
    void         TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL,
    strategy TEXT NOT NULL,
    closed   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    serial     INTEGER PRIMARY KEY,
    account    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ciphertext BLOB NOT NULL,
    confirmed  TEXT NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;

CREATE TABLE ceremony (
    intent   INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    account  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    result   TEXT NOT NULL
) STRICT;
