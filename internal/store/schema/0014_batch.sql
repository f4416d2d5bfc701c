-- Batches and their draws: R66–R68, R71, 海政办发〔2020〕2号 二(五)2–3.

-- +goose Up

-- batch (批次): one row; its runs are told apart by their files.
CREATE TABLE batch (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  region       TEXT NOT NULL,
  org          TEXT NOT NULL,
  year         BIGINT NOT NULL,
  serial       BIGINT NOT NULL,
  number       TEXT NOT NULL,
  state        TEXT NOT NULL,
  run          BIGINT NOT NULL,
  title        TEXT NOT NULL,
  tasks        TEXT NOT NULL,
  terms        TEXT NOT NULL,
  typed        TEXT NOT NULL,
  drafted_by   TEXT NOT NULL,
  drafted_at   TEXT NOT NULL,
  announced_by TEXT NOT NULL,
  announced_at TEXT NOT NULL,
  locked_by    TEXT NOT NULL,
  locked_at    TEXT NOT NULL,
  typed_by     TEXT NOT NULL,
  event_by     TEXT NOT NULL,
  event_at     TEXT NOT NULL,
  drawn_at     TEXT NOT NULL,
  disclosed_at TEXT NOT NULL,
  ended_by     TEXT NOT NULL,
  ended_at     TEXT NOT NULL,
  ended_org    TEXT NOT NULL,
  ground       TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT batch_number UNIQUE (number),
  CONSTRAINT batch_serial UNIQUE (region, year, serial),
  CONSTRAINT batch_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT batch_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT batch_state CHECK (state IN ('draft', 'announced', 'locked', 'committed', 'revealed', 'evented', 'opened', 'drawn', 'disclosed', 'void', 'annulled', 'discarded')),
  -- INV-09: not announced by who drafted it; the event not confirmed by who typed it.
  CONSTRAINT batch_two_persons CHECK ((announced_by = '' OR announced_by <> drafted_by) AND (event_by = '' OR event_by <> typed_by)),
  CONSTRAINT batch_announced CHECK ((announced_by = '') = (announced_at = '') AND (run > 0) = (announced_by <> '') AND (state IN ('draft', 'discarded') OR run > 0)),
  CONSTRAINT batch_locked CHECK ((locked_by = '') = (locked_at = '') AND (state NOT IN ('locked', 'committed', 'revealed', 'evented', 'opened', 'drawn', 'disclosed', 'annulled') OR locked_by <> '')),
  CONSTRAINT batch_event CHECK ((event_by = '') = (event_at = '') AND (state NOT IN ('evented', 'opened', 'drawn', 'disclosed', 'annulled') OR event_by <> '')),
  CONSTRAINT batch_drawn CHECK ((state IN ('drawn', 'disclosed', 'annulled')) = (drawn_at <> '') AND (state <> 'disclosed' OR disclosed_at <> '')),
  -- C18: a draw is annulled by another department, with a ground.
  CONSTRAINT batch_annulled CHECK (state <> 'annulled' OR (ended_org <> org AND ground <> '' AND ended_by <> '')),
  CONSTRAINT batch_void CHECK (state <> 'void' OR (ground <> '' AND ended_by <> ''))
);
CREATE INDEX batch_of ON batch (region, year);

-- batch_file: the documents of a run, byte for byte, in parts of at most 1 MiB. A
-- file is written by one entry and never again: INV-03.
CREATE TABLE batch_file (
  batch TEXT NOT NULL,
  run   BIGINT NOT NULL,
  name  TEXT NOT NULL,
  part  BIGINT NOT NULL,
  text  TEXT NOT NULL,
  cseq  BIGINT NOT NULL,
  PRIMARY KEY (batch, run, name, part),
  CONSTRAINT batch_file_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT batch_file_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT batch_file_whole CHECK (run > 0 AND part >= 0 AND name <> '' AND (part = 0 OR text <> ''))
);

-- drawn (抽中名单): the drawn objects of a run and those in reserve, in their ranks.
CREATE TABLE drawn (
  batch   TEXT NOT NULL,
  run     BIGINT NOT NULL,
  task    TEXT NOT NULL,
  id      TEXT NOT NULL,
  object  BIGINT NOT NULL,
  stratum TEXT NOT NULL,
  tier    BIGINT NOT NULL,
  rank    BIGINT NOT NULL,
  reserve BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (batch, run, task, id),
  CONSTRAINT drawn_rank UNIQUE (batch, run, task, stratum, tier, rank),
  CONSTRAINT drawn_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT drawn_task FOREIGN KEY (task) REFERENCES task (id),
  CONSTRAINT drawn_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT drawn_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX drawn_of ON drawn (object);

-- seat (检查小组成员): who was matched to which drawn object.
CREATE TABLE seat (
  batch     TEXT NOT NULL,
  run       BIGINT NOT NULL,
  id        TEXT NOT NULL,
  object    BIGINT NOT NULL,
  org       TEXT NOT NULL,
  line      BIGINT NOT NULL,
  inspector BIGINT NOT NULL,
  leader    BOOLEAN NOT NULL,
  version   BIGINT NOT NULL,
  cseq      BIGINT NOT NULL,
  PRIMARY KEY (batch, run, id, inspector),
  CONSTRAINT seat_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT seat_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT seat_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT seat_inspector FOREIGN KEY (inspector) REFERENCES inspector (no),
  CONSTRAINT seat_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX seat_of ON seat (inspector);

-- slot (年度抽查次数): the visits of an object in a year, over all departments: R52,
-- R53, INV-06. The key lets nobody count one twice. A slot of an annulled draw is
-- free again, and has no batch.
CREATE TABLE slot (
  object  BIGINT NOT NULL,
  year    BIGINT NOT NULL,
  n       BIGINT NOT NULL,
  batch   TEXT,
  run     BIGINT NOT NULL,
  version BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (object, year, n),
  CONSTRAINT slot_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT slot_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT slot_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT slot_cap CHECK (n BETWEEN 1 AND 2 AND (batch IS NULL) = (run = 0))
);
