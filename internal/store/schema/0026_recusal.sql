-- Applications for recusal (回避申请) that come by the public form, and their receipt
-- numbers: 行政处罚法 四十三.

-- +goose Up

-- Concerned is the account of the inspector who goes, in a list that is public. Lookup
-- is the digest of the receipt number, digest that of the words that came by the public
-- form, which stand beside the record.
ALTER TABLE subst ADD COLUMN concerned TEXT NOT NULL DEFAULT '';
ALTER TABLE subst ADD COLUMN lookup TEXT NOT NULL DEFAULT '';
ALTER TABLE subst ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE subst ADD COLUMN erased_by TEXT NOT NULL DEFAULT '';
ALTER TABLE subst ADD COLUMN erased_at TEXT NOT NULL DEFAULT '';
-- INV-09: nobody decides on whether they are replaced themselves.
ALTER TABLE subst ADD CONSTRAINT subst_concerned CHECK (concerned = '' OR decided_by <> concerned);
ALTER TABLE subst ADD CONSTRAINT subst_recusal CHECK ((lookup = '' OR kind = 'recusal') AND (digest = '' OR lookup <> ''));
ALTER TABLE subst ADD CONSTRAINT subst_erased CHECK ((erased_by = '') = (erased_at = '') AND (erased_at = '' OR digest <> '' AND state <> 'asked'));
CREATE UNIQUE INDEX subst_lookup ON subst (lookup) WHERE lookup <> '';
CREATE INDEX subst_recusals ON subst (region, asked_at, id) WHERE kind = 'recusal';

-- What the enterprise asks for does not wait until the department's own question is
-- answered; of each sort, one waits at a time or one for each inspector.
DROP INDEX subst_open;
CREATE UNIQUE INDEX subst_open ON subst (team) WHERE state = 'asked' AND digest = '';
