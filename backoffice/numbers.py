"""Drawing document numbers.

Open documents draw from PostgreSQL sequences: nobody waits, a rolled-back document leaves a gap. Posted
documents draw without gaps under the series' row lock, which is held to the end of the transaction: draw them
last (lock level 9).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

#: A number given by hand further ahead than this moves the sequence at one stroke instead of step by step.
_STEP_LIMIT = 1000

_DRAW = """
SELECT s.prefix || lpad(d.n::text, greatest(s.digits, length(d.n::text)), '0')
  FROM backoffice_numberseries s
  CROSS JOIN LATERAL (
        SELECT nextval(s.sequence_name::regclass) AS n FROM generate_series(1, %s)
       ) d
 WHERE s.code = %s AND NOT s.gapless
 ORDER BY d.n
"""

_DRAW_GAPLESS = """
UPDATE backoffice_numberseries SET last_no = last_no + 1
 WHERE code = %s AND gapless
RETURNING prefix || lpad(last_no::text, greatest(digits, length(last_no::text)), '0')
"""

# The rows are locked before they are updated: an UPDATE alone locks them in whatever order it finds them.
_DRAW_GAPLESS_EACH = """
WITH wanted AS (
    SELECT * FROM unnest(%s::text[], %s::int[]) AS wanted (code, count)
), locked AS MATERIALIZED (
    SELECT code FROM backoffice_numberseries
     WHERE code IN (SELECT code FROM wanted) AND gapless
     ORDER BY code FOR NO KEY UPDATE
), drawn AS (
    UPDATE backoffice_numberseries s SET last_no = s.last_no + wanted.count
      FROM wanted WHERE s.code = wanted.code AND s.code IN (SELECT code FROM locked)
    RETURNING s.code, s.prefix, s.digits, s.last_no, wanted.count
)
SELECT code, prefix || lpad(n::text, greatest(digits, length(n::text)), '0')
  FROM drawn, generate_series(last_no - count + 1, last_no) AS n
 ORDER BY code, n
"""

# nextval() only ever goes up, so stepping cannot set a rival's sequence back; setval() could, by as many
# numbers as are drawn between reading and setting, which is why it is left to jumps far beyond that.
_NOTE_GIVEN = """
WITH given AS MATERIALIZED (
    SELECT s.sequence_name::regclass AS sequence,
           CASE WHEN starts_with(g.no, s.prefix)
                 AND substr(g.no, length(s.prefix) + 1) ~ ('^[0-9]{' || s.digits || ',17}$')
                THEN substr(g.no, length(s.prefix) + 1)::bigint
           END AS n
      FROM backoffice_numberseries s, (SELECT %s::text AS no) g
     WHERE s.code = %s AND NOT s.gapless
), ahead AS MATERIALIZED (
    SELECT sequence, n, coalesce(pg_sequence_last_value(sequence), 0) AS last FROM given WHERE n IS NOT NULL
)
SELECT CASE WHEN n - last > %s THEN setval(sequence, n)
            ELSE (SELECT max(step.no)
                    FROM (SELECT nextval(a.sequence) AS no FROM generate_series(a.last + 1, a.n)) step) END
  FROM ahead a WHERE n > last
"""


def draw(series_code: str, count: int = 1) -> list[str]:
    """Return the next numbers of an open-document series, ascending. Exactly one statement; no lock is kept.

    Raises LookupError for a series that does not exist or is gapless: that is a mistake in the code.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [count, series_code])
        numbers = [no for (no,) in cursor.fetchall()]
    if len(numbers) != count:
        raise LookupError(f"no number series {series_code!r} for open documents")
    return numbers


def draw_gapless(series_code: str) -> str:
    """Return the next number of a gapless series. Locks its row until the transaction ends: draw last.

    Raises LookupError for a series that does not exist or has gaps.
    """
    assert connection.in_atomic_block, "draw_gapless() needs an open transaction"
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_GAPLESS, [series_code])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"no gapless number series {series_code!r}")
    return str(row[0])


def draw_gapless_each(counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the next numbers of several gapless series, by series, in one statement; otherwise as `draw_gapless`.

    The rows are locked by code, so that two transactions that need the same series never wait for each other.
    """
    assert connection.in_atomic_block, "draw_gapless_each() needs an open transaction"
    wanted = {code: count for code, count in counts.items() if count}
    drawn: dict[str, list[str]] = {code: [] for code in counts}
    if not wanted:
        return drawn
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_GAPLESS_EACH, [list(wanted), list(wanted.values())])
        for code, no in cursor.fetchall():
            drawn[code].append(no)
    for code, count in wanted.items():
        if len(drawn[code]) != count:
            raise LookupError(f"no gapless number series {code!r}")
    return drawn


def note_given(series_code: str, no: str) -> None:
    """Move the series past a number that a person chose, so that it is never drawn again. One statement.

    A number of another pattern, or behind the sequence, moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_GIVEN, [no, series_code, _STEP_LIMIT])
