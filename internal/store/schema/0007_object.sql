-- The library of inspection objects (检查对象名录库): docs/decisions/0013.

-- +goose Up

-- object (检查对象). Rows are never removed; what they were is in past.
CREATE TABLE object (
  no            BIGINT PRIMARY KEY,
  version       BIGINT NOT NULL,
  region        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  code          TEXT NOT NULL,
  reg_no        TEXT NOT NULL,
  name          TEXT NOT NULL,
  status        TEXT NOT NULL,
  legal_rep     TEXT NOT NULL,
  phone         TEXT NOT NULL,
  liaison       TEXT NOT NULL,
  liaison_phone TEXT NOT NULL,
  address       TEXT NOT NULL,
  town          TEXT NOT NULL,
  scope         TEXT NOT NULL,
  industry      TEXT NOT NULL,
  established   TEXT NOT NULL,
  authority     TEXT NOT NULL,
  station       TEXT NOT NULL,
  owner         TEXT NOT NULL,
  risk          TEXT NOT NULL,
  risk_source   TEXT NOT NULL,
  risk_on       TEXT NOT NULL,
  source        TEXT NOT NULL,
  sourced       TEXT NOT NULL,
  into_no       BIGINT,
  initials      TEXT NOT NULL,
  cseq          BIGINT NOT NULL,
  CONSTRAINT object_code UNIQUE (region, code),
  CONSTRAINT object_owner FOREIGN KEY (owner) REFERENCES org (id),
  CONSTRAINT object_into FOREIGN KEY (into_no) REFERENCES object (no),
  CONSTRAINT object_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT object_kind CHECK (kind IN ('enterprise', 'individual_business', 'cooperative', 'institution', 'site', 'equipment', 'person')),
  CONSTRAINT object_status CHECK (status IN ('active', 'cancelled', 'revoked', 'annulled', 'moved_out', 'vanished', 'withdrawn', 'merged')),
  CONSTRAINT object_merged CHECK ((status = 'merged') = (into_no IS NOT NULL) AND (into_no IS NULL OR into_no <> no)),
  CONSTRAINT object_risk CHECK (risk IN ('', 'A', 'B', 'C', 'D') AND (risk = '') = (risk_on = '')),
  CONSTRAINT object_whole CHECK (code <> '' AND name <> '' AND source <> '' AND sourced <> '')
);
CREATE INDEX object_of_entry ON object (cseq);

-- past is a row of a library as it was before its next version. next is the
-- entry that replaced it, cseq the one that wrote it.
CREATE TABLE past (
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  version BIGINT NOT NULL,
  row     TEXT NOT NULL,
  next    BIGINT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (kind, key, version),
  CONSTRAINT past_next FOREIGN KEY (next) REFERENCES entry (n),
  CONSTRAINT past_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT past_order CHECK (cseq < next)
);
CREATE INDEX past_of_entry ON past (kind, cseq);
CREATE INDEX past_of_next ON past (kind, next);

-- object_flag is a mark on an object, with its source and its days: R53.
CREATE TABLE object_flag (
  no      BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  since   TEXT NOT NULL,
  version BIGINT NOT NULL,
  until   TEXT NOT NULL,
  source  TEXT NOT NULL,
  note    TEXT NOT NULL,
  org     TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (no, kind, since),
  CONSTRAINT object_flag_of FOREIGN KEY (no) REFERENCES object (no),
  CONSTRAINT object_flag_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT object_flag_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT object_flag_kind CHECK (kind IN ('complaints', 'abnormal', 'serious', 'watch', 'white')),
  CONSTRAINT object_flag_days CHECK (since <> '' AND (until = '' OR until >= since) AND source <> ''),
  -- A white list is not for ever: it has a day of exit.
  CONSTRAINT object_flag_white CHECK (kind <> 'white' OR (until <> '' AND note <> ''))
);

CREATE INDEX object_flag_of_entry ON object_flag (cseq);

