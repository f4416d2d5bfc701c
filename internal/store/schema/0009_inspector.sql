-- The library of inspectors (执法检查人员名录库): R38–R40, R70, R123. Rows are never
-- removed; what they were is in past: docs/decisions/0013.

-- +goose Up

-- inspector (执法检查人员). No number of an identity card is kept.
CREATE TABLE inspector (
  no           BIGINT PRIMARY KEY,
  version      BIGINT NOT NULL,
  region       TEXT NOT NULL,
  org          TEXT NOT NULL,
  code         TEXT NOT NULL,
  name         TEXT NOT NULL,
  gender       TEXT NOT NULL,
  category     TEXT NOT NULL,
  division     TEXT NOT NULL,
  position     TEXT NOT NULL,
  phone        TEXT NOT NULL,
  duty         TEXT NOT NULL,
  duty_from    TEXT NOT NULL,
  education    TEXT NOT NULL,
  major        TEXT NOT NULL,
  title        TEXT NOT NULL,
  certificates TEXT NOT NULL,
  quals        TEXT NOT NULL,
  items        TEXT NOT NULL,
  units        TEXT NOT NULL,
  areas        TEXT NOT NULL,
  person       TEXT,
  ended        TEXT NOT NULL,
  source       TEXT NOT NULL,
  sourced      TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT inspector_code UNIQUE (org, code),
  CONSTRAINT inspector_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT inspector_person FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT inspector_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT inspector_gender CHECK (gender IN ('', 'male', 'female')),
  CONSTRAINT inspector_category CHECK (category IN ('civil_servant', 'qualified', 'daily', 'expert', 'third_party', 'auxiliary')),
  -- C1: helpers hold no certificate, so that nobody takes them for inspectors.
  CONSTRAINT inspector_helper CHECK (category IN ('civil_servant', 'qualified', 'daily') OR certificates = ''),
  CONSTRAINT inspector_whole CHECK (code <> '' AND name <> '' AND source <> '' AND sourced <> '')
);
CREATE INDEX inspector_of_entry ON inspector (cseq);
CREATE INDEX inspector_of ON inspector (region, org);

-- inspector_away (不能参加检查的时段): R70.
CREATE TABLE inspector_away (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  inspector BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  note      TEXT NOT NULL,
  dropped   BOOLEAN NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT inspector_away_of FOREIGN KEY (inspector) REFERENCES inspector (no),
  CONSTRAINT inspector_away_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT inspector_away_kind CHECK (kind IN ('leave', 'training', 'task')),
  CONSTRAINT inspector_away_days CHECK (from_day <> '' AND until_day >= from_day)
);
CREATE INDEX inspector_away_until ON inspector_away (inspector, until_day);
CREATE INDEX inspector_away_written ON inspector_away (cseq);

-- inspector_tie (回避关系): what an inspector has declared. Personal.
CREATE TABLE inspector_tie (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  inspector BIGINT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  since     TEXT NOT NULL,
  until     TEXT NOT NULL,
  ground    TEXT NOT NULL,
  by_whom   TEXT NOT NULL,
  at        TEXT NOT NULL,
  dropped   BOOLEAN NOT NULL,
  reason    TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT inspector_tie_of FOREIGN KEY (inspector) REFERENCES inspector (no),
  CONSTRAINT inspector_tie_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT inspector_tie_kind CHECK (kind IN ('former_employer', 'relative', 'shareholding', 'other')),
  CONSTRAINT inspector_tie_days CHECK ((until = '' OR until >= since) AND (kind <> 'former_employer' OR until <> '')),
  CONSTRAINT inspector_tie_whole CHECK (name <> '' AND by_whom <> '' AND at <> ''),
  CONSTRAINT inspector_tie_reason CHECK ((reason = '') = (NOT dropped))
);
CREATE INDEX inspector_tie_by ON inspector_tie (inspector);
CREATE INDEX inspector_tie_written ON inspector_tie (cseq);

-- inspector_training (培训记录): R123.
CREATE TABLE inspector_training (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  inspector BIGINT NOT NULL,
  topic     TEXT NOT NULL,
  hours     BIGINT NOT NULL,
  exam      TEXT NOT NULL,
  day       TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT inspector_training_of FOREIGN KEY (inspector) REFERENCES inspector (no),
  CONSTRAINT inspector_training_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT inspector_training_exam CHECK (exam IN ('none', 'passed', 'failed')),
  CONSTRAINT inspector_training_whole CHECK (topic <> '' AND day <> '' AND hours > 0)
);
CREATE INDEX inspector_training_day ON inspector_training (inspector, day);
CREATE INDEX inspector_training_written ON inspector_training (cseq);

-- workforce (执法人员数): what a department declares of its staff, which the library
-- must have all of (R38), and the training it asks for (R123).
CREATE TABLE workforce (
  org           TEXT PRIMARY KEY,
  version       BIGINT NOT NULL,
  civil_servant BIGINT NOT NULL,
  qualified     BIGINT NOT NULL,
  daily         BIGINT NOT NULL,
  hours         BIGINT NOT NULL,
  exam          BOOLEAN NOT NULL,
  counted       TEXT NOT NULL,
  cseq          BIGINT NOT NULL,
  CONSTRAINT workforce_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT workforce_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT workforce_counts CHECK (civil_servant >= 0 AND qualified >= 0 AND daily >= 0 AND hours >= 0 AND counted <> '')
);
CREATE INDEX workforce_written ON workforce (cseq);
