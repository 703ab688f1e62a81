"""What the receiver of a result has answered already is no overdue promise."""

from django.db import migrations


def note_answers(apps, schema_editor):
    Authorization = apps.get_model("solutions", "Authorization")
    Mandate = apps.get_model("partnerships", "Mandate")
    answers = Authorization.objects.exclude(outcome="postponed").order_by("decided_on")
    for partnership, body, day in answers.values_list("request__partnership", "request__body", "decided_on"):
        owed = Mandate.objects.filter(partnership=partnership, promise_answered_on=None)
        for recipient in (body, None):
            owed.filter(recipient=recipient).update(promise_answered_on=day)


class Migration(migrations.Migration):
    dependencies = [
        ("solutions", "0002_postponed_requests_may_return"),
        ("partnerships", "0016_reminders_and_phone_calls"),
    ]

    operations = [migrations.RunPython(note_answers, migrations.RunPython.noop)]
