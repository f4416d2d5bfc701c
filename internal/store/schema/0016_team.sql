-- Teams and their dispatch: R69–R74, 海政办发〔2020〕2号 二(五)2–3.

-- +goose Up

-- team (检查小组): one visits one drawn object. What tells the object and the
-- inspectors is the body, one text, encrypted where the list is sealed: INV-05.
CREATE TABLE team (
  id      TEXT PRIMARY KEY,
  batch   TEXT NOT NULL,
  run     BIGINT NOT NULL,
  no      BIGINT NOT NULL,
  org     TEXT NOT NULL,
  orgs    TEXT NOT NULL,
  state   TEXT NOT NULL,
  sealed  BOOLEAN NOT NULL,
  body    TEXT NOT NULL,
  version BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT team_no UNIQUE (batch, run, no),
  CONSTRAINT team_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT team_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT team_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT team_state CHECK (state IN ('formed', 'scheduled', 'dispatched', 'replaced', 'annulled')),
  -- INV-07: the department that leads is there.
  CONSTRAINT team_lead CHECK (' ' || orgs || ' ' LIKE '% ' || org || ' %'),
  CONSTRAINT team_whole CHECK (no > 0 AND body <> '')
);
CREATE INDEX team_of_entry ON team (cseq);

-- subst (递补、人员替换): an object or an inspector is replaced by the next in order:
-- R68. Body is who goes and why, and who comes.
CREATE TABLE subst (
  id         TEXT PRIMARY KEY,
  version    BIGINT NOT NULL,
  region     TEXT NOT NULL,
  batch      TEXT NOT NULL,
  run        BIGINT NOT NULL,
  team       TEXT NOT NULL,
  no         BIGINT NOT NULL,
  org        TEXT NOT NULL,
  kind       TEXT NOT NULL,
  body       TEXT NOT NULL,
  state      TEXT NOT NULL,
  asked_by   TEXT NOT NULL,
  asked_at   TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  opinion    TEXT NOT NULL,
  cseq       BIGINT NOT NULL,
  CONSTRAINT subst_team FOREIGN KEY (team) REFERENCES team (id),
  CONSTRAINT subst_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT subst_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT subst_state CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
  CONSTRAINT subst_kind CHECK (kind IN ('object', 'inspector', 'recusal') AND body <> '' AND asked_by <> ''),
  -- INV-09: nobody decides on what they asked for.
  CONSTRAINT subst_two_persons CHECK (decided_by <> asked_by),
  CONSTRAINT subst_decided CHECK ((decided_by = '') = (decided_at = '') AND (state IN ('granted', 'refused')) = (decided_by <> '') AND (decided_by = '') = (opinion = ''))
);
CREATE UNIQUE INDEX subst_open ON subst (team) WHERE state = 'asked';

-- dispatch (派发): the teams of a batch went to the departments, each of which gives a
-- receipt: R69. It has the id of its batch: there is one.
CREATE TABLE dispatch (
  id       TEXT PRIMARY KEY,
  version  BIGINT NOT NULL,
  region   TEXT NOT NULL,
  batch    TEXT NOT NULL,
  run      BIGINT NOT NULL,
  teams    BIGINT NOT NULL,
  by_whom  TEXT NOT NULL,
  at       TEXT NOT NULL,
  due      TEXT NOT NULL,
  note     TEXT NOT NULL,
  receipts TEXT NOT NULL,
  cseq     BIGINT NOT NULL,
  CONSTRAINT dispatch_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT dispatch_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT dispatch_whole CHECK (id = batch AND teams > 0 AND by_whom <> '' AND at <> '' AND due <> '')
);
