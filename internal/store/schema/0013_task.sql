-- Tasks, the confirmations of both libraries before a draw, yearly caps and their
-- waivers: 海政办发〔2020〕2号 二(三), 二(五); 国办发〔2024〕54号.

-- +goose Up

-- task (抽查任务). Parties are the departments of parts, for searching.
CREATE TABLE task (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  region       TEXT NOT NULL,
  org          TEXT NOT NULL,
  year         BIGINT NOT NULL,
  serial       BIGINT NOT NULL,
  number       TEXT NOT NULL,
  source       TEXT NOT NULL,
  ground       TEXT NOT NULL,
  plan         TEXT,
  line         BIGINT,
  planned      TEXT NOT NULL,
  terms        TEXT NOT NULL,
  name         TEXT NOT NULL,
  from_day     TEXT NOT NULL,
  until_day    TEXT NOT NULL,
  kind         TEXT NOT NULL,
  no_notice    BOOLEAN NOT NULL,
  sealed       BOOLEAN NOT NULL,
  sublibs      TEXT NOT NULL,
  ratio        TEXT NOT NULL,
  reserve      BIGINT NOT NULL,
  officers     BIGINT NOT NULL,
  assistants   BIGINT NOT NULL,
  note         TEXT NOT NULL,
  reason       TEXT NOT NULL,
  parts        TEXT NOT NULL,
  parties      TEXT NOT NULL,
  state        TEXT NOT NULL,
  handed_in    BIGINT NOT NULL,
  drafted_by   TEXT NOT NULL,
  drafted_at   TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  approved_by  TEXT NOT NULL,
  approved_at  TEXT NOT NULL,
  opinion      TEXT NOT NULL,
  opinion_org  TEXT NOT NULL,
  filed_by     TEXT NOT NULL,
  filed_at     TEXT NOT NULL,
  filing_no    TEXT NOT NULL,
  cancelled_by TEXT NOT NULL,
  cancelled_at TEXT NOT NULL,
  cancel_note  TEXT NOT NULL,
  batch        TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT task_number UNIQUE (number),
  CONSTRAINT task_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT task_line FOREIGN KEY (plan, line) REFERENCES plan_line (plan, no),
  CONSTRAINT task_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  -- R62: a task is of a line of a plan, or has a ground.
  CONSTRAINT task_source CHECK ((source = 'plan') = (plan IS NOT NULL) AND (plan IS NULL) = (line IS NULL) AND (source = 'plan') = (ground = '')),
  CONSTRAINT task_state CHECK (state IN ('draft', 'submitted', 'approved', 'filed', 'batched', 'drawn', 'dispatched', 'cancelled', 'discarded')),
  CONSTRAINT task_notice CHECK (sealed OR NOT no_notice),
  CONSTRAINT task_officers CHECK (officers >= 2),
  -- INV-09: whoever drafted or submitted a task, through any post, does not approve it.
  CONSTRAINT task_two_persons CHECK (approved_by = '' OR (approved_by <> drafted_by AND approved_by <> submitted_by)),
  CONSTRAINT task_submitted CHECK ((submitted_by = '') = (submitted_at = '') AND (state IN ('draft', 'discarded') OR (submitted_by <> '' AND handed_in > 0))),
  CONSTRAINT task_approved CHECK ((approved_by = '') = (approved_at = '') AND (state IN ('draft', 'submitted', 'discarded')) = (approved_by = '')),
  -- R65: what is not settled is not approved.
  CONSTRAINT task_settled CHECK (approved_by = '' OR (name <> '' AND from_day <> '' AND until_day >= from_day AND sublibs <> '' AND ratio <> '')),
  -- R16: nothing is drawn that is not filed.
  CONSTRAINT task_filed CHECK ((filed_by = '') = (filed_at = '') AND (filed_by = '') = (filing_no = '') AND (state NOT IN ('filed', 'batched', 'drawn', 'dispatched') OR filed_by <> '')),
  CONSTRAINT task_cancelled CHECK ((state = 'cancelled') = (cancelled_by <> '') AND (cancelled_by = '') = (cancelled_at = '') AND (cancelled_by = '') = (cancel_note = '')),
  CONSTRAINT task_batched CHECK ((state IN ('batched', 'drawn', 'dispatched')) = (batch <> ''))
);
CREATE UNIQUE INDEX task_filing ON task (filing_no) WHERE filing_no <> '';
CREATE INDEX task_of ON task (region, year, org);
CREATE INDEX task_of_line ON task (plan, line);

