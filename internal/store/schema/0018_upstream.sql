-- Lists dispatched from above: R64, 海政办发〔2020〕2号 二(五)2.

-- +goose Up

-- upstream_key (上级派发公钥): whose lists are taken over. Two persons register it.
CREATE TABLE upstream_key (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  region       TEXT NOT NULL,
  sender       TEXT NOT NULL,
  suite        TEXT NOT NULL,
  public       TEXT NOT NULL,
  ground       TEXT NOT NULL,
  state        TEXT NOT NULL,
  added_by     TEXT NOT NULL,
  added_at     TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at TEXT NOT NULL,
  ended_by     TEXT NOT NULL,
  ended_at     TEXT NOT NULL,
  reason       TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT upstream_key_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  -- INV-09: not confirmed by who added it.
  CONSTRAINT upstream_key_two_persons CHECK (confirmed_by <> added_by AND (state <> 'active' OR confirmed_by <> ''))
);
CREATE UNIQUE INDEX upstream_key_once ON upstream_key (region, public);

-- upstream_package (上级派发名单): a package as it came, in base64. The digest is of
-- its bytes: the same list is never taken over twice.
CREATE TABLE upstream_package (
  id       TEXT PRIMARY KEY,
  version  BIGINT NOT NULL,
  region   TEXT NOT NULL,
  org      TEXT NOT NULL,
  key      TEXT NOT NULL,
  sender   TEXT NOT NULL,
  number   TEXT NOT NULL,
  title    TEXT NOT NULL,
  ground   TEXT NOT NULL,
  issued   TEXT NOT NULL,
  until    TEXT NOT NULL,
  count    BIGINT NOT NULL,
  objects  TEXT NOT NULL,
  content  TEXT NOT NULL,
  by_whom  TEXT NOT NULL,
  at       TEXT NOT NULL,
  cseq     BIGINT NOT NULL,
  CONSTRAINT upstream_package_once UNIQUE (region, sender, number),
  CONSTRAINT upstream_package_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT upstream_package_key FOREIGN KEY (key) REFERENCES upstream_key (id),
  CONSTRAINT upstream_package_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);

ALTER TABLE task ADD COLUMN package TEXT NOT NULL DEFAULT '';
