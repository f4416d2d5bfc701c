-- Items, sub-libraries and areas in the minimum a plan needs, and the yearly
-- plan with its lines and consents.

-- +goose Up

CREATE TABLE area (
  code   TEXT PRIMARY KEY,
  region TEXT NOT NULL,
  name   TEXT NOT NULL,
  rank   BIGINT NOT NULL,
  cseq   BIGINT NOT NULL,
  CONSTRAINT area_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);

CREATE TABLE item (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  org       TEXT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  field     TEXT NOT NULL,
  category  TEXT NOT NULL,
  basis     TEXT NOT NULL,
  content   TEXT NOT NULL,
  method    TEXT NOT NULL,
  max_share BIGINT NOT NULL,
  since     TEXT NOT NULL,
  retired   TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT item_code UNIQUE (org, code),
  CONSTRAINT item_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT item_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT item_share CHECK (max_share BETWEEN 1 AND 10000 AND (category = 'general' OR max_share = 10000)),
  CONSTRAINT item_whole CHECK (category IN ('key', 'general') AND basis <> '' AND content <> '' AND method <> '')
);

CREATE TABLE sublibrary (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  org     TEXT NOT NULL,
  name    TEXT NOT NULL,
  size    BIGINT NOT NULL,
  class_a BIGINT NOT NULL,
  class_b BIGINT NOT NULL,
  class_c BIGINT NOT NULL,
  class_d BIGINT NOT NULL,
  counted TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT sublibrary_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT sublibrary_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);

-- plan (年度抽查计划): one row per edition.
CREATE TABLE plan (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  org          TEXT NOT NULL,
  region       TEXT NOT NULL,
  year         BIGINT NOT NULL,
  number       TEXT NOT NULL,
  edition      BIGINT NOT NULL,
  amends       TEXT,
  reason       TEXT NOT NULL,
  state        TEXT NOT NULL,
  drafted_by   TEXT NOT NULL,
  drafted_at   TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  approved_by  TEXT NOT NULL,
  approved_at  TEXT NOT NULL,
  opinion      TEXT NOT NULL,
  filed_by     TEXT NOT NULL,
  filed_at     TEXT NOT NULL,
  merged_into  TEXT,
  published_by TEXT NOT NULL,
  published_at TEXT NOT NULL,
  replaced_at  TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT plan_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT plan_amends FOREIGN KEY (amends) REFERENCES plan (id),
  CONSTRAINT plan_merged_into FOREIGN KEY (merged_into) REFERENCES plan (id),
  CONSTRAINT plan_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT plan_kind CHECK (kind IN ('own', 'led', 'joint')),
  CONSTRAINT plan_state CHECK (state IN ('draft', 'submitted', 'approved', 'filed', 'merged', 'published', 'replaced', 'discarded')),
  CONSTRAINT plan_editions CHECK ((edition = 0) = (amends IS NULL) AND (edition = 0) = (reason = '')),
  -- INV-09: whoever drafted or submitted a plan, through any post, does not approve it.
  CONSTRAINT plan_two_persons CHECK (approved_by = '' OR (approved_by <> drafted_by AND approved_by <> submitted_by)),
  CONSTRAINT plan_submitted CHECK ((submitted_by = '') = (submitted_at = '') AND (state NOT IN ('submitted', 'approved', 'filed', 'merged', 'published', 'replaced') OR submitted_by <> '')),
  CONSTRAINT plan_approved CHECK ((approved_by = '') = (approved_at = '') AND (state NOT IN ('approved', 'filed', 'merged', 'published', 'replaced') OR (approved_by <> '' AND opinion <> ''))),
  CONSTRAINT plan_filed CHECK ((filed_by = '') = (filed_at = '') AND (kind = 'joint' OR state NOT IN ('filed', 'merged', 'published', 'replaced') OR filed_by <> '')),
  CONSTRAINT plan_merged CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  CONSTRAINT plan_published CHECK ((published_by = '') = (published_at = '') AND (state IN ('published', 'replaced')) = (published_by <> '')),
  CONSTRAINT plan_replaced CHECK ((state = 'replaced') = (replaced_at <> ''))
);
-- One edition of a number is in use; thrown-away drafts do not count.
CREATE UNIQUE INDEX plan_number ON plan (number, edition) WHERE state <> 'discarded';
CREATE UNIQUE INDEX plan_in_work ON plan (number) WHERE state IN ('draft', 'submitted', 'approved', 'filed', 'merged');
CREATE INDEX plan_year ON plan (region, year, number, edition);

CREATE TABLE plan_line (
  plan      TEXT NOT NULL,
  no        BIGINT NOT NULL,
  name      TEXT NOT NULL,
  field     TEXT NOT NULL,
  items     TEXT NOT NULL,
  scope     TEXT NOT NULL,
  sublibs   TEXT NOT NULL,
  pool      BIGINT NOT NULL,
  ratio     TEXT NOT NULL,
  frequency BIGINT NOT NULL,
  months    BIGINT NOT NULL,
  areas     TEXT NOT NULL,
  lead      TEXT NOT NULL,
  partners  TEXT NOT NULL,
  type      TEXT NOT NULL,
  targeted  TEXT NOT NULL,
  methods   TEXT NOT NULL,
  mode      TEXT NOT NULL,
  remark    TEXT NOT NULL,
  from_plan TEXT,
  from_no   BIGINT NOT NULL,
  dropped   BOOLEAN NOT NULL,
  cseq      BIGINT NOT NULL,
  PRIMARY KEY (plan, no),
  CONSTRAINT plan_line_of FOREIGN KEY (plan) REFERENCES plan (id),
  CONSTRAINT plan_line_lead FOREIGN KEY (lead) REFERENCES org (id),
  CONSTRAINT plan_line_from FOREIGN KEY (from_plan, from_no) REFERENCES plan_line (plan, no),
  CONSTRAINT plan_line_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT plan_line_whole CHECK (name <> '' AND scope <> '' AND ratio <> '' AND items <> '' AND frequency BETWEEN 1 AND 12 AND months BETWEEN 1 AND 4095 AND pool > 0)
);

-- consent (会签): one department's say on one joint line: R51.
CREATE TABLE consent (
  plan     TEXT NOT NULL,
  no       BIGINT NOT NULL,
  org      TEXT NOT NULL,
  version  BIGINT NOT NULL,
  state    TEXT NOT NULL,
  note     TEXT NOT NULL,
  by_whom  TEXT NOT NULL,
  at       TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  cseq     BIGINT NOT NULL,
  PRIMARY KEY (plan, no, org),
  CONSTRAINT consent_line FOREIGN KEY (plan, no) REFERENCES plan_line (plan, no),
  CONSTRAINT consent_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT consent_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT consent_answer CHECK (state IN ('planned', 'invited', 'accepted', 'proposed', 'declined') AND (state IN ('planned', 'invited')) = (by_whom = '')),
  CONSTRAINT consent_note CHECK (state NOT IN ('proposed', 'declined') OR note <> '')
);
CREATE INDEX consent_of ON consent (org, plan);

CREATE TABLE urge (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  office  TEXT NOT NULL,
  org     TEXT NOT NULL,
  year    BIGINT NOT NULL,
  note    TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT urge_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT urge_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX urge_of ON urge (org, year, at);

-- inv_09: no plan approved by who drafted or submitted it.
CREATE VIEW inv_09 AS
SELECT id FROM plan WHERE approved_by <> '' AND (approved_by = drafted_by OR approved_by = submitted_by);