-- object_licence is a licence (许可证) of an object.
CREATE TABLE object_licence (
  no        BIGINT NOT NULL,
  name      TEXT NOT NULL,
  number    TEXT NOT NULL,
  version   BIGINT NOT NULL,
  issued    TEXT NOT NULL,
  valid_to  TEXT NOT NULL,
  authority TEXT NOT NULL,
  org       TEXT NOT NULL,
  ended     BOOLEAN NOT NULL,
  cseq      BIGINT NOT NULL,
  PRIMARY KEY (no, name, number),
  CONSTRAINT object_licence_of FOREIGN KEY (no) REFERENCES object (no),
  CONSTRAINT object_licence_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT object_licence_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT object_licence_whole CHECK (name <> '' AND number <> '')
);

CREATE INDEX object_licence_of_entry ON object_licence (cseq);

-- The rule that proposes members of a sub-library, as JSON: R34.
ALTER TABLE sublibrary ADD COLUMN rule TEXT NOT NULL DEFAULT '';

-- member (分库成员): an object in a sub-library. What a rule proposes is a candidate
-- until the department confirms it: R31, R34, R35.
CREATE TABLE member (
  sublib  TEXT NOT NULL,
  no      BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state   TEXT NOT NULL,
  ground  TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  PRIMARY KEY (sublib, no),
  CONSTRAINT member_sublib FOREIGN KEY (sublib) REFERENCES sublibrary (id),
  CONSTRAINT member_object FOREIGN KEY (no) REFERENCES object (no),
  CONSTRAINT member_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT member_state CHECK (state IN ('candidate', 'confirmed', 'removed')),
  CONSTRAINT member_ground CHECK (ground <> '')
);
CREATE INDEX member_of ON member (no);
CREATE INDEX member_of_entry ON member (cseq);

-- import (导入批次): one file that becomes part of a library. Its chunks are acts.
CREATE TABLE import (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  noun         TEXT NOT NULL,
  number       BIGINT NOT NULL,
  org          TEXT NOT NULL,
  region       TEXT NOT NULL,
  source       TEXT NOT NULL,
  sourced      TEXT NOT NULL,
  whole        BOOLEAN NOT NULL,
  file         TEXT NOT NULL,
  sha256       TEXT NOT NULL,
  size         BIGINT NOT NULL,
  sheet        TEXT NOT NULL,
  mapping      TEXT NOT NULL,
  state        TEXT NOT NULL,
  read_rows    BIGINT NOT NULL,
  new_rows     BIGINT NOT NULL,
  changed_rows BIGINT NOT NULL,
  same_rows    BIGINT NOT NULL,
  gone_rows    BIGINT NOT NULL,
  faulty_rows  BIGINT NOT NULL,
  warned_rows  BIGINT NOT NULL,
  staged       TEXT NOT NULL,
  done_rows    BIGINT NOT NULL,
  skipped_rows BIGINT NOT NULL,
  note         TEXT NOT NULL,
  uploaded_by  TEXT NOT NULL,
  uploaded_at  TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at TEXT NOT NULL,
  seconded_by  TEXT NOT NULL,
  seconded_at  TEXT NOT NULL,
  reversed_by  TEXT NOT NULL,
  reversed_at  TEXT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT import_number UNIQUE (region, number),
  CONSTRAINT import_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT import_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT import_noun CHECK (noun IN ('object', 'inspector', 'item')),
  CONSTRAINT import_state CHECK (state IN ('uploaded', 'checked', 'refused', 'seconding', 'applying', 'applied', 'reversing', 'reversed', 'cancelled')),
  CONSTRAINT import_checked CHECK (state IN ('uploaded', 'refused', 'cancelled') OR staged <> ''),
  CONSTRAINT import_confirmed CHECK ((confirmed_by = '') = (confirmed_at = '') AND (state NOT IN ('seconding', 'applying', 'applied', 'reversing', 'reversed') OR confirmed_by <> '')),
  -- Trust row 72: when more than one row in twenty vanishes, a second person agrees.
  CONSTRAINT import_second CHECK ((seconded_by = '') = (seconded_at = '') AND (seconded_by = '' OR seconded_by <> confirmed_by)),
  CONSTRAINT import_reversed CHECK ((reversed_by = '') = (reversed_at = '') AND (state NOT IN ('reversing', 'reversed') OR reversed_by <> ''))
);
CREATE INDEX import_of ON import (region, org, number);
