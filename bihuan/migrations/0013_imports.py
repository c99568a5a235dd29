"""Ledgers from elsewhere: their files, columns and checks, and their rows with what each would be (decision 0023)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table ledger_import enable row level security",
    "alter table ledger_import force row level security",
    "create policy ledger_import_owner on ledger_import for all to bihuan_owner using (true) with check (true)",
    "create policy ledger_import_select on ledger_import for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy ledger_import_insert on ledger_import for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke delete, truncate on ledger_import from bihuan_app",
    "alter table ledger_import add constraint ledger_import_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "create policy ledger_import_update on ledger_import for update to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "alter table ledger_import_row enable row level security",
    "alter table ledger_import_row force row level security",
    "create policy ledger_import_row_owner on ledger_import_row for all to bihuan_owner using (true) with check (true)",
    "create policy ledger_import_row_select on ledger_import_row for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (ledger_import_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy ledger_import_row_insert on ledger_import_row for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (ledger_import_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke update, delete, truncate on ledger_import_row from bihuan_app",
    "alter table ledger_import_row add constraint ledger_import_row_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
]


class Migration(migrations.Migration):

    dependencies = [
        ('bihuan', '0012_forms'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerImport',
            fields=[
                ('unit_lo', models.IntegerField()),
                ('stage', models.SmallIntegerField(default=0)),
                ('side', models.CharField(default='both', max_length=8)),
                ('secrecy', models.SmallIntegerField(default=0)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('sent_at', models.DateTimeField()),
                ('sheet', models.CharField(blank=True, max_length=31)),
                ('head_row', models.IntegerField(default=0)),
                ('sender', models.CharField(blank=True, max_length=120)),
                ('head_key', models.CharField(blank=True, max_length=64)),
                ('columns', models.JSONField(default=dict)),
                ('begun_at', models.DateTimeField(null=True)),
                ('n_begun', models.IntegerField(default=0)),
                ('n_checked', models.IntegerField(default=0)),
                ('checked_at', models.DateTimeField(null=True)),
                ('fault', models.CharField(blank=True, max_length=40)),
                ('said', models.TextField(blank=True)),
                ('report', models.JSONField(default=dict)),
                ('applied_at', models.DateTimeField(null=True)),
                ('put_away_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.account')),
                ('inspection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.inspection')),
                ('only', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.organization')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.post')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.round')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.organization')),
            ],
            options={
                'db_table': 'ledger_import',
            },
        ),
        migrations.CreateModel(
            name='LedgerImportRow',
            fields=[
                ('unit_lo', models.IntegerField()),
                ('stage', models.SmallIntegerField(default=0)),
                ('side', models.CharField(default='both', max_length=8)),
                ('secrecy', models.SmallIntegerField(default=0)),
                ('category', models.CharField(blank=True, max_length=16)),
                ('taxonomy_version', models.CharField(blank=True, max_length=60)),
                ('severity', models.CharField(default='ordinary', max_length=16)),
                ('commonality', models.CharField(default='individual', max_length=16)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('fix_now', models.BooleanField(default=False)),
                ('listed', models.BooleanField(default=False)),
                ('key', models.BooleanField(default=False)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('check_number', models.IntegerField()),
                ('position', models.IntegerField()),
                ('sheet', models.CharField(max_length=31)),
                ('row', models.IntegerField()),
                ('source', models.TextField()),
                ('text_from', models.IntegerField()),
                ('text_length', models.IntegerField()),
                ('place', models.IntegerField(default=0)),
                ('above', models.IntegerField(default=0)),
                ('helping_units', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('outcome', models.CharField(max_length=16)),
                ('seen', models.IntegerField(null=True)),
                ('progress', models.TextField(blank=True)),
                ('done_on', models.DateField(null=True)),
                ('said', models.JSONField(default=list)),
                ('finding', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.finding')),
                ('inspection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.inspection')),
                ('lead_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.organization')),
                ('ledger_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='bihuan.ledgerimport')),
                ('target', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.inspection')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bihuan.organization')),
            ],
            options={
                'db_table': 'ledger_import_row',
            },
        ),
        migrations.AddIndex(
            model_name='ledgerimport',
            index=models.Index(condition=models.Q(('put_away_at', None)), fields=['post'], name='ledger_import_in_sight'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimport',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', (0, 1))), name='ledger_import_stage'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimport',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ('both', 'office', 'unit'))), name='ledger_import_side'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimport',
            constraint=models.CheckConstraint(condition=models.Q(('secrecy__range', (0, 2))), name='ledger_import_secrecy'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimport',
            constraint=models.CheckConstraint(condition=models.Q(('applied_at', None), models.Q(('checked_at__isnull', False), ('fault', '')), _connector='OR'), name='ledger_import_checked_first'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', (0, 1))), name='ledger_import_row_stage'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ('both', 'office', 'unit'))), name='ledger_import_row_side'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('secrecy__range', (0, 2))), name='ledger_import_row_secrecy'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('severity__in', {'key': '重点', 'ordinary': '一般', 'prominent': '突出', 'slight': '轻微'})), name='ledger_import_row_severity'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('commonality__in', {'common': '共性', 'individual': '个性', 'sectoral': '行业性', 'systemic': '系统性'})), name='ledger_import_row_commonality'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gt', 0), _connector='OR'), name='ledger_import_row_amount'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('category', ''), models.Q(('taxonomy_version', ''), _negated=True), _connector='OR'), name='ledger_import_row_taxonomy'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.UniqueConstraint(fields=('ledger_import', 'check_number', 'position'), name='ledger_import_row_position'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', {'changed': '有变化', 'conflict': '有冲突', 'new': '新增', 'unchanged': '没有变化'})), name='ledger_import_row_outcome'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'new'), _negated=True), ('finding', None), _connector='OR'), name='ledger_import_row_new_has_no_finding'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding', None), ('seen', None)), models.Q(('finding__isnull', False), ('seen__isnull', False)), _connector='OR'), name='ledger_import_row_finding_seen'),
        ),
        migrations.AddConstraint(
            model_name='ledgerimportrow',
            constraint=models.CheckConstraint(condition=models.Q(('text_from__gte', 0), ('text_length__gt', 0)), name='ledger_import_row_has_text'),
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
