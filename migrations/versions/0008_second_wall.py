"""the second wall: PostgreSQL itself shows a request only what lies within its reach

SQLite has no such wall. docs/adr/0011-second-wall.md explains the words used here; a table that comes later
gets its policies in its own migration, with the same functions.
"""

from __future__ import annotations

from alembic import op

revision = '0008'
down_revision = '0006b'
branch_labels = None
depends_on = None

# `BEGIN ATOMIC` binds the names of tables now, so that no temporary table can take their place later.
FUNCTIONS = [
    # What this transaction was told to be: a word, or the grants of a member of staff.
    """CREATE FUNCTION reach_is(kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC SELECT coalesce(current_setting('hailong.reach', true) = kind, false); END""",
    """CREATE FUNCTION reach() RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC SELECT CASE WHEN left(current_setting('hailong.reach', true), 1) = '{'
        THEN CAST(current_setting('hailong.reach', true) AS jsonb) END; END""",
    """CREATE FUNCTION reach_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC SELECT reach() ->> 'by'; END""",
    """CREATE FUNCTION reach_whole(permission text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC SELECT coalesce(jsonb_exists(reach() -> 'in' -> permission, 'nation'), false); END""",
    # The scopes themselves, the agencies within them, and what had become a part of those by that day.
    """CREATE FUNCTION reach_places(permission text) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        WITH RECURSIVE given AS MATERIALIZED (
            SELECT jsonb_array_elements_text(reach() -> 'in' -> permission) AS code
        ), covered AS (
            (
                SELECT code FROM given
                UNION SELECT agencies.code FROM agencies JOIN given ON agencies.province = given.code
            )
            UNION
            SELECT agencies.code FROM agencies JOIN covered ON agencies.merged_into = covered.code
            WHERE agencies.merged_into IS NOT NULL
                AND agencies.valid_to < (SELECT CAST(reach() ->> 'on' AS date))
        )
        SELECT code FROM covered;
    END""",
    # Reads `grants` past its own policy, which could not ask about itself.
    """CREATE FUNCTION reach_people(places text[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
    SET search_path = public, pg_temp AS $$
    DECLARE own text := current_setting('hailong.reach', true);
    BEGIN
        PERFORM set_config('hailong.reach', 'service', true);
        RETURN QUERY SELECT DISTINCT person FROM grants WHERE scope = ANY(places);
        PERFORM set_config('hailong.reach', coalesce(own, ''), true);
    END $$""",
]
NAMES = [
    'reach_people(text[])', 'reach_places(text)', 'reach_whole(text)', 'reach_person()', 'reach()', 'reach_is(text)',
]


def within(permission: str, column: str) -> str:
    """A subquery without a column of the row is asked once for a statement, and only where it is needed."""
    return (
        f"((SELECT reach_whole('{permission}')) OR {column} IN (SELECT reach_places('{permission}')))"
    )


def person_within(permission: str, column: str) -> str:
    people = f"reach_people(ARRAY(SELECT reach_places('{permission}')))"
    return f"((SELECT reach_whole('{permission}')) OR {column} IN (SELECT {people}))"


def condition(staff: str, kinds: list[str]) -> str:
    """Words first, and in this order: CASE promises that nothing is asked in vain, OR does not."""
    whens = ''.join(f" WHEN (SELECT reach_is('{kind}')) THEN true" for kind in kinds)
    return f"CASE{whens} WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"


OWN = "= (SELECT CAST(reach_person() AS uuid))"
OF_A_BATCH = "EXISTS (SELECT FROM link_batches WHERE link_batches.id = links.batch)"
READS_SHEETS = f"({within('comments-read', 'agency')} OR {within('quarantine-review', 'agency')})"
DECIDES_SHEETS = f"({within('comments-decide', 'agency')} OR {within('quarantine-review', 'agency')})"
NOBODY = 'false'

