"""Answering a repeated POST instead of repeating it.

The claim of a key is a row in the request's own transaction. A twin that comes meanwhile waits at the unique
constraint: when the first has committed it replays the stored answer, when the first was refused the claim is
gone with it and the twin is judged anew. A lost answer is therefore safe to ask for again with the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.refusals import IdempotencyKeyReused
from backoffice.exceptions import Busy, Invalid
from backoffice.models import IdempotencyRecord

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
_KEPT_HEADERS = ("ETag", "Location")

_CLAIM = """
INSERT INTO backoffice_idempotencyrecord (user_id, key, request_hash, created_at, headers, body)
VALUES (%s, %s, %s, statement_timestamp(), '{}', '')
ON CONFLICT ON CONSTRAINT idempotencyrecord_key_once_per_user DO NOTHING
RETURNING id
"""


def key_in(request: Request) -> str | None:
    """Return the request's key, None where it carries none. Raises Invalid for one that is no key."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= IdempotencyRecord.KEY_MAX_LENGTH or not (key.isascii() and key.isprintable()):
        raise Invalid(field=KEY_HEADER, detail="1 to 255 printable ASCII characters are wanted.")
    return key


def answer_once(request: Request, key: str, work: Callable[[], Response]) -> Response:
    """Do the work and keep its answer under the key, or replay the kept one. Needs the request's transaction.

    Raises IdempotencyKeyReused (the key answered another request); what the work raises, and then nothing is
    kept. Statements beside the work's own: two, or two for a replay.
    """
    fingerprint = fingerprint_of(request)
    assert request.user.pk is not None, "the edge lets nobody in who is not signed in"
    claim_id = _claim(request.user.pk, key, fingerprint)
    if claim_id is None:
        record = _kept(request.user.pk, key)
        if timezone.now() - record.created_at < KEPT_FOR:
            return _replay(record, fingerprint)
        claim_id = _take_over(record, fingerprint)
    response = work()
    IdempotencyRecord.objects.filter(pk=claim_id).update(
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body="" if response.data is None else JSONRenderer().render(response.data).decode(),
    )
    return response


def fingerprint_of(request: Request) -> str:
    """Return a digest of what is asked: method, address and the body's content (not its spelling)."""
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"), default=str)
    asked = f"{request.method}\n{request.get_full_path()}\n{body}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _claim(user_id: int, key: str, fingerprint: str) -> int | None:
    """Return the id of the new claim, None where the key is taken. Waits for a twin that is at work."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [user_id, key, fingerprint])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _kept(user_id: int, key: str) -> IdempotencyRecord:
    record = IdempotencyRecord.objects.filter(user_id=user_id, key=key).first()
    if record is None:
        # Purged between the claim and this look: the client may just ask again.
        raise Busy
    return record


def _replay(record: IdempotencyRecord, fingerprint: str) -> Response:
    if record.request_hash != fingerprint:
        raise IdempotencyKeyReused(field=KEY_HEADER)
    data: Any = json.loads(record.body) if record.body else None
    return Response(data, status=record.status, headers={**record.headers, REPLAYED_HEADER: "true"})


def _take_over(record: IdempotencyRecord, fingerprint: str) -> int:
    """Claim a key whose answer has run out. Of two at once the second is told to ask again."""
    taken = IdempotencyRecord.objects.filter(pk=record.pk, created_at=record.created_at).update(
        request_hash=fingerprint, created_at=timezone.now(), status=None, headers={}, body=""
    )
    if not taken:
        raise Busy
    return record.pk


def purge(*, older_than: timedelta = KEPT_FOR) -> int:
    """Delete the answers that are no longer kept; return how many."""
    deleted, _ = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - older_than).delete()
    return deleted
