"""What every document and master that people edit has: a revision and two instants."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Versioned(models.Model):
    """A row with a revision, kept by the trigger that `triggers.versioned(table)` attaches.

    The trigger counts `rev` up when anything else of the row changes, or when a child row did
    (`child_bumps`), and keeps both instants: no code writes these columns. An instance in memory is stale
    after its own save.
    """

    rev = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    modified_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
