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

-- The views. `n` numbers the rows as they came; a column that names an event
-- (issued, voided, …) holds the index of the entry that says so, or -1.
CREATE TABLE person (
    n       INTEGER PRIMARY KEY,
    id      TEXT NOT NULL,
    roles   TEXT NOT NULL,
    gone    INTEGER NOT NULL
) STRICT;

CREATE TABLE badge (
    n       INTEGER PRIMARY KEY,
    person  TEXT NOT NULL,
    vkey    TEXT NOT NULL,
    issued  INTEGER NOT NULL,
    stored  BLOB NOT NULL,
    voided  INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_key (
    n              INTEGER PRIMARY KEY,
    generation     INTEGER NOT NULL,
    identifier     INTEGER NOT NULL,
    key_check      BLOB NOT NULL,
    check_password BLOB NOT NULL,
    check_mfa      BLOB NOT NULL,
    deposit_key    BLOB NOT NULL,
    recovery_key   BLOB NOT NULL,
    authority_key  BLOB NOT NULL,
    created        INTEGER NOT NULL,
    began          INTEGER NOT NULL,
    ended          INTEGER NOT NULL
) STRICT;

CREATE TABLE edition (
    n           INTEGER PRIMARY KEY,
    generation  INTEGER NOT NULL,
    group_name  TEXT NOT NULL,
    edition     INTEGER NOT NULL,
    threshold   INTEGER NOT NULL,
    issuing_key BLOB NOT NULL,
    since       INTEGER NOT NULL
) STRICT;

CREATE TABLE card (
    n            INTEGER PRIMARY KEY,
    serial       INTEGER NOT NULL,
    generation   INTEGER NOT NULL,
    group_name   TEXT NOT NULL,
    edition      INTEGER NOT NULL,
    member_index INTEGER NOT NULL,
    custodian    TEXT NOT NULL,
    commitment   BLOB NOT NULL,
    issuing_key  BLOB NOT NULL,
    replaces     INTEGER NOT NULL,
    issued       INTEGER NOT NULL,
    proved       INTEGER NOT NULL,
    suspect      INTEGER NOT NULL,
    voided       INTEGER NOT NULL,
    destroyed    INTEGER NOT NULL
) STRICT;

CREATE TABLE bag (
    n       INTEGER PRIMARY KEY,
    bag     TEXT NOT NULL,
    serial  INTEGER NOT NULL,
    account TEXT NOT NULL,
    site    TEXT NOT NULL,
    safe    TEXT NOT NULL,
    sealed  INTEGER NOT NULL,
    placed  INTEGER NOT NULL,
    opened  INTEGER NOT NULL,
    checked INTEGER NOT NULL,
    result  TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    n        INTEGER PRIMARY KEY,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL,
    strategy TEXT NOT NULL,
    closed   INTEGER NOT NULL
) STRICT;

CREATE TABLE item (
    n          INTEGER PRIMARY KEY,
    serial     INTEGER NOT NULL,
    account    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ciphertext BLOB NOT NULL,
    deposited  INTEGER NOT NULL,
    sealed     INTEGER NOT NULL,
    confirmed  INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    carries    INTEGER NOT NULL
) STRICT;

CREATE TABLE ceremony (
    n       INTEGER PRIMARY KEY,
    intent  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    account TEXT NOT NULL,
    actor   TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    result  TEXT NOT NULL
) STRICT;

-- Sessions that last over several commands, and who and what was in the room.
CREATE TABLE sitting (
    n              INTEGER PRIMARY KEY,
    opened         INTEGER NOT NULL,
    closed         INTEGER NOT NULL,
    clock_offset_s INTEGER NOT NULL
) STRICT;

CREATE TABLE presence (
    n           INTEGER PRIMARY KEY,
    session     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    person      TEXT NOT NULL,
    whereabouts TEXT NOT NULL,
    since       INTEGER NOT NULL
) STRICT;

-- Access drills: the card that completed the quorum, cards refused, and the
-- actions that were open when it began.
CREATE TABLE drill (
    n            INTEGER PRIMARY KEY,
    intent       INTEGER NOT NULL,
    level        TEXT NOT NULL,
    group_name   TEXT NOT NULL,
    quorum       INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    seals        INTEGER NOT NULL,
    seals_wrong  INTEGER NOT NULL,
    actions_open INTEGER NOT NULL
) STRICT;

-- What a drill said of a card (by its serial) or a person.
CREATE TABLE grade (
    n       INTEGER PRIMARY KEY,
    intent  INTEGER NOT NULL,
    subject TEXT NOT NULL,
    grade   TEXT NOT NULL,
    graded  INTEGER NOT NULL
) STRICT;

-- Actions; `intent` is that of the drill in which one was opened, or -1.
CREATE TABLE improvement (
    n      INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    owner  TEXT NOT NULL,
    due    TEXT NOT NULL,
    text   TEXT NOT NULL,
    intent INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    done   TEXT NOT NULL
) STRICT;

-- The register; `value` holds KEY=VALUE lines, none where a row was taken away.
CREATE TABLE reg (
    n       INTEGER PRIMARY KEY,
    reg     TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;

-- What each person attested last of each channel.
CREATE TABLE review (
    n         INTEGER PRIMARY KEY,
    person    TEXT NOT NULL,
    channel   TEXT NOT NULL,
    result    TEXT NOT NULL,
    signed_at INTEGER NOT NULL
) STRICT;

-- Walks through runbooks; `step` of `steps` was recorded last.
CREATE TABLE walk (
    n       INTEGER PRIMARY KEY,
    runbook TEXT NOT NULL,
    account TEXT NOT NULL,
    digest  BLOB NOT NULL,
    step    INTEGER NOT NULL,
    steps   INTEGER NOT NULL,
    began   INTEGER NOT NULL,
    latest  INTEGER NOT NULL,
    ended   INTEGER NOT NULL
) STRICT;
