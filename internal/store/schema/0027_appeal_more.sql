-- Appeals about a published result that nobody has taken up yet: any number. It is not
-- known whose they are, and a stranger's must not stand in the way of the enterprise's
-- own: C19.

-- +goose Up

DROP INDEX appeal_open;
CREATE UNIQUE INDEX appeal_taken ON appeal (result, kind) WHERE state IN ('accepted', 'upheld');
