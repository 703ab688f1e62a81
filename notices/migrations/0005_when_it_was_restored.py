from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0004_digests'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispatcher',
            name='restored_at',
            field=models.DateTimeField(null=True),
        ),
    ]
