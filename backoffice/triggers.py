"""What the database keeps by itself: the audit trail, revisions, append-only tables.

Each function returns a reversible migration operation for one table. Triggers see every writer: services,
bulk writes, the admin, a shell. The functions they call are created by backoffice's own migrations, so a
migration that attaches triggers depends on `triggers.DEPENDENCY`.

Tables are named as in the database ("sales_salesline"). Where a table has generated columns, attach its
triggers after the columns are there: the operation notes them, because a BEFORE trigger sees them empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

#: What a migration that attaches triggers depends on.
DEPENDENCY = ("backoffice", "0002_trigger_functions")
#: The same where it attaches those of `owned`.
OWNED_DEPENDENCY = ("backoffice", "0006_owned_rows")


def audited(
    table: str,
    *,
    kind: str,
    document_column: str,
    line_no_column: str | None = None,
    ignore: Sequence[str] = (),
    secret: Sequence[str] = (),
) -> RunSQL:
    """Write one audit row per changed row of the table, per statement, in the same transaction.

    kind, document_column: the document under whose history the row belongs; a line names its header's id.
    line_no_column: the column that holds the line number, where there is one.
    ignore: columns whose change alone is no event. secret: columns whose values are not written down, only
    that they changed. Revision and instants are always ignored.
    """
    arguments = [kind, document_column, line_no_column or "", _array(ignore), _array(secret)]
    return _attach(
        table,
        [
            _statement_trigger(table, "audit", event, f"backoffice_audit_{event}", arguments)
            for event in ("insert", "update", "delete")
        ],
    )


def versioned(table: str) -> RunSQL:
    """Keep rev, created_at and modified_at of a `Versioned` table: rev counts every other change."""
    return _attach(table, [_row_trigger(table, "version", "UPDATE", "backoffice_count_revision", [])])


def child_bumps(table: str, parent_table: str, fk_column: str) -> RunSQL:
    """Count up the parent's rev, once per statement, when child rows are inserted, deleted or really changed.

    The parents are locked by ascending primary key; a caller that follows the lock order holds them already.
    """
    return _attach(
        table,
        [
            _statement_trigger(table, "bump", event, f"backoffice_bump_{event}", [parent_table, fk_column])
            for event in ("insert", "update", "delete")
        ],
    )


def owned(
    table: str,
    purpose: str,
    *,
    source_kind: str,
    owners: str,
    kind: str,
    document_table: str,
    naming: Sequence[str],
    ignore: Sequence[str] = (),
) -> RunSQL:
    """Write the changes of rows that hang on others by `source_kind` and `source_id` into their document's trail.

    And count up its rev, once per statement. One operation for each kind of row that they may hang on, `source_kind`.
    purpose: a name for it. owners: a query of `source_id`, `document_id` and `line_no` (null: the document itself).
    kind, document_table: whose history, whose rev. naming: columns that tell the rows apart; they stand in each entry.
    The documents are locked by ascending primary key, as in `child_bumps`. Delete such rows before what they hang on.
    """
    arguments = [
        source_kind,
        owners,
        kind,
        document_table,
        _array(naming),
        _array(["source_kind", "source_id", *ignore]),
    ]
    return _attach(
        table,
        [
            _statement_trigger(table, purpose, event, "backoffice_follow_owned", arguments)
            for event in ("insert", "update", "delete")
        ],
    )


def append_only(table: str, may_change: Sequence[str] = ()) -> RunSQL:
    """Refuse every DELETE, and every UPDATE that changes another column than those named.

    TRUNCATE stays possible to the table's owner, whom no web process should be.
    """
    return _attach(
        table,
        [
            _row_trigger(table, "append_only_update", "UPDATE", "backoffice_refuse_update", list(may_change)),
            _row_trigger(table, "append_only_delete", "DELETE", "backoffice_refuse_delete", []),
        ],
    )


def _attach(table: str, triggers: list[tuple[str, str]]) -> RunSQL:
    return RunSQL(
        sql=[sql for _, sql in triggers],
        reverse_sql=[f'DROP TRIGGER "{name}" ON "{table}"' for name, _ in triggers],
    )


def _statement_trigger(table: str, purpose: str, event: str, function: str, arguments: list[str]) -> tuple[str, str]:
    """Return name and SQL of a statement-level trigger that sees the rows as old_rows and new_rows."""
    name = f"{table}_{purpose}_{event}"
    transition = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }[event]
    quoted = ", ".join(_literal(argument) for argument in arguments)
    return name, (
        f'CREATE TRIGGER "{name}" AFTER {event.upper()} ON "{table}" REFERENCING {transition} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}({quoted})"
    )


def _row_trigger(table: str, purpose: str, event: str, function: str, arguments: list[str]) -> tuple[str, str]:
    """Return name and SQL of a BEFORE row trigger; the table's generated columns join its arguments."""
    name = f"{table}_{purpose}"
    quoted = "".join(f" || ', ' || quote_literal({_literal(argument)})" for argument in arguments)
    return (
        name,
        f"""
DO $attach$
DECLARE
    arguments text := '';
BEGIN
    SELECT coalesce(string_agg(quote_literal(attname), ', '), '') INTO arguments
      FROM pg_attribute
     WHERE attrelid = {_literal(table)}::regclass AND attgenerated <> '' AND NOT attisdropped;
    arguments := trim(leading ', ' from arguments{quoted});
    EXECUTE format('CREATE TRIGGER %I BEFORE {event} ON %I FOR EACH ROW EXECUTE FUNCTION {function}(%s)',
                   {_literal(name)}, {_literal(table)}, arguments);
END
$attach$""",
    )


def _literal(text: str) -> str:
    assert not {"'", "\\"}.intersection(text), "names of tables and columns only"
    return f"'{text}'"


def _array(names: Sequence[str]) -> str:
    return "{" + ",".join(names) + "}"
