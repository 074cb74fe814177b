-- Functions that the triggers of backoffice/triggers.py call. None of them names a table of the application but the
-- audit trail, so any table can be attached. Arguments come from the trigger (TG_ARGV), rows from the transition
-- tables old_rows and new_rows.

-- The single primary key column of a table.
CREATE FUNCTION backoffice_key_column(tab regclass) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT a.attname::text
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indrelid = tab AND i.indisprimary
$$;

-- One value as the trail keeps it: numbers without trailing zeros, everything else as PostgreSQL writes it.
CREATE FUNCTION backoffice_audit_value(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(value)
           WHEN 'null' THEN value
           WHEN 'number' THEN to_jsonb(trim_scale((value #>> '{}')::numeric)::text)
           ELSE to_jsonb(value #>> '{}') END
$$;

-- {column: [old, new]} of two states of a row; NULL for a state that is not there. Empty when nothing of interest moved.
CREATE FUNCTION backoffice_audit_changes(old_row jsonb, new_row jsonb, ignored text[], secret text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(
               key,
               CASE WHEN key = ANY (secret) THEN '["***", "***"]'::jsonb
                    ELSE jsonb_build_array(backoffice_audit_value(coalesce(old_row -> key, 'null')),
                                           backoffice_audit_value(coalesce(new_row -> key, 'null'))) END), '{}')
      FROM jsonb_object_keys(coalesce(old_row, new_row)) AS keys(key)
     WHERE key <> ALL (ignored)
       AND coalesce(old_row -> key, 'null') IS DISTINCT FROM coalesce(new_row -> key, 'null')
$$;

-- The text of a session setting, '' where it was never set.
CREATE FUNCTION backoffice_setting(setting text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('kitwright.' || setting, true), '')
$$;

CREATE FUNCTION backoffice_audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key_column text := backoffice_key_column(TG_RELID);
BEGIN
    INSERT INTO backoffice_auditentry
           (at, actor_id, actor_name, channel, request_id, reason, kind, document_id, object_table, object_pk, line_no,
            action, changes)
    SELECT statement_timestamp(), nullif(backoffice_setting('actor_id'), '')::bigint, backoffice_setting('actor_name'),
           backoffice_setting('channel'), backoffice_setting('request_id'), backoffice_setting('reason'),
           TG_ARGV[0], r.row ->> TG_ARGV[1], TG_TABLE_NAME, r.row ->> key_column, (r.row ->> TG_ARGV[2])::int,
           'created', '{}'
      FROM (SELECT to_jsonb(n) AS row FROM new_rows n) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION backoffice_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key_column text := backoffice_key_column(TG_RELID);
    ignored text[] := '{rev,created_at,modified_at}'::text[] || TG_ARGV[3]::text[];
BEGIN
    INSERT INTO backoffice_auditentry
           (at, actor_id, actor_name, channel, request_id, reason, kind, document_id, object_table, object_pk, line_no,
            action, changes)
    SELECT statement_timestamp(), nullif(backoffice_setting('actor_id'), '')::bigint, backoffice_setting('actor_name'),
           backoffice_setting('channel'), backoffice_setting('request_id'), backoffice_setting('reason'),
           TG_ARGV[0], r.row ->> TG_ARGV[1], TG_TABLE_NAME, r.row ->> key_column, (r.row ->> TG_ARGV[2])::int,
           'deleted', backoffice_audit_changes(r.row, NULL, ignored, TG_ARGV[4]::text[])
      FROM (SELECT to_jsonb(o) AS row FROM old_rows o) r;
    RETURN NULL;
END
$$;

-- A row whose primary key moved is, to its readers, one row deleted and another created.
CREATE FUNCTION backoffice_audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key_column text := backoffice_key_column(TG_RELID);
    ignored text[] := '{rev,created_at,modified_at}'::text[] || TG_ARGV[3]::text[];
BEGIN
    INSERT INTO backoffice_auditentry
           (at, actor_id, actor_name, channel, request_id, reason, kind, document_id, object_table, object_pk, line_no,
            action, changes)
    SELECT statement_timestamp(), nullif(backoffice_setting('actor_id'), '')::bigint, backoffice_setting('actor_name'),
           backoffice_setting('channel'), backoffice_setting('request_id'), backoffice_setting('reason'),
           TG_ARGV[0], c.row ->> TG_ARGV[1], TG_TABLE_NAME, c.row ->> key_column, (c.row ->> TG_ARGV[2])::int,
           c.action, c.changes
      FROM (SELECT coalesce(n.row, o.row) AS row,
                   CASE WHEN o.row IS NULL THEN 'created' WHEN n.row IS NULL THEN 'deleted' ELSE 'changed' END AS action,
                   CASE WHEN o.row IS NULL THEN '{}'
                        ELSE backoffice_audit_changes(o.row, n.row, ignored, TG_ARGV[4]::text[]) END AS changes
              FROM (SELECT to_jsonb(r) AS row FROM old_rows r) o
              FULL JOIN (SELECT to_jsonb(r) AS row FROM new_rows r) n
                ON n.row ->> key_column = o.row ->> key_column) c
     WHERE c.action <> 'changed' OR c.changes <> '{}';
    RETURN NULL;
END
$$;

-- Arguments: the table's generated columns, which a BEFORE trigger sees empty. A rev that is exactly one ahead is a
-- bump by a child row; any other rev comes from a stale instance and is put right.
CREATE FUNCTION backoffice_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text[] := '{rev,created_at,modified_at}'::text[] || TG_ARGV;
    bumped boolean := NEW.rev = OLD.rev + 1;
BEGIN
    NEW.rev := OLD.rev;
    NEW.created_at := OLD.created_at;
    NEW.modified_at := OLD.modified_at;
    IF bumped OR (NEW IS DISTINCT FROM OLD AND to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept) THEN
        NEW.rev := OLD.rev + 1;
        NEW.modified_at := statement_timestamp();
    END IF;
    RETURN NEW;
END
$$;

-- Arguments of the three: parent table, foreign key column.
CREATE FUNCTION backoffice_bump_parents(parent_table text, ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key_column text := backoffice_key_column(parent_table::regclass);
BEGIN
    IF cardinality(ids) IS DISTINCT FROM 0 AND ids IS NOT NULL THEN
        EXECUTE format(
            'UPDATE %1$I p SET rev = p.rev + 1 FROM (
                 SELECT %2$I FROM %1$I WHERE %2$I = ANY ($1::%3$s[]) ORDER BY %2$I FOR NO KEY UPDATE) locked
              WHERE p.%2$I = locked.%2$I',
            parent_table, key_column,
            (SELECT format_type(atttypid, NULL) FROM pg_attribute
              WHERE attrelid = parent_table::regclass AND attname = key_column)) USING ids;
    END IF;
END
$$;

CREATE FUNCTION backoffice_bump_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM backoffice_bump_parents(
        TG_ARGV[0], (SELECT array_agg(DISTINCT to_jsonb(n) ->> TG_ARGV[1]) FROM new_rows n));
    RETURN NULL;
END
$$;

CREATE FUNCTION backoffice_bump_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM backoffice_bump_parents(
        TG_ARGV[0], (SELECT array_agg(DISTINCT to_jsonb(o) ->> TG_ARGV[1]) FROM old_rows o));
    RETURN NULL;
END
$$;

CREATE FUNCTION backoffice_bump_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM backoffice_bump_parents(
        TG_ARGV[0],
        (SELECT array_agg(DISTINCT moved.parent)
           FROM (SELECT key, parent
                   FROM (SELECT to_jsonb(n) AS key, to_jsonb(n) ->> TG_ARGV[1] AS parent FROM new_rows n
                          UNION ALL
                         SELECT to_jsonb(o), to_jsonb(o) ->> TG_ARGV[1] FROM old_rows o) both_states
                  -- A row that did not change stands there twice, a changed one in two versions.
                  GROUP BY key, parent HAVING count(*) = 1) moved));
    RETURN NULL;
END
$$;

-- Arguments: the columns that may change, the table's generated columns among them.
CREATE FUNCTION backoffice_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - coalesce(TG_ARGV, '{}') IS DISTINCT FROM to_jsonb(OLD) - coalesce(TG_ARGV, '{}') THEN
        RAISE EXCEPTION '% is append-only: a row cannot be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION backoffice_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a row cannot be deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
