-- As 0002_trigger_functions.sql has them.
CREATE OR REPLACE FUNCTION backoffice_audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION backoffice_bump_update() RETURNS trigger LANGUAGE plpgsql AS $$
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
