from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('solutions', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='bodymember',
            options={'ordering': ['since', 'id']},
        ),
        migrations.RemoveConstraint(
            model_name='authorizationrequest',
            name='a body is asked about a revision once',
        ),
        migrations.AddField(
            model_name='authorizationrequest',
            name='postponed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='authorizationrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('postponed_at', None), ('withdrawn_at', None)), fields=('body', 'revision'), name='a body is asked about a revision once'),
        ),
    ]
