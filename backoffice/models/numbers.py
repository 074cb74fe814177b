"""How documents are numbered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class NumberSeries(models.Model):
    """A prefix and a counter. Draw with `backoffice.numbers`, never by hand.

    A gapless series counts in `last_no` under the row's lock, so two postings wait for each other; any other
    draws from the PostgreSQL sequence `sequence_name`, which never waits and may leave gaps.
    """

    code = models.CharField(max_length=40, primary_key=True)
    description = models.CharField(max_length=100)
    prefix = models.CharField(max_length=10)
    digits = models.PositiveSmallIntegerField(default=6)
    gapless = models.BooleanField(default=False, editable=False)
    last_no = models.BigIntegerField(default=0, editable=False)
    sequence_name = models.CharField(max_length=63, blank=True, default="", editable=False)

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "number series"
        constraints = (
            models.CheckConstraint(
                # Set together: a sequence exactly when the series may have gaps.
                condition=Q(gapless=True, sequence_name="") | (Q(gapless=False, last_no=0) & ~Q(sequence_name="")),
                name="numberseries_counter_of_its_kind",
            ),
            models.CheckConstraint(condition=Q(digits__gte=1, digits__lte=12), name="numberseries_digits_in_range"),
            models.CheckConstraint(condition=Q(last_no__gte=0), name="numberseries_last_no_not_negative"),
            models.UniqueConstraint(fields=["prefix"], name="numberseries_prefix_unique"),
        )

    def __str__(self) -> str:
        return self.code
