-- Licences brought by files: R27, 海政办发〔2020〕2号 二(三).

-- +goose Up

-- Where a licence comes from: a whole file of a source ends those that it lacks.
ALTER TABLE object_licence ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE object_licence ADD COLUMN sourced TEXT NOT NULL DEFAULT '';

-- Files may name an object by the number of its former register.
CREATE INDEX object_of_reg_no ON object (region, reg_no) WHERE reg_no <> '';

-- The libraries that take files are one more. A check cannot be changed, so the
-- table is made again.
CREATE TABLE import_before AS SELECT
  id, version, noun, number, org, region, source, sourced, whole, file, sha256, size, sheet, mapping, state,
  read_rows, new_rows, changed_rows, same_rows, gone_rows, faulty_rows, warned_rows, staged, done_rows, skipped_rows, note,
  uploaded_by, uploaded_at, confirmed_by, confirmed_at, seconded_by, seconded_at, reversed_by, reversed_at, cseq
FROM import;
DROP TABLE import;

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
  CONSTRAINT import_noun CHECK (noun IN ('object', 'inspector', 'item', 'licence')),
  CONSTRAINT import_state CHECK (state IN ('uploaded', 'checked', 'refused', 'seconding', 'applying', 'applied', 'reversing', 'reversed', 'cancelled')),
  CONSTRAINT import_checked CHECK (state IN ('uploaded', 'refused', 'cancelled') OR staged <> ''),
  CONSTRAINT import_confirmed CHECK ((confirmed_by = '') = (confirmed_at = '') AND (state NOT IN ('seconding', 'applying', 'applied', 'reversing', 'reversed') OR confirmed_by <> '')),
  -- Trust row 72: when more than one row in twenty vanishes, a second person agrees.
  CONSTRAINT import_second CHECK ((seconded_by = '') = (seconded_at = '') AND (seconded_by = '' OR seconded_by <> confirmed_by)),
  CONSTRAINT import_reversed CHECK ((reversed_by = '') = (reversed_at = '') AND (state NOT IN ('reversing', 'reversed') OR reversed_by <> ''))
);
CREATE INDEX import_of ON import (region, org, number);

INSERT INTO import (
  id, version, noun, number, org, region, source, sourced, whole, file, sha256, size, sheet, mapping, state,
  read_rows, new_rows, changed_rows, same_rows, gone_rows, faulty_rows, warned_rows, staged, done_rows, skipped_rows, note,
  uploaded_by, uploaded_at, confirmed_by, confirmed_at, seconded_by, seconded_at, reversed_by, reversed_at, cseq
) SELECT
  id, version, noun, number, org, region, source, sourced, whole, file, sha256, size, sheet, mapping, state,
  read_rows, new_rows, changed_rows, same_rows, gone_rows, faulty_rows, warned_rows, staged, done_rows, skipped_rows, note,
  uploaded_by, uploaded_at, confirmed_by, confirmed_at, seconded_by, seconded_at, reversed_by, reversed_at, cseq
FROM import_before;
DROP TABLE import_before;
