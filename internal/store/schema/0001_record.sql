-- The official record, and the bodies and persons that act in it.
--
-- Every protected table has a column cseq: the number of the entry that wrote
-- the row last. Guards (guard.go) refuse a row whose entry is not open in the
-- same transaction, and the removal of any row: INV-01, INV-02.

-- +goose Up

-- closed holds the one value an entry's done must have when its transaction
-- commits; an entry left open fails the deferred reference.
CREATE TABLE closed (
  v BIGINT PRIMARY KEY,
  CONSTRAINT closed_one CHECK (v = 1)
);
INSERT INTO closed (v) VALUES (1);

-- entry (存证条目) is one act. It is a leaf of the transparency log.
CREATE TABLE entry (
  n       BIGINT PRIMARY KEY,
  at      TEXT NOT NULL,
  request TEXT NOT NULL,
  actor   TEXT NOT NULL,
  post    TEXT NOT NULL,
  org     TEXT NOT NULL,
  verb    TEXT NOT NULL,
  target  TEXT NOT NULL,
  version BIGINT NOT NULL,
  leaf    TEXT NOT NULL,
  done    BIGINT NOT NULL,
  CONSTRAINT entry_closed FOREIGN KEY (done) REFERENCES closed (v) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT entry_once UNIQUE (actor, request),
  CONSTRAINT entry_whole CHECK (at <> '' AND actor <> '' AND post <> '' AND verb <> '' AND request <> '')
);

-- entry_body is what the leaf commits to without showing it: who, which
-- command, what the rows became. Salt and body can be erased; the commitment
-- stays.
CREATE TABLE entry_body (
  n      BIGINT PRIMARY KEY,
  salt   TEXT NOT NULL,
  body   TEXT NOT NULL,
  erased BIGINT,
  CONSTRAINT entry_body_of FOREIGN KEY (n) REFERENCES entry (n),
  CONSTRAINT entry_body_erased FOREIGN KEY (erased) REFERENCES entry (n),
  CONSTRAINT entry_body_gone CHECK ((erased IS NULL) = (body <> ''))
);

-- touch names everything an entry changed, with the states before and after.
CREATE TABLE touch (
  cseq    BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  version BIGINT NOT NULL,
  was     TEXT NOT NULL,
  becomes TEXT NOT NULL,
  PRIMARY KEY (cseq, kind, id),
  CONSTRAINT touch_of FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX touch_id ON touch (id, cseq);

-- step holds every lawful change of state, written from the tables of lives:
-- INV-15.
CREATE TABLE step (
  noun    TEXT NOT NULL,
  was     TEXT NOT NULL,
  becomes TEXT NOT NULL,
  PRIMARY KEY (noun, was, becomes)
);

CREATE TABLE org (
  id          TEXT PRIMARY KEY,
  version     BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  region      TEXT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  short       TEXT NOT NULL,
  from_day    TEXT NOT NULL,
  until_day   TEXT NOT NULL,
  into_org    TEXT,
  former      TEXT NOT NULL,
  cseq        BIGINT NOT NULL,
  CONSTRAINT org_code UNIQUE (region, code),
  CONSTRAINT org_into FOREIGN KEY (into_org) REFERENCES org (id),
  CONSTRAINT org_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT org_merged CHECK (into_org IS NULL OR (until_day <> '' AND into_org <> id))
);

CREATE TABLE person (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  name    TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT person_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);

-- standing holds the one class of posts a person may have open: three
-- administrators apart from each other and from business: INV-14.
CREATE TABLE standing (
  person TEXT PRIMARY KEY,
  class  TEXT NOT NULL,
  cseq   BIGINT NOT NULL,
  CONSTRAINT standing_class UNIQUE (person, class),
  CONSTRAINT standing_person FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT standing_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT standing_known CHECK (class IN ('business', 'system_admin', 'security_admin', 'audit_admin'))
);

-- post (任职). class is the post's class while it is open and NULL once ended.
CREATE TABLE post (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  person    TEXT NOT NULL,
  org       TEXT NOT NULL,
  kind      TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  ended     BOOLEAN NOT NULL,
  class     TEXT,
  cseq      BIGINT NOT NULL,
  CONSTRAINT post_person FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT post_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT post_class FOREIGN KEY (person, class) REFERENCES standing (person, class),
  CONSTRAINT post_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT post_days CHECK (until_day = '' OR until_day >= from_day),
  CONSTRAINT post_ended CHECK (ended = (class IS NULL) AND (NOT ended OR until_day <> '')),
  CONSTRAINT post_kind_class CHECK (class IS NULL OR class = CASE
    WHEN kind IN ('system_admin', 'security_admin', 'audit_admin') THEN kind ELSE 'business' END)
);
CREATE INDEX post_of ON post (person);
CREATE UNIQUE INDEX post_once ON post (person, org, kind) WHERE NOT ended;

-- inv_01: nothing without its entry, no entry left open or without its body.
CREATE VIEW inv_01 AS
SELECT 'entry' AS what, CAST(n AS TEXT) AS id FROM entry WHERE done <> 1 OR leaf = ''
UNION ALL
SELECT 'entry without body', CAST(e.n AS TEXT) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM entry_body b WHERE b.n = e.n)
UNION ALL
SELECT 'entry without effect', CAST(e.n AS TEXT) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = e.n)
UNION ALL
SELECT 'org', id FROM org o WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = o.cseq AND t.id = o.id AND t.version = o.version)
UNION ALL
SELECT 'person', id FROM person p WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = p.cseq AND t.id = p.id AND t.version = p.version)
UNION ALL
SELECT 'post', id FROM post p WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = p.cseq AND t.id = p.id AND t.version = p.version);

-- inv_02: entries are numbered 0, 1, 2 without a gap.
CREATE VIEW inv_02 AS
SELECT e.n FROM entry e WHERE e.n > 0 AND NOT EXISTS (SELECT 1 FROM entry p WHERE p.n = e.n - 1)
UNION ALL
SELECT e.n FROM entry e WHERE e.n < 0;

-- inv_14: no person with open posts of two classes.
CREATE VIEW inv_14 AS
SELECT person
FROM   post
WHERE  NOT ended
GROUP  BY person
HAVING count(DISTINCT CASE WHEN kind IN ('system_admin', 'security_admin', 'audit_admin') THEN kind ELSE 'business' END) > 1;

-- inv_15: no change of state that the tables of lives do not list.
CREATE VIEW inv_15 AS
SELECT t.cseq, t.kind, t.id, t.was, t.becomes
FROM   touch t
WHERE  t.was <> '' AND t.was <> t.becomes
AND    NOT EXISTS (SELECT 1 FROM step s WHERE s.noun = t.kind AND s.was = t.was AND s.becomes = t.becomes);