# Table, command, words that have it, condition for staff. What is not here nobody has.
POLICIES = [
    ('contacts', 'SELECT', ['service', 'contact'], within('contacts-read', 'agency')),
    ('contacts', 'INSERT', ['service', 'contact'], NOBODY),
    ('contacts', 'UPDATE', ['service'], within('contacts-answer', 'agency')),
    ('contacts', 'DELETE', ['service', 'contact'], NOBODY),
    ('withdrawn_contacts', 'SELECT', ['service', 'contact'], within('contacts-read', 'agency')),
    ('withdrawn_contacts', 'INSERT', ['service', 'contact'], NOBODY),
    ('withdrawn_contacts', 'DELETE', ['service'], NOBODY),
    # Nobody deletes an answer.
    ('responses', 'SELECT', ['service'], READS_SHEETS),
    ('responses', 'INSERT', ['service'], within('imports-run', 'agency')),
    ('responses', 'UPDATE', ['service'], DECIDES_SHEETS),
    ('kept_aside', 'SELECT', ['service'], within('imports-run', 'agency')),
    ('kept_aside', 'INSERT', ['service'], within('imports-run', 'agency')),
    ('quarantine_reviews', 'SELECT', ['service'], within('quarantine-review', 'agency')),
    ('quarantine_reviews', 'INSERT', ['service'], within('quarantine-review', 'agency')),
    ('link_batches', 'SELECT', ['public', 'service'], within('links-read', 'agency')),
    ('link_batches', 'INSERT', ['service'], within('links-issue', 'agency')),
    ('link_batches', 'UPDATE', ['service'], within('links-issue', 'agency')),
    ('links', 'SELECT', ['public', 'service'], OF_A_BATCH),
    ('links', 'INSERT', ['service'], OF_A_BATCH),
    ('links', 'UPDATE', ['service'], NOBODY),
    ('approvals', 'SELECT', ['service'], within('approvals-read', 'scope')),
    (
        'approvals', 'INSERT', ['service'],
        f"(proposed_by = (SELECT reach_person()) AND {within('approvals-read', 'scope')})",
    ),
    (
        'approvals', 'UPDATE', ['service'],
        f"(proposed_by = (SELECT reach_person()) OR {within('approvals-decide', 'scope')})",
    ),
    ('audit_events', 'SELECT', ['service'], within('audit-read', 'scope')),
    ('audit_events', 'INSERT', ['service', 'entrance'], 'by = (SELECT reach_person())'),
    ('people', 'SELECT', ['service', 'entrance'], f"(id {OWN} OR {person_within('people-read', 'id')})"),
    ('people', 'INSERT', ['service'], "EXISTS (SELECT reach_places('people-manage'))"),
    ('people', 'UPDATE', ['service', 'entrance'], f"(id {OWN} OR {person_within('people-manage', 'id')})"),
    ('grants', 'SELECT', ['service', 'entrance'], f"(person {OWN} OR {person_within('people-read', 'person')})"),
    ('grants', 'INSERT', ['service'], f"(NOT person {OWN} AND {within('people-manage', 'scope')})"),
    ('grants', 'DELETE', ['service'], f"(NOT person {OWN} AND {within('people-manage', 'scope')})"),
]
TABLES = list(dict.fromkeys(table for table, *_rest in POLICIES))

# What no role of the application may do, not even the one that owns the tables.
FORBIDDEN = {'audit_events': 'UPDATE, DELETE, TRUNCATE', 'responses': 'DELETE, TRUNCATE'}
TAKE_AWAY = """DO $$ DECLARE holder oid; BEGIN
    FOR holder IN SELECT DISTINCT given.grantee FROM pg_class,
        aclexplode(coalesce(relacl, acldefault('r', relowner))) given
        WHERE pg_class.oid = '{table}'::regclass
    LOOP EXECUTE 'REVOKE {rights} ON {table} FROM '
        || CASE holder WHEN 0 THEN 'PUBLIC' ELSE holder::regrole::text END; END LOOP;
END $$"""


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for function in FUNCTIONS:
        op.execute(function)
    for table in TABLES:
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for table, command, kinds, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        op.execute(f'CREATE POLICY reach_{command} ON {table} FOR {command} {clause} ({condition(staff, kinds)})')
    for table, rights in FORBIDDEN.items():
        op.execute(TAKE_AWAY.format(table=table, rights=rights))


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, rights in FORBIDDEN.items():
        op.execute(f'GRANT {rights} ON {table} TO CURRENT_USER')
    for table, command, *_rest in POLICIES:
        op.execute(f'DROP POLICY reach_{command} ON {table}')
    for table in TABLES:
        op.execute(f'ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY')
    for name in NAMES:
        op.execute(f'DROP FUNCTION {name}')
