-- Waivers and the caps of bodies in the draw, and results of jobs: R52, R53, 海政办发〔2020〕2号 二(四);
-- 国办发〔2024〕54号.

-- +goose Up

-- The program makes its views again; until then none may stand on the old slot.
DROP VIEW IF EXISTS inv_01;
DROP VIEW IF EXISTS inv_06;

CREATE TABLE slot_before AS SELECT object, year, n, batch, run, version, cseq FROM slot;
DROP TABLE slot;

-- slot (年度抽查次数): the visits of an object in a year, over all departments: R52,
-- R53, INV-06. The key lets nobody count one twice. The third needs a waiver, which
-- serves once. A slot of an annulled draw is free again, and has no batch.
CREATE TABLE slot (
  object  BIGINT NOT NULL,
  year    BIGINT NOT NULL,
  n       BIGINT NOT NULL,
  batch   TEXT,
  run     BIGINT NOT NULL,
  waiver  TEXT,
  version BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (object, year, n),
  CONSTRAINT slot_waiver UNIQUE (waiver),
  CONSTRAINT slot_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT slot_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT slot_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT slot_cap CHECK (n >= 1 AND (n > 2) = (waiver IS NOT NULL) AND (batch IS NULL) = (run = 0))
);

INSERT INTO slot (object, year, n, batch, run, waiver, version, cseq) SELECT object, year, n, batch, run, NULL, version, cseq FROM slot_before;
DROP TABLE slot_before;

-- body_visit (检查主体年度检查次数): the visits of a body at an object in a year:
-- 国办发〔2024〕54号, INV-06. Most is its cap when the visit was taken, 0 if it had none.
-- Visits on a ground that the cap does not hold for are counted apart.
CREATE TABLE body_visit (
  org     TEXT NOT NULL,
  object  BIGINT NOT NULL,
  year    BIGINT NOT NULL,
  exempt  BOOLEAN NOT NULL,
  n       BIGINT NOT NULL,
  most    BIGINT NOT NULL,
  ground  TEXT NOT NULL,
  batch   TEXT,
  run     BIGINT NOT NULL,
  version BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (org, object, year, exempt, n),
  CONSTRAINT body_visit_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT body_visit_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT body_visit_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT body_visit_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT body_visit_cap CHECK (n >= 1 AND (exempt OR most = 0 OR batch IS NULL OR n <= most)),
  CONSTRAINT body_visit_whole CHECK (exempt = (ground <> '') AND (batch IS NULL) = (run = 0))
);
CREATE INDEX body_visit_of ON body_visit (object, year);

-- What a job is doing, then what came of it: rehearsals of a draw.
ALTER TABLE job ADD COLUMN result TEXT NOT NULL DEFAULT '';
