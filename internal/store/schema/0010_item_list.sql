-- Items with all that lists say of them, the versions of what changes, upstream
-- lists, limits, checklists and the joint list: 海政办发〔2020〕2号 二(二).

-- +goose Up

ALTER TABLE item ADD COLUMN sub_item TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN frequency BIGINT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN objects TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN qualifications TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN materials TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN results TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN division TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN outside TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN key_ground TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN effective TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN by_whom TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN upstream TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN upstream_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN upstream_code TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN upstream_kept TEXT NOT NULL DEFAULT '';

-- history is every version of the things that change and stay readable: R23. The
-- value is the image that the entry of the version holds, letter by letter.
CREATE TABLE history (
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  version BIGINT NOT NULL,
  value   TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (kind, id, version),
  CONSTRAINT history_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX history_of_entry ON history (kind, cseq);

-- upstream_list (上级随机抽查事项清单): its newest version.
CREATE TABLE upstream_list (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  org     TEXT NOT NULL,
  level   TEXT NOT NULL,
  name    TEXT NOT NULL,
  issuer  TEXT NOT NULL,
  number  TEXT NOT NULL,
  day     TEXT NOT NULL,
  source  TEXT NOT NULL,
  items   TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT upstream_list_name UNIQUE (org, name),
  CONSTRAINT upstream_list_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT upstream_list_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT upstream_list_whole CHECK (level IN ('national', 'provincial', 'prefecture') AND issuer <> '' AND day <> '')
);

-- item_limit (重点事项上限): R25, R26. Without a department it is for all.
CREATE TABLE item_limit (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  region    TEXT NOT NULL,
  org       TEXT,
  keys      BIGINT NOT NULL,
  max_share BIGINT NOT NULL,
  ground    TEXT NOT NULL,
  by_whom   TEXT NOT NULL,
  at        TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT item_limit_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT item_limit_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT item_limit_whole CHECK (keys > 0 AND max_share BETWEEN 1 AND 10000 AND ground <> '')
);

-- checklist (检查表单) of an item: its newest version.
CREATE TABLE checklist (
  id        TEXT PRIMARY KEY,
  version   BIGINT NOT NULL,
  questions TEXT NOT NULL,
  reason    TEXT NOT NULL,
  effective TEXT NOT NULL,
  by_whom   TEXT NOT NULL,
  at        TEXT NOT NULL,
  cseq      BIGINT NOT NULL,
  CONSTRAINT checklist_of FOREIGN KEY (id) REFERENCES item (id),
  CONSTRAINT checklist_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT checklist_reason CHECK (reason <> '')
);

-- joint_list (联合随机抽查事项清单): one row per edition.
CREATE TABLE joint_list (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  org          TEXT NOT NULL,
  region       TEXT NOT NULL,
  edition      BIGINT NOT NULL,
  amends       TEXT,
  reason       TEXT NOT NULL,
  state        TEXT NOT NULL,
  terms        BIGINT NOT NULL,
  lines        TEXT NOT NULL,
  consents     TEXT NOT NULL,
  drafted_by   TEXT NOT NULL,
  drafted_at   TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at TEXT NOT NULL,
  places       TEXT NOT NULL,
  replaced_at  TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT joint_list_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT joint_list_amends FOREIGN KEY (amends) REFERENCES joint_list (id),
  CONSTRAINT joint_list_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT joint_list_editions CHECK ((edition = 0) = (amends IS NULL) AND (edition = 0) = (reason = '')),
  -- Whoever drafted the list, through any post, does not publish it.
  CONSTRAINT joint_list_two_persons CHECK (published_by <> drafted_by),
  CONSTRAINT joint_list_published CHECK ((published_by = '') = (published_at = '') AND (published_by = '') = (places = '') AND (state IN ('published', 'replaced')) = (published_by <> '')),
  CONSTRAINT joint_list_replaced CHECK ((state = 'replaced') = (replaced_at <> ''))
);
-- One edition is in force, one in work.
CREATE UNIQUE INDEX joint_list_in_work ON joint_list (region) WHERE state = 'draft';
CREATE UNIQUE INDEX joint_list_in_force ON joint_list (region) WHERE state = 'published';
