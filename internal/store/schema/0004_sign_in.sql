-- Sign-in: accounts, invitations, second factors, sessions, and the security
-- log. None of this is the official record: no row belongs to an entry, and only
-- Sessions (session.go) touches these tables.
--
-- Tokens and codes are kept as hashes; secrets of second factors are sealed with
-- a key that the database does not hold.

-- +goose Up

-- account is the way in of one person. An account without a password waits for
-- its invitation to be redeemed.
CREATE TABLE account (
  person      TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  password    TEXT NOT NULL,
  alone       BOOLEAN NOT NULL,
  demo        BOOLEAN NOT NULL,
  made_at     TEXT NOT NULL,
  password_at TEXT NOT NULL,
  CONSTRAINT account_name UNIQUE (name),
  CONSTRAINT account_person FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT account_whole CHECK (name <> '' AND made_at <> '' AND (password = '') = (password_at = '') AND (password <> '' OR NOT alone))
);

-- invitation is a token that works once and for a while: to found the
-- installation (no person), or to take an account into possession.
CREATE TABLE invitation (
  hash    TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  person  TEXT,
  by_whom TEXT NOT NULL,
  made_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  used_at TEXT NOT NULL,
  CONSTRAINT invitation_of FOREIGN KEY (person) REFERENCES account (person),
  CONSTRAINT invitation_kind CHECK (kind IN ('found', 'account') AND (kind = 'found') = (person IS NULL)),
  CONSTRAINT invitation_time CHECK (made_at <> '' AND ends_at > made_at)
);
CREATE INDEX invitation_person ON invitation (person);

-- factor is a second factor: a TOTP secret with the last step used, or a
-- passkey.
CREATE TABLE factor (
  id      TEXT PRIMARY KEY,
  person  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  label   TEXT NOT NULL,
  handle  TEXT,
  secret  TEXT NOT NULL,
  step    BIGINT NOT NULL,
  made_at TEXT NOT NULL,
  used_at TEXT NOT NULL,
  CONSTRAINT factor_of FOREIGN KEY (person) REFERENCES account (person),
  CONSTRAINT factor_handle UNIQUE (handle),
  CONSTRAINT factor_kind CHECK (kind IN ('totp', 'passkey') AND (kind = 'passkey') = (handle IS NOT NULL)),
  CONSTRAINT factor_whole CHECK (label <> '' AND secret <> '' AND step >= 0)
);
CREATE INDEX factor_person ON factor (person);

-- recovery holds the hashes of recovery codes; each works once.
CREATE TABLE recovery (
  person  TEXT NOT NULL,
  hash    TEXT NOT NULL,
  used_at TEXT NOT NULL,
  PRIMARY KEY (person, hash),
  CONSTRAINT recovery_of FOREIGN KEY (person) REFERENCES account (person)
);

-- challenge is a ceremony that was begun and is not finished: a passkey's
-- challenge, or a TOTP secret that has not yet been proved.
CREATE TABLE challenge (
  hash    TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  session TEXT NOT NULL,
  sealed  TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  CONSTRAINT challenge_kind CHECK (kind IN ('sign_in', 'step_up', 'passkey', 'totp'))
);

-- session is one sign-in. Half: the second factor is awaited. Enrol: there is
-- none yet. Full: signed in.
CREATE TABLE session (
  id        TEXT PRIMARY KEY,
  hash      TEXT NOT NULL,
  person    TEXT NOT NULL,
  stage     TEXT NOT NULL,
  post      TEXT NOT NULL,
  net       TEXT NOT NULL,
  device    TEXT NOT NULL,
  made_at   TEXT NOT NULL,
  seen_at   TEXT NOT NULL,
  ends_at   TEXT NOT NULL,
  proved_at TEXT NOT NULL,
  CONSTRAINT session_hash UNIQUE (hash),
  CONSTRAINT session_of FOREIGN KEY (person) REFERENCES account (person),
  CONSTRAINT session_stage CHECK (stage IN ('half', 'enrol', 'full') AND (stage = 'full' OR (post = '' AND proved_at = ''))),
  CONSTRAINT session_time CHECK (made_at <> '' AND seen_at >= made_at AND ends_at > made_at)
);
CREATE INDEX session_person ON session (person, seen_at);

-- attempt counts failures in a row, by a keyed hash of the name that was typed:
-- a name without an account is counted like any other. Only rows of unknown
-- names are swept away.
CREATE TABLE attempt (
  key      TEXT PRIMARY KEY,
  known    BOOLEAN NOT NULL,
  failures BIGINT NOT NULL,
  open_at  TEXT NOT NULL,
  last_at  TEXT NOT NULL,
  CONSTRAINT attempt_count CHECK (failures >= 0)
);

-- bucket slows down one network: until is when its bucket will be full again.
CREATE TABLE bucket (
  net      TEXT PRIMARY KEY,
  until_at TEXT NOT NULL
);

-- security_log says who came in, who failed to, and who was let do what. Rows
-- are never changed; they name persons by id and networks by their first part.
-- Kept for at least three years: 网络安全法 asks for six months.
CREATE TABLE security_log (
  id      TEXT PRIMARY KEY,
  at      TEXT NOT NULL,
  kind    TEXT NOT NULL,
  person  TEXT NOT NULL,
  subject TEXT NOT NULL,
  net     TEXT NOT NULL,
  detail  TEXT NOT NULL,
  CONSTRAINT security_log_whole CHECK (at <> '' AND kind <> '')
);
CREATE INDEX security_log_at ON security_log (at, id);
CREATE INDEX security_log_person ON security_log (person, at);
