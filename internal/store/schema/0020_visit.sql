-- Visits and their signatures: R76–R89, R100, 海政办发〔2020〕2号 二(五)4.

-- +goose Up

-- visit (检查): one team at one object. Body is what was found and done; digest is of
-- what was concluded, and what every signature binds: INV-10. Members is how many have
-- to sign.
CREATE TABLE visit (
  id       TEXT PRIMARY KEY,
  version  BIGINT NOT NULL,
  region   TEXT NOT NULL,
  batch    TEXT NOT NULL,
  team     TEXT NOT NULL,
  object   BIGINT NOT NULL,
  org      TEXT NOT NULL,
  orgs     TEXT NOT NULL,
  state    TEXT NOT NULL,
  code     TEXT NOT NULL,
  digest   TEXT NOT NULL,
  special  TEXT NOT NULL,
  members  BIGINT NOT NULL,
  ended_at TEXT NOT NULL,
  body     TEXT NOT NULL,
  cseq     BIGINT NOT NULL,
  CONSTRAINT visit_once UNIQUE (team),
  CONSTRAINT visit_code UNIQUE (code),
  CONSTRAINT visit_digest UNIQUE (id, digest),
  CONSTRAINT visit_team FOREIGN KEY (team) REFERENCES team (id),
  CONSTRAINT visit_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT visit_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT visit_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT visit_state CHECK (state IN ('prepared', 'begun', 'aside', 'concluded', 'signed')),
  CONSTRAINT visit_concluded CHECK ((digest <> '') = (state IN ('concluded', 'signed')) AND (ended_at <> '') = (state = 'signed')),
  CONSTRAINT visit_special CHECK (state NOT IN ('aside', 'begun') OR (special <> '') = (state = 'aside')),
  CONSTRAINT visit_whole CHECK (code <> '' AND body <> '' AND (digest = '' OR members > 1))
);
CREATE INDEX visit_of_object ON visit (object);
CREATE INDEX visit_of_batch ON visit (batch);

-- signature (签字): binds is the digest while the signature holds, and null when it is
-- void. That digest must be the visit's, so none survives a change: INV-10.
CREATE TABLE signature (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  region    TEXT NOT NULL,
  visit     TEXT NOT NULL,
  digest    TEXT NOT NULL,
  binds     TEXT,
  kind      TEXT NOT NULL,
  inspector BIGINT NOT NULL,
  org       TEXT NOT NULL,
  body      TEXT NOT NULL,
  by_whom   TEXT NOT NULL,
  at        TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT signature_visit FOREIGN KEY (visit) REFERENCES visit (id),
  CONSTRAINT signature_binds FOREIGN KEY (visit, binds) REFERENCES visit (id, digest),
  CONSTRAINT signature_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT signature_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT signature_digest CHECK (binds = digest AND digest <> '' OR binds IS NULL),
  CONSTRAINT signature_kind CHECK (kind IN ('party', 'member') AND (kind = 'member') = (inspector > 0)),
  CONSTRAINT signature_whole CHECK (body <> '' AND by_whom <> '' AND at <> '')
);
CREATE UNIQUE INDEX signature_once ON signature (visit, kind, inspector) WHERE binds IS NOT NULL;
