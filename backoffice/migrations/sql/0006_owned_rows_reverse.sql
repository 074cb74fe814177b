DROP FUNCTION backoffice_follow_owned();
DROP FUNCTION backoffice_note_owned(text, jsonb, jsonb, text, text, text, text[], text[]);
DROP FUNCTION backoffice_owned_changes(jsonb, jsonb, text[], text[]);
