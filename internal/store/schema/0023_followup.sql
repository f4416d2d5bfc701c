-- Follow-ups of published results: R97–R99, R113, 海政办发〔2020〕2号 二(六), 二(七).

-- +goose Up

-- followup (后续处理): what a department does after a publication, until it is closed.
-- From_day is the day on which the present clock began; whether it is late is computed.
CREATE TABLE followup (
  id          TEXT PRIMARY KEY,
  version     BIGINT NOT NULL,
  region      TEXT NOT NULL,
  result      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  org         TEXT NOT NULL,
  receiver    TEXT,
  object      BIGINT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  state       TEXT NOT NULL,
  due         TEXT NOT NULL,
  opened_at   TEXT NOT NULL,
  since       TEXT NOT NULL,
  from_day    TEXT NOT NULL,
  case_no     TEXT NOT NULL,
  reported_by TEXT NOT NULL,
  grouped     TEXT NOT NULL,
  decided_by  TEXT NOT NULL,
  body        TEXT NOT NULL,
  cseq        BIGINT NOT NULL,
  CONSTRAINT followup_once UNIQUE (result, kind),
  CONSTRAINT followup_result FOREIGN KEY (result) REFERENCES result (id),
  CONSTRAINT followup_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT followup_receiver FOREIGN KEY (receiver) REFERENCES org (id),
  CONSTRAINT followup_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT followup_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT followup_state CHECK (state IN ('open', 'mended', 'sent', 'accepted', 'returned', 'answered', 'reported', 'approved', 'handed', 'received',
    'unfiled', 'objected', 'filed', 'refused', 'closed')),
  CONSTRAINT followup_kind CHECK (kind IN ('daily', 'rectify', 'case', 'notify', 'crime', 'other')),
  CONSTRAINT followup_whole CHECK (name <> '' AND opened_at <> '' AND since <> '' AND from_day <> '' AND body <> ''),
  CONSTRAINT followup_reported CHECK (kind <> 'crime' OR (state = 'open') = (reported_by = '')),
  -- R98: no suspected crime goes on, or ends, without the principal leader's decision.
  CONSTRAINT followup_decided CHECK (kind <> 'crime' OR (state IN ('open', 'reported')) = (decided_by = '')),
  -- INV-09: nobody decides on what he reported or investigated. Ids are of one length.
  CONSTRAINT followup_two_persons CHECK (decided_by = '' OR decided_by <> reported_by AND replace(grouped, decided_by, '') = grouped)
);
CREATE INDEX followup_of ON followup (org, opened_at, id);
CREATE INDEX followup_for ON followup (receiver, opened_at, id);
CREATE INDEX followup_in ON followup (region, opened_at, id);
