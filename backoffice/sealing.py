"""Seals of the audit trail: a chain of digests in which no entry can be changed, added or taken away unnoticed.

A chain that every write prolongs would make all writes wait for each other. So a seal is put on what has gathered
since the last one: by the worker every hour, and by `manage.py seal_audit`. `check_integrity` (I32) reads the chain.
"""

from __future__ import annotations

from django.db import connection, transaction

from backoffice.models import AuditEntry, AuditSeal

#: The digest over the entries from first to last and the seal before, with how many entries there are.
DIGEST_OF_RANGE = """
    SELECT COUNT(*) AS entries, MIN(e.id) AS first_entry, MAX(e.id) AS last_entry, encode(sha256(convert_to({previous}
        || COALESCE(string_agg(concat_ws('|', e.id, extract(epoch FROM e.at), e.actor_id, e.actor_name, e.channel,
           e.request_id, e.reason, e.kind, e.document_id, e.object_table, e.object_pk, e.line_no, e.action,
           e.changes::text), chr(10) ORDER BY e.id), ''), 'UTF8')), 'hex') AS digest
    FROM backoffice_auditentry e WHERE e.id BETWEEN {first} AND {last}
"""
#: So many entries go under one seal at most; what is left waits for the next.
MOST = 50_000


def seal() -> AuditSeal | None:
    """Seal what has gathered since the last seal; return the seal, None where nothing has.

    Locks the trail against writers for the blink that it takes to see that none is at work: after that, every entry
    up to the highest number is there for good, or never will be. Raises what a lock that cannot be had raises.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {AuditSeal._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(f"LOCK TABLE {AuditEntry._meta.db_table} IN SHARE MODE")
        before = AuditSeal.objects.order_by("-pk").first()
        after = 0 if before is None else before.last_entry
        waiting = list(AuditEntry.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:MOST])
        if not waiting:
            return None
        return _put(previous="" if before is None else before.digest, first=waiting[0], last=waiting[-1])


def _put(*, previous: str, first: int, last: int) -> AuditSeal:
    with connection.cursor() as cursor:
        cursor.execute(DIGEST_OF_RANGE.format(previous="%s", first="%s", last="%s"), [previous, first, last])
        entries, _, _, digest = cursor.fetchone()
    return AuditSeal.objects.create(
        previous=previous, first_entry=first, last_entry=last, entries=entries, digest=digest
    )
