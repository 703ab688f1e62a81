"""A promise that is a step's carries the step's number, so that lists of promises can be filtered by it."""

from django.db import migrations


def number(apps, _editor):
    """Give each promise of a step the number of that step."""
    commitments = apps.get_model("partnerships", "Commitment").objects
    rows = apps.get_model("solutions", "Ownership").objects.values_list("commitment", "step__number")
    for commitment, step in rows.iterator():
        commitments.filter(pk=commitment).update(step_number=step)


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0019_needs_relief_and_thanks"),
        ("solutions", "0004_handovers"),
    ]

    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
