"""What holds of the ground floor's own tables, at every commit."""

from __future__ import annotations

from backoffice.integrity import invariant
from backoffice.sealing import DIGEST_OF_RANGE


@invariant("I32", "What was sealed of the audit trail reads as it did, and the chain of seals is unbroken.")
def audit_trail_is_as_it_was_sealed() -> str:
    return f"""
        SELECT s.id, s.first_entry, s.last_entry, s.entries
        FROM (
            SELECT *, LAG(digest, 1, '') OVER (ORDER BY id) AS digest_before,
                   LAG(last_entry) OVER (ORDER BY id) AS ended
            FROM backoffice_auditseal
        ) s
        CROSS JOIN LATERAL (
            {DIGEST_OF_RANGE.format(previous="s.previous", first="s.first_entry", last="s.last_entry")}
        ) found
        WHERE s.previous <> s.digest_before OR s.digest <> found.digest OR s.entries <> found.entries
            OR s.ended >= s.first_entry
    """
