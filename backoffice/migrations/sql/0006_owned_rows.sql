-- Rows that hang on rows of several tables by source_kind and source_id (backoffice.triggers.owned). Their changes stand
-- in the trail of the document that owns them, and count up its revision, as those of its lines do.

-- What the trail says of such a row: the columns that name it always, and whatever else moved. A new row tells its values
-- too: it is read beside the line that it hangs on, not opened. '{}' where nothing moved.
CREATE FUNCTION backoffice_owned_changes(old_row jsonb, new_row jsonb, naming text[], ignored text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN changes = '{}' THEN changes
                WHEN old_row IS NULL OR new_row IS NULL THEN changes || coalesce(names, '{}')
                ELSE coalesce(names, '{}') || changes END
      FROM (SELECT backoffice_audit_changes(old_row, new_row, ignored, '{}') AS changes) moved,
           (SELECT jsonb_object_agg(key, jsonb_build_array(backoffice_audit_value(value),
                                                           backoffice_audit_value(value))) AS names
              FROM jsonb_each(coalesce(new_row, old_row))
             WHERE key = ANY (naming) AND value NOT IN ('null', '""')) named
$$;

-- owners: a query of source_id, document_id and line_no (null where the row hangs on the document itself). befores,
-- afters: arrays of rows.
CREATE FUNCTION backoffice_note_owned(
    tab text, befores jsonb, afters jsonb, owners text, kind text, document_table text, naming text[], ignored text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    documents text[];
BEGIN
    EXECUTE format(
        'WITH owned AS (
             SELECT c.*, owner.document_id, owner.line_no
               FROM (SELECT coalesce(n.row, o.row) AS row,
                            CASE WHEN o.row IS NULL THEN ''created'' WHEN n.row IS NULL THEN ''deleted''
                                 ELSE ''changed'' END AS action,
                            backoffice_owned_changes(o.row, n.row, $4, $5) AS changes
                       FROM jsonb_array_elements($1) AS o (row)
                       FULL JOIN jsonb_array_elements($2) AS n (row) ON n.row -> %1$L = o.row -> %1$L) c
               JOIN (%2$s) owner ON owner.source_id = (c.row ->> ''source_id'')::bigint
              WHERE c.changes <> ''{}''
         ), noted AS (
             INSERT INTO backoffice_auditentry
                    (at, actor_id, actor_name, channel, request_id, reason, kind, document_id, object_table, object_pk,
                     line_no, action, changes)
             SELECT statement_timestamp(), nullif(backoffice_setting(''actor_id''), '''')::bigint,
                    backoffice_setting(''actor_name''), backoffice_setting(''channel''),
                    backoffice_setting(''request_id''), backoffice_setting(''reason''),
                    $3, owned.document_id::text, %3$L, owned.row ->> %1$L, owned.line_no, owned.action, owned.changes
               FROM owned ORDER BY owned.row -> %1$L
         )
         SELECT array_agg(DISTINCT document_id::text) FROM owned',
        backoffice_key_column(tab::regclass), owners, tab)
    INTO documents USING befores, afters, kind, naming, ignored;
    PERFORM backoffice_bump_parents(document_table, documents);
END
$$;

-- Arguments: source kind, owners, kind of document, its table, naming columns, ignored columns.
CREATE FUNCTION backoffice_follow_owned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    befores jsonb;
    afters jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT jsonb_agg(to_jsonb(o)) INTO befores FROM old_rows o WHERE o.source_kind = TG_ARGV[0];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT jsonb_agg(to_jsonb(n)) INTO afters FROM new_rows n WHERE n.source_kind = TG_ARGV[0];
    END IF;
    IF befores IS NOT NULL OR afters IS NOT NULL THEN
        PERFORM backoffice_note_owned(TG_TABLE_NAME::text, coalesce(befores, '[]'), coalesce(afters, '[]'), TG_ARGV[1],
                                      TG_ARGV[2], TG_ARGV[3], TG_ARGV[4]::text[], TG_ARGV[5]::text[]);
    END IF;
    RETURN NULL;
END
$$;
