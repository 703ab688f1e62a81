"""What a revision rests on is in its digest, and who wrote it is part of the record: neither ever changes."""

from django.db import migrations

TABLES = ("citation", "revisionauthor")
FORWARD = """
CREATE FUNCTION partnerships_ground_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ground of a revision never changes (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON partnerships_{table}
    FOR EACH ROW EXECUTE FUNCTION partnerships_ground_never_changes();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON partnerships_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION partnerships_ground_never_changes();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(
        f"""
DROP TRIGGER {table}_is_never_emptied ON partnerships_{table};
DROP TRIGGER {table}_never_changes ON partnerships_{table};
"""
        for table in TABLES
    )
    + "DROP FUNCTION partnerships_ground_never_changes();"
)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_when_a_meeting_changed")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
