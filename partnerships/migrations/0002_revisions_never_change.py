"""A revision's words never change: the table itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION partnerships_revision_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision never changes (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER revision_never_changes BEFORE UPDATE OR DELETE ON partnerships_revision
    FOR EACH ROW EXECUTE FUNCTION partnerships_revision_never_changes();
CREATE TRIGGER revisions_are_never_emptied BEFORE TRUNCATE ON partnerships_revision
    FOR EACH STATEMENT EXECUTE FUNCTION partnerships_revision_never_changes();
"""
BACKWARD = """
DROP TRIGGER revisions_are_never_emptied ON partnerships_revision;
DROP TRIGGER revision_never_changes ON partnerships_revision;
DROP FUNCTION partnerships_revision_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
