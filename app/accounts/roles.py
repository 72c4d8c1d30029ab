"""What a role may do: one table. Which route asks for which permission stands in `access.py`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Where in the state a person works. The scope of a grant says for which part of the tree."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    AGENCY = "agency"
    TEAM_LEAD = "team-lead"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Permission(StrEnum):
    DIRECTORY_READ = "directory-read"
    DIRECTORY_EDIT = "directory-edit"
    QUESTIONNAIRES_READ = "questionnaires-read"
    LINKS_READ = "links-read"
    LINKS_ISSUE = "links-issue"
    COUNTS_READ = "counts-read"
    QUARANTINE_REVIEW = "quarantine-review"
    COMMENTS_READ = "comments-read"
    COMMENTS_DECIDE = "comments-decide"
    IMPROVEMENTS_READ = "improvements-read"
    IMPROVEMENTS_WRITE = "improvements-write"
    FIELD_READ = "field-read"
    FIELD_LEAD = "field-lead"
    FIELD_PROMPTS = "field-prompts"
    INDICES_READ = "indices-read"
    INDICES_IMPORT = "indices-import"
    LETTERHEADS_WRITE = "letterheads-write"
    CONTACTS_READ = "contacts-read"
    CONTACTS_ANSWER = "contacts-answer"
    IMPORTS_RUN = "imports-run"
    PEOPLE_READ = "people-read"
    PEOPLE_MANAGE = "people-manage"
    AUDIT_READ = "audit-read"
    SYSTEM_READ = "system-read"
    THRESHOLDS_CHANGE = "thresholds-change"
    EDITIONS_READ = "editions-read"
    EDITIONS_OBJECT = "editions-object"
    EDITIONS_CLOSE = "editions-close"
    EDITIONS_PUBLISH = "editions-publish"
    APPROVALS_READ = "approvals-read"
    APPROVALS_DECIDE = "approvals-decide"


_READING: Final = frozenset(
    {
        Permission.DIRECTORY_READ,
        Permission.QUESTIONNAIRES_READ,
        Permission.LINKS_READ,
        Permission.COUNTS_READ,
        Permission.IMPROVEMENTS_READ,
        Permission.EDITIONS_READ,
        Permission.FIELD_READ,
        Permission.INDICES_READ,
        Permission.APPROVALS_READ,
    }
)
_WORKING: Final = _READING | {
    Permission.LINKS_ISSUE,
    Permission.COMMENTS_READ,
    Permission.CONTACTS_READ,
    Permission.CONTACTS_ANSWER,
    Permission.IMPROVEMENTS_WRITE,
    Permission.EDITIONS_OBJECT,
    Permission.FIELD_LEAD,
    Permission.LETTERHEADS_WRITE,
    Permission.PEOPLE_READ,
}
_LEADING: Final = _WORKING | {
    Permission.DIRECTORY_EDIT,
    Permission.QUARANTINE_REVIEW,
    Permission.COMMENTS_DECIDE,
    Permission.FIELD_PROMPTS,
    Permission.IMPORTS_RUN,
    Permission.INDICES_IMPORT,
    Permission.PEOPLE_MANAGE,
    Permission.AUDIT_READ,
    Permission.APPROVALS_DECIDE,
}

# An auditor reads everything but what people wrote or left, and changes nothing. An operator keeps the
# system running and sees no data of anybody.
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.MINISTRY: _LEADING
    | {
        Permission.SYSTEM_READ,
        Permission.THRESHOLDS_CHANGE,
        Permission.EDITIONS_CLOSE,
        Permission.EDITIONS_PUBLISH,
    },
    Role.PROVINCE: _LEADING,
    Role.AGENCY: _WORKING,
    Role.TEAM_LEAD: frozenset(
        {
            Permission.DIRECTORY_READ,
            Permission.QUESTIONNAIRES_READ,
            Permission.FIELD_READ,
            Permission.FIELD_LEAD,
        }
    ),
    Role.AUDITOR: _READING | {Permission.PEOPLE_READ, Permission.AUDIT_READ, Permission.SYSTEM_READ},
    Role.OPERATOR: frozenset({Permission.SYSTEM_READ}),
}
