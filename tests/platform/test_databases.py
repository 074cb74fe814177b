"""The suite's own databases: what the migrations wrote is there after a test that committed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_commits_leaves_a_fresh_database(turn: str) -> None:
    assert Permission.objects.exists()
    assert not connection.in_atomic_block

    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id int)")
        cursor.execute("DELETE FROM auth_group_permissions; DELETE FROM auth_permission")

    assert not Permission.objects.exists()
