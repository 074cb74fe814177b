"""The chain of seals over the audit trail."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from backoffice import sealing
from backoffice.integrity import violations
from backoffice.models import AuditEntry, AuditSeal, NumberSeries

pytestmark = pytest.mark.django_db


def _happen(times: int) -> None:
    for length in range(times):
        NumberSeries.objects.filter(code="sales_order").update(prefix=f"S{length}-")


def _broken() -> set[str]:
    return {violation.id for violation in violations()}


def test_what_has_gathered_is_sealed_once() -> None:
    _happen(3)
    first = sealing.seal()
    assert first is not None
    assert first.entries == AuditEntry.objects.count()
    assert sealing.seal() is None
    _happen(2)
    second = sealing.seal()
    assert second is not None
    assert (second.entries, second.previous) == (2, first.digest)
    assert violations() == []


def test_no_more_than_a_portion_goes_under_one_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST", 2)
    _happen(5)
    call_command("seal_audit", stdout=StringIO())
    assert AuditSeal.objects.count() == (AuditEntry.objects.count() + 1) // 2


@pytest.mark.breaks_integrity
@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE backoffice_auditentry SET actor_name = 'nobody' WHERE id = (SELECT MIN(id) FROM backoffice_auditentry)",
        "DELETE FROM backoffice_auditentry WHERE id = (SELECT MAX(id) FROM backoffice_auditentry)",
        "UPDATE backoffice_auditseal SET digest = md5('') WHERE id = (SELECT MIN(id) FROM backoffice_auditseal)",
        "DELETE FROM backoffice_auditseal WHERE id = (SELECT MIN(id) FROM backoffice_auditseal)",
    ],
)
def test_who_writes_past_the_guards_is_found_out(fault: str) -> None:
    for _ in range(2):
        _happen(2)
        sealing.seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(fault)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = DEFAULT")
    assert "I32" in _broken()


def test_a_seal_is_never_changed() -> None:
    _happen(1)
    sealing.seal()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditSeal.objects.update(entries=7)
