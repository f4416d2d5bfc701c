-- Tokens by which programs use the API for a person in one of their posts. Like
-- sign-in, none of this is the official record, and only Sessions (token.go)
-- touches the table. The token itself is never kept, only its SHA-256.

-- +goose Up

-- api_token is one token. Rows stay after their end, so that the list of a
-- person shows what there was.
CREATE TABLE api_token (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,
  person     TEXT NOT NULL,
  post       TEXT NOT NULL,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  ends_at    TEXT NOT NULL,
  used_at    TEXT NOT NULL,
  revoked_at TEXT NOT NULL,
  CONSTRAINT api_token_hash UNIQUE (hash),
  CONSTRAINT api_token_of FOREIGN KEY (person) REFERENCES account (person),
  CONSTRAINT api_token_post FOREIGN KEY (post) REFERENCES post (id),
  CONSTRAINT api_token_hashed CHECK (length(hash) = 64),
  CONSTRAINT api_token_whole CHECK (name <> '' AND scopes <> '' AND made_at <> '' AND ends_at > made_at)
);
CREATE INDEX api_token_person ON api_token (person, made_at);
