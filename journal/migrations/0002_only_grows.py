"""The table itself refuses to forget: whoever holds the application's password cannot rewrite the record."""

from django.db import migrations

GUARD = """
CREATE FUNCTION journal_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Journal entries are never changed or removed (% refused).', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER journal_entry_only_grows_row BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_only_grows();
CREATE TRIGGER journal_entry_only_grows_all BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_only_grows();
"""
UNGUARD = """
DROP TRIGGER journal_entry_only_grows_row ON journal_entry;
DROP TRIGGER journal_entry_only_grows_all ON journal_entry;
DROP FUNCTION journal_entry_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