-- task_item is what was approved to be inspected: items in versions that their lists
-- have published: R23, INV-29.
CREATE TABLE task_item (
  task    TEXT NOT NULL,
  item    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  version BIGINT NOT NULL,
  org     TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (task, item),
  CONSTRAINT task_item_task FOREIGN KEY (task) REFERENCES task (id),
  CONSTRAINT task_item_version FOREIGN KEY (kind, item, version) REFERENCES history (kind, id, version),
  CONSTRAINT task_item_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT task_item_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT task_item_kind CHECK (kind = 'item')
);
CREATE INDEX task_item_of ON task_item (item);

-- confirmation (名录库确认) is written once: R36, R37.
CREATE TABLE confirmation (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  task      TEXT NOT NULL,
  org       TEXT NOT NULL,
  library   TEXT NOT NULL,
  no        BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  oldest    TEXT NOT NULL,
  upto      BIGINT NOT NULL,
  since     BIGINT NOT NULL,
  added     BIGINT NOT NULL,
  changed   BIGINT NOT NULL,
  removed   BIGINT NOT NULL,
  statement TEXT NOT NULL,
  by_whom   TEXT NOT NULL,
  at        TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT confirmation_no UNIQUE (task, org, library, no),
  CONSTRAINT confirmation_task FOREIGN KEY (task) REFERENCES task (id),
  CONSTRAINT confirmation_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT confirmation_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT confirmation_whole CHECK (library IN ('object', 'inspector') AND no > 0 AND row_count > 0 AND hash <> '' AND statement <> '' AND since < upto)
);
CREATE INDEX confirmation_of ON confirmation (org, library, upto);

-- body_cap (年度检查频次上限): how often one body may inspect one object in a year:
-- 国办发〔2024〕54号. The id is of the body and the year.
CREATE TABLE body_cap (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  org     TEXT NOT NULL,
  year    BIGINT NOT NULL,
  most    BIGINT NOT NULL,
  grounds TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT body_cap_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT body_cap_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT body_cap_whole CHECK (most > 0 AND by_whom <> '' AND at <> '')
);

-- waiver (超限抽查许可): one object may be drawn once more in a year: R52, R53.
CREATE TABLE waiver (
  id         TEXT PRIMARY KEY,
  version    BIGINT NOT NULL,
  region     TEXT NOT NULL,
  org        TEXT NOT NULL,
  object     BIGINT NOT NULL,
  year       BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  ground     TEXT NOT NULL,
  state      TEXT NOT NULL,
  asked_by   TEXT NOT NULL,
  asked_at   TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  opinion    TEXT NOT NULL,
  cseq       BIGINT NOT NULL,
  CONSTRAINT waiver_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT waiver_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT waiver_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT waiver_state CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
  CONSTRAINT waiver_two_persons CHECK (decided_by <> asked_by),
  CONSTRAINT waiver_decided CHECK ((decided_by = '') = (decided_at = '') AND (state IN ('granted', 'refused')) = (decided_by <> '') AND (decided_by = '') = (opinion = '')),
  CONSTRAINT waiver_whole CHECK (ground <> '' AND kind <> '')
);
CREATE UNIQUE INDEX waiver_open ON waiver (object, year) WHERE state IN ('asked', 'granted');
