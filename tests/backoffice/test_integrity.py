"""The machinery of the invariants: found, run from one snapshot, reported."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from backoffice import integrity
from backoffice.integrity import invariant, violations
from backoffice.models import User
from tests.backoffice.conftest import person


@pytest.fixture
def house_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two invariants of this test alone."""
    monkeypatch.setattr(integrity, "_invariants", {})
    monkeypatch.setattr(integrity, "autodiscover_modules", lambda _: None)

    @invariant("T02", "nobody is called nemo")
    def nemo() -> str:
        return "SELECT id, username FROM backoffice_user WHERE username LIKE 'nemo%'"

    @invariant("T01", "one is one")
    def one() -> str:
        return "SELECT 1 WHERE 1 <> 1"


def test_nothing_is_reported_where_all_holds(house_rules: None, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert violations() == []

    call_command("check_integrity")

    assert capsys.readouterr().out == "T01 one is one: holds\nT02 nobody is called nemo: holds\n"


@pytest.mark.breaks_integrity
def test_every_row_that_breaks_it_is_reported(house_rules: None, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = person("nemo1"), person("nemo2")

    found = violations()
    assert [str(one) for one in found] == [
        f'T02 nobody is called nemo {{"id": {user.pk}, "username": "{user.username}"}}' for user in (first, second)
    ]
    assert violations(["T01"]) == []

    with pytest.raises(SystemExit) as stop:
        call_command("check_integrity", "--id", "T02")
    assert stop.value.code == 1
    assert capsys.readouterr().out.splitlines()[0] == "T02 nobody is called nemo: broken by 2 rows"


def test_an_unknown_invariant_is_said_to_be_so(house_rules: None, db: None) -> None:
    with pytest.raises(CommandError, match="no invariant X99"):
        call_command("check_integrity", "--id", "X99")


def test_an_id_is_used_once(house_rules: None) -> None:
    with pytest.raises(AssertionError, match="T01"):

        @invariant("T01", "another")
        def another() -> str:
            return "SELECT 1 WHERE false"


@pytest.mark.breaks_integrity
def test_it_looks_from_a_snapshot_and_cannot_write(
    house_rules: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolation = integrity.Invariant(
        id="T03",
        sentence="level",
        sql=lambda: (
            "SELECT current_setting('transaction_isolation') AS level, "
            "current_setting('transaction_read_only') AS read_only"
        ),
    )
    monkeypatch.setitem(integrity._invariants, "T03", isolation)

    [seen] = violations(["T03"])

    assert seen.row == '{"level": "repeatable read", "read_only": "on"}'
    assert not User.objects.exists()
