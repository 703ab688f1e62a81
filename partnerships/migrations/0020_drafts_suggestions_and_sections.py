"""Drafts, suggestions, and who wrote and what carries each section, derived for what is written already."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models



TABLES = ("sectionauthor", "sectioncitation")
FORWARD = """
INSERT INTO partnerships_sectionauthor (author_id, section)
SELECT author.id, section
FROM partnerships_revision revision
JOIN partnerships_revisionauthor author ON author.revision_id = revision.id
LEFT JOIN partnerships_revision before ON before.id = revision.based_on_id
CROSS JOIN LATERAL jsonb_object_keys(revision.body || coalesce(before.body, '{}')) section
WHERE revision.body -> section IS DISTINCT FROM before.body -> section;
""" + "".join(
    f"""
CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON partnerships_{table}
    FOR EACH ROW EXECUTE FUNCTION partnerships_ground_never_changes();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON partnerships_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION partnerships_ground_never_changes();
"""
    for table in TABLES
)
BACKWARD = "".join(
    f"""
DROP TRIGGER {table}_is_never_emptied ON partnerships_{table};
DROP TRIGGER {table}_never_changes ON partnerships_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0019_needs_relief_and_thanks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cites', models.JSONField(blank=True, default=dict)),
                ('started_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DraftSection',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
                ('words', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DraftWriter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='SectionAuthor',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='SectionCitation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
                ('words', models.TextField(blank=True, max_length=50000, verbose_name='your words for this section')),
                ('quote', models.TextField(blank=True, max_length=2000, verbose_name='the passage you mean')),
                ('reason', models.TextField(max_length=5000, verbose_name='why')),
                ('state', models.CharField(choices=[('open', 'Waits for the authors'), ('taken_up', 'Taken up'), ('changed', 'Taken up, with changes'), ('not_taken', 'Not taken up'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, max_length=5000, verbose_name='your answer')),
                ('hidden_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_reason', models.TextField(blank=True, verbose_name='reason')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='revision',
            name='headings',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='text',
            name='headings',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='text',
            name='kind',
            field=models.CharField(choices=[('charter', 'Ground rules'), ('problem', 'Problem definition'), ('proposal', 'Proposal'), ('value', 'Value proposition'), ('note', 'Other text')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.CheckConstraint(condition=models.Q(('headings', {}), ('kind', 'note'), _connector='OR'), name='only other texts bring their own headings'),
        ),
        migrations.AddField(
            model_name='draft',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.revision'),
        ),
        migrations.AddField(
            model_name='draft',
            name='text',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='partnerships.text'),
        ),
        migrations.AddField(
            model_name='draftsection',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.member'),
        ),
        migrations.AddField(
            model_name='draftsection',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='partnerships.draft'),
        ),
        migrations.AddField(
            model_name='draftwriter',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='writers', to='partnerships.draft'),
        ),
        migrations.AddField(
            model_name='draftwriter',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.member'),
        ),
        migrations.AddField(
            model_name='sectionauthor',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='partnerships.revisionauthor'),
        ),
        migrations.AddField(
            model_name='sectioncitation',
            name='citation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='partnerships.citation'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.member'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='hidden_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='partnerships.member'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='partnerships.revision'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='taken_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions_taken', to='partnerships.revision'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='partnerships.text'),
        ),
        migrations.AddConstraint(
            model_name='draftsection',
            constraint=models.UniqueConstraint(fields=('draft', 'section'), name='a draft has a section once'),
        ),
        migrations.AddConstraint(
            model_name='draftwriter',
            constraint=models.UniqueConstraint(fields=('draft', 'section', 'member'), name='a member writes in a section of a draft once'),
        ),
        migrations.AddConstraint(
            model_name='draftwriter',
            constraint=models.CheckConstraint(condition=models.Q(('section', ''), _negated=True), name='a writer writes in a section'),
        ),
        migrations.AddConstraint(
            model_name='sectionauthor',
            constraint=models.UniqueConstraint(fields=('author', 'section'), name='an author of a section once'),
        ),
        migrations.AddConstraint(
            model_name='sectioncitation',
            constraint=models.UniqueConstraint(fields=('citation', 'section'), name='a section cites once'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['text', '-made_at', '-id'], name='suggestions_newest_first'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['text'], name='suggestions_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_taken'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='what is not taken up has an answer'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('quote', ''), ('words', ''), _negated=True), name='a suggestion has words or a passage it is about'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('hidden_at', None), models.Q(('hidden_reason', ''), _negated=True), _connector='OR'), name='a hidden suggestion has a reason'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
