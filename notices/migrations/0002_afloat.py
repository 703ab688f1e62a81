"""A table without a log: empty after the database server crashed, which is how the outbox knows that it did."""

from django.db import migrations

AFLOAT = """
CREATE UNLOGGED TABLE notices_afloat (afloat boolean PRIMARY KEY CHECK (afloat));
INSERT INTO notices_afloat VALUES (true);
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [migrations.RunSQL(AFLOAT, "DROP TABLE notices_afloat;")]
