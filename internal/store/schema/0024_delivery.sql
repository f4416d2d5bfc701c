-- Published results on their way to other systems: R94, 海政办发〔2020〕2号 二(五)5.

-- +goose Up

-- target (报送渠道): another system that published results are shared with.
CREATE TABLE target (
  id       TEXT PRIMARY KEY,
  version  BIGINT NOT NULL,
  region   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  name     TEXT NOT NULL,
  slug     TEXT,
  url      TEXT NOT NULL,
  inside   BOOLEAN NOT NULL,
  from_day TEXT NOT NULL,
  days     BIGINT NOT NULL,
  state    TEXT NOT NULL,
  by_whom  TEXT NOT NULL,
  at       TEXT NOT NULL,
  ended_by TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  reason   TEXT NOT NULL,
  cseq     BIGINT NOT NULL,
  CONSTRAINT target_slug UNIQUE (slug),
  CONSTRAINT target_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT target_state CHECK (state IN ('active', 'ended')),
  CONSTRAINT target_kind CHECK (kind IN ('gsxt_file', 'feed', 'webhook') AND (kind = 'feed') = (slug IS NOT NULL) AND (kind = 'webhook') = (url <> '')
    AND (kind = 'feed') = (days = 0) AND days >= 0),
  CONSTRAINT target_whole CHECK (name <> '' AND by_whom <> '' AND at <> ''),
  CONSTRAINT target_ended CHECK ((state = 'ended') = (ended_by <> '') AND (ended_by = '') = (ended_at = '') AND (ended_by = '') = (reason = ''))
);
CREATE INDEX target_in ON target (region, state);

-- delivery (报送): one edition on its way to one target. No counts those of the target
-- without a gap; package is the number of the file that it was handed over in. Whether
-- it is late is computed.
CREATE TABLE delivery (
  id          TEXT PRIMARY KEY,
  version     BIGINT NOT NULL,
  region      TEXT NOT NULL,
  target      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  no          BIGINT NOT NULL,
  publication TEXT NOT NULL,
  result      TEXT NOT NULL,
  edition     BIGINT NOT NULL,
  org         TEXT NOT NULL,
  digest      TEXT NOT NULL,
  state       TEXT NOT NULL,
  package     BIGINT NOT NULL,
  tries       BIGINT NOT NULL,
  next_try    TEXT NOT NULL,
  opened_at   TEXT NOT NULL,
  since       TEXT NOT NULL,
  receipt     TEXT NOT NULL,
  reason      TEXT NOT NULL,
  body        TEXT NOT NULL,
  cseq        BIGINT NOT NULL,
  CONSTRAINT delivery_once UNIQUE (target, publication),
  CONSTRAINT delivery_no UNIQUE (target, no),
  CONSTRAINT delivery_target FOREIGN KEY (target) REFERENCES target (id),
  CONSTRAINT delivery_publication FOREIGN KEY (publication) REFERENCES publication (id),
  CONSTRAINT delivery_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT delivery_state CHECK (state IN ('waiting', 'sent', 'received', 'failed', 'replaced', 'abandoned', 'offered')),
  CONSTRAINT delivery_whole CHECK (no > 0 AND tries >= 0 AND opened_at <> '' AND since <> '' AND body <> ''),
  -- INV-20: what is done has its receipt, what is not says why.
  CONSTRAINT delivery_received CHECK ((state = 'received') = (receipt <> '')),
  CONSTRAINT delivery_reason CHECK ((state IN ('failed', 'replaced', 'abandoned')) = (reason <> '')),
  CONSTRAINT delivery_packed CHECK (state <> 'sent' OR package > 0),
  CONSTRAINT delivery_next CHECK (next_try = '' OR state = 'failed')
);
CREATE INDEX delivery_at ON delivery (target, state, no);
CREATE INDEX delivery_file ON delivery (target, package, no);
CREATE INDEX delivery_of ON delivery (result, target);
CREATE INDEX delivery_org ON delivery (org, opened_at, id);
CREATE INDEX delivery_in ON delivery (region, opened_at, id);

-- delivery_package (报送文件): which deliveries a file that was handed over held, for good.
CREATE TABLE delivery_package (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  target  TEXT NOT NULL,
  no      BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  body    TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT delivery_package_no UNIQUE (target, no),
  CONSTRAINT delivery_package_target FOREIGN KEY (target) REFERENCES target (id),
  CONSTRAINT delivery_package_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT delivery_package_whole CHECK (no > 0 AND by_whom <> '' AND at <> '' AND body <> '')
);

-- delivery_check (对账): what one night's comparison of publications and deliveries found.
CREATE TABLE delivery_check (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  day     TEXT NOT NULL,
  at      TEXT NOT NULL,
  body    TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT delivery_check_day UNIQUE (region, day),
  CONSTRAINT delivery_check_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT delivery_check_whole CHECK (day <> '' AND at <> '' AND body <> '')
);
