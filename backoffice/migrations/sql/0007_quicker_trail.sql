-- As 0002_trigger_functions.sql has them, but the changes of a row are told within the one statement, once, and only the
-- columns that moved are written out: a function of its own costs more to call than to run.

-- A row whose primary key moved is, to its readers, one row deleted and another created.
CREATE OR REPLACE FUNCTION backoffice_audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key_column text := backoffice_key_column(TG_RELID);
    ignored text[] := '{rev,created_at,modified_at}'::text[] || TG_ARGV[3]::text[];
    secret text[] := TG_ARGV[4]::text[];
BEGIN
    INSERT INTO backoffice_auditentry
           (at, actor_id, actor_name, channel, request_id, reason, kind, document_id, object_table, object_pk, line_no,
            action, changes)
    SELECT statement_timestamp(), nullif(backoffice_setting('actor_id'), '')::bigint, backoffice_setting('actor_name'),
           backoffice_setting('channel'), backoffice_setting('request_id'), backoffice_setting('reason'),
           TG_ARGV[0], c.row ->> TG_ARGV[1], TG_TABLE_NAME, c.key, (c.row ->> TG_ARGV[2])::int, c.action, c.changes
      FROM (SELECT coalesce(n.key, o.key) AS key,
                   coalesce(n.row, o.row) AS row,
                   CASE WHEN o.row IS NULL THEN 'created' WHEN n.row IS NULL THEN 'deleted' ELSE 'changed' END AS action,
                   CASE WHEN o.row IS NULL THEN '{}' ELSE (
                       SELECT coalesce(jsonb_object_agg(
                                  was.key,
                                  CASE WHEN was.key = ANY (secret) THEN '["***", "***"]'::jsonb
                                       ELSE jsonb_build_array(
                                                backoffice_audit_value(was.value),
                                                backoffice_audit_value(coalesce(n.row -> was.key, 'null'))) END), '{}')
                         FROM jsonb_each(o.row) was
                        WHERE was.value IS DISTINCT FROM coalesce(n.row -> was.key, 'null')
                          AND was.key <> ALL (ignored)) END AS changes
              FROM (SELECT row, row ->> key_column AS key FROM (SELECT to_jsonb(r) AS row FROM old_rows r OFFSET 0) r) o
              FULL JOIN
                   (SELECT row, row ->> key_column AS key FROM (SELECT to_jsonb(r) AS row FROM new_rows r OFFSET 0) r) n
                ON n.key = o.key
            OFFSET 0) c -- OFFSET 0: told once, not again for the condition
     WHERE c.action <> 'changed' OR c.changes <> '{}';
    RETURN NULL;
END
$$;

-- A row that did not change stands in both tables.
CREATE OR REPLACE FUNCTION backoffice_bump_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM backoffice_bump_parents(
        TG_ARGV[0],
        (SELECT array_agg(DISTINCT moved.row ->> TG_ARGV[1])
           FROM (SELECT to_jsonb(r) AS row FROM (TABLE old_rows EXCEPT ALL TABLE new_rows) r
                  UNION ALL
                 SELECT to_jsonb(r) FROM (TABLE new_rows EXCEPT ALL TABLE old_rows) r) moved));
    RETURN NULL;
END
$$;
