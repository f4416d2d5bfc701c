-- Results of visits, their approval, publication and correction: R90–R94, R101, R102,
-- 海政办发〔2020〕2号 二(五)5, 二(六).

-- +goose Up

-- result (检查结果): what one department found at one visit. Found is what the visit
-- gave, which is corrected by signature only; entry is what the department enters.
CREATE TABLE result (
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  region       TEXT NOT NULL,
  visit        TEXT NOT NULL,
  batch        TEXT NOT NULL,
  team         TEXT NOT NULL,
  org          TEXT NOT NULL,
  orgs         TEXT NOT NULL,
  object       BIGINT NOT NULL,
  code         TEXT NOT NULL,
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  done         TEXT NOT NULL,
  ended        TEXT NOT NULL,
  found        TEXT NOT NULL,
  inspected    TEXT NOT NULL,
  entered      TEXT NOT NULL,
  entered_by   TEXT NOT NULL,
  state        TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  approved_by  TEXT NOT NULL,
  approved_at  TEXT NOT NULL,
  opinion      TEXT NOT NULL,
  digest       TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at TEXT NOT NULL,
  edition      BIGINT NOT NULL,
  cseq         BIGINT NOT NULL,
  CONSTRAINT result_once UNIQUE (visit, org),
  CONSTRAINT result_team FOREIGN KEY (team) REFERENCES team (id),
  CONSTRAINT result_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT result_object FOREIGN KEY (object) REFERENCES object (no),
  CONSTRAINT result_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT result_state CHECK (state IN ('drafted', 'submitted', 'approved', 'published', 'withdrawn')),
  CONSTRAINT result_whole CHECK (name <> '' AND done <> '' AND ended <> '' AND found <> '' AND ' ' || orgs || ' ' LIKE '% ' || org || ' %'),
  CONSTRAINT result_submitted CHECK ((submitted_by <> '') = (state <> 'drafted') AND (submitted_by = '') = (submitted_at = '') AND (submitted_by = '' OR entered_by <> '')),
  CONSTRAINT result_approved CHECK ((approved_by <> '') = (state IN ('approved', 'published', 'withdrawn')) AND (approved_by = '') = (approved_at = '')
    AND (approved_by = '') = (digest = '') AND (approved_by = '' OR opinion <> '')),
  -- INV-09: nobody approves what he entered, handed in or inspected. Ids are of one length.
  CONSTRAINT result_two_persons CHECK (approved_by = '' OR approved_by <> entered_by AND approved_by <> submitted_by AND replace(inspected, approved_by, '') = inspected),
  CONSTRAINT result_published CHECK ((published_by <> '') = (state IN ('published', 'withdrawn')) AND (published_by = '') = (published_at = '')
    AND (published_by = '') = (edition = 0) AND edition >= 0)
);
CREATE INDEX result_of ON result (org, state, ended);
CREATE INDEX result_in ON result (region, ended, id);
CREATE INDEX result_batch ON result (batch);
CREATE INDEX result_at ON result (object);

-- approval (审批): a leader's decision that exactly the text of this digest is
-- published: INV-12. Of a correction the leader is the principal.
CREATE TABLE approval (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  result  TEXT NOT NULL,
  no      BIGINT NOT NULL,
  decided BIGINT NOT NULL,
  org     TEXT NOT NULL,
  post    TEXT NOT NULL,
  digest  TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  opinion TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT approval_is UNIQUE (id, result, no, digest),
  CONSTRAINT approval_result FOREIGN KEY (result) REFERENCES result (id),
  CONSTRAINT approval_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT approval_whole CHECK (no > 0 AND length(digest) = 64 AND by_whom <> '' AND at <> '' AND opinion <> '' AND post IN ('leader', 'principal')
    AND (no = 1 OR post = 'principal'))
);

-- correction (更正): mends a published result, or takes it off its page: R102.
CREATE TABLE correction (
  id         TEXT PRIMARY KEY,
  version    BIGINT NOT NULL,
  region     TEXT NOT NULL,
  result     TEXT NOT NULL,
  org        TEXT NOT NULL,
  base       BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  ground     TEXT NOT NULL,
  items      TEXT NOT NULL,
  state      TEXT NOT NULL,
  drafted_by TEXT NOT NULL,
  drafted_at TEXT NOT NULL,
  signed_by  TEXT NOT NULL,
  signed_at  TEXT NOT NULL,
  opinion    TEXT NOT NULL,
  cseq       BIGINT NOT NULL,
  CONSTRAINT correction_result FOREIGN KEY (result) REFERENCES result (id),
  CONSTRAINT correction_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT correction_state CHECK (state IN ('drafted', 'signed', 'dropped')),
  CONSTRAINT correction_whole CHECK (base > 0 AND kind IN ('correct', 'withdraw') AND ground <> '' AND drafted_by <> '' AND drafted_at <> ''),
  CONSTRAINT correction_decided CHECK ((state = 'drafted') = (signed_by = '') AND (signed_by = '') = (signed_at = '') AND (signed_by = '') = (opinion = '')),
  -- INV-09: nobody signs what he drafted.
  CONSTRAINT correction_two_persons CHECK (state <> 'signed' OR signed_by <> drafted_by)
);
CREATE UNIQUE INDEX correction_open ON correction (result) WHERE state = 'drafted';
CREATE INDEX correction_of ON correction (result);

-- publication (公示): one edition of a published result, for good: R101, INV-12, INV-13.
-- Name, code, done and tasks are what its text says, to be searched for.
CREATE TABLE publication (
  id         TEXT PRIMARY KEY,
  version    BIGINT NOT NULL,
  region     TEXT NOT NULL,
  result     TEXT NOT NULL,
  no         BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  org        TEXT NOT NULL,
  name       TEXT NOT NULL,
  code       TEXT NOT NULL,
  done       TEXT NOT NULL,
  tasks      TEXT NOT NULL,
  text       TEXT NOT NULL,
  digest     TEXT NOT NULL,
  approval   TEXT NOT NULL,
  correction TEXT,
  ground     TEXT NOT NULL,
  by_whom    TEXT NOT NULL,
  signed_by  TEXT NOT NULL,
  day        TEXT NOT NULL,
  at         TEXT NOT NULL,
  cseq       BIGINT NOT NULL,
  CONSTRAINT publication_no UNIQUE (result, no),
  CONSTRAINT publication_approved FOREIGN KEY (approval, result, no, digest) REFERENCES approval (id, result, no, digest),
  CONSTRAINT publication_correction FOREIGN KEY (correction) REFERENCES correction (id),
  CONSTRAINT publication_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT publication_whole CHECK (text <> '' AND by_whom <> '' AND day <> '' AND at <> ''),
  -- R102, INV-13: every edition but the first is signed, and says why.
  CONSTRAINT publication_signed CHECK ((no > 1) = (signed_by <> '') AND (no > 1) = (ground <> '') AND (no > 1) = (correction IS NOT NULL) AND signed_by <> by_whom
    AND kind IN ('publish', 'correct', 'withdraw') AND (no > 1) = (kind <> 'publish'))
);
CREATE INDEX publication_in ON publication (region, day, id);
CREATE INDEX publication_day ON publication (day, id);
CREATE INDEX publication_org ON publication (org, day, id);
CREATE INDEX publication_code ON publication (code, day, id);
CREATE INDEX publication_name ON publication (name);
