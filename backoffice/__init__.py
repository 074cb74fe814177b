"""The ground floor: people and rights, number series, audit trail, idempotency, REST and page plumbing."""
