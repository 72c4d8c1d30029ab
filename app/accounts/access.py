"""Which route is open to whom: one table for the whole application, by endpoint name.

A route that is not here is not found, and a test fails. The names of the features above stand here as
words, so that nothing has to be imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.accounts.roles import Permission


class Door(StrEnum):
    """What needs no permission of a role."""

    # For everybody, without a cookie.
    PUBLIC = "public"
    # On the way in: signing in, accepting an invitation.
    SIGNED_OUT = "signed-out"
    # For every member of staff: what is one's own.
    SIGNED_IN = "signed-in"


Rule = Door | Permission

# These answer on the host of the staff as well, where it has one of its own.
SHARED: Final = frozenset({"ui.static", "ui.healthz", "ui.readyz"})

# Only here may a request be larger than a form without files, once it is known whom it comes from.
UPLOADS: Final = frozenset(
    {
        "fieldwork_staff.import_file",
        "fieldwork_staff.put_prompts",
        "fieldwork_staff.villages",
        "indices_staff.upload",
        "results_staff.imports.upload",
    }
)

# What is left to who must change an old password first: to do so, or to go.
WITH_OLD_PASSWORD: Final = frozenset(
    {"accounts_staff.own.password_page", "accounts_staff.own.change_password", "accounts.sign_out"}
)

ACCESS: Final[Mapping[str, Rule]] = {
    # Citizens' pages.
    "ui.static": Door.PUBLIC,
    "ui.healthz": Door.PUBLIC,
    "ui.readyz": Door.PUBLIC,
    "assessments.calendar": Door.PUBLIC,
    "assessments.calendar_ics": Door.PUBLIC,
    "catalogue.questionnaire_schema": Door.PUBLIC,
    "comments.choose": Door.PUBLIC,
    "comments.contact": Door.PUBLIC,
    "comments.leave_contact": Door.PUBLIC,
    "comments.withdraw": Door.PUBLIC,
    "responding.choose": Door.PUBLIC,
    "responding.one_time_form": Door.PUBLIC,
    "responding.open_form": Door.PUBLIC,
    "responding.privacy": Door.PUBLIC,
    "responding.thanks": Door.PUBLIC,
    # The app of those who interview at home: the same bytes for everybody.
    "fieldwork.app_page": Door.PUBLIC,
    "fieldwork.manifest": Door.PUBLIC,
    "fieldwork.worker": Door.PUBLIC,
    "editions.comparison.compare": Door.PUBLIC,
    "editions.integrity": Door.PUBLIC,
    "editions.integrity_file": Door.PUBLIC,
    "editions.integrity_period": Door.PUBLIC,
    "editions.integrity_place": Door.PUBLIC,
    "editions.method": Door.PUBLIC,
    "editions.documents.nation": Door.PUBLIC,
    "editions.documents.place": Door.PUBLIC,
    "editions.raw.check_program": Door.PUBLIC,
    "editions.raw.file": Door.PUBLIC,
    "editions.nation": Door.PUBLIC,
    "editions.period": Door.PUBLIC,
    "editions.place": Door.PUBLIC,
    "editions.search": Door.PUBLIC,
    "releases.calendar": Door.PUBLIC,
    "releases.calendar_ics": Door.PUBLIC,
    "releases.correction": Door.PUBLIC,
    "releases.correction_file": Door.PUBLIC,
    "releases.corrections": Door.PUBLIC,
    "releases.feed": Door.PUBLIC,
    "releases.home": Door.PUBLIC,
    "open_data.dcat": Door.PUBLIC,
    "open_data.dictionary": Door.PUBLIC,
    "open_data.package": Door.PUBLIC,
    "open_data.place": Door.PUBLIC,
    "open_data.table": Door.PUBLIC,
    # Telephones of field work: neither citizens nor staff, without a cookie that another site could borrow.
    # What gives or takes anything of a telephone asks for its token itself.
    "fieldwork_data.enrolment": Door.PUBLIC,
    "fieldwork_data.here": Door.PUBLIC,
    "fieldwork_data.prompt": Door.PUBLIC,
    "fieldwork_data.questionnaire": Door.PUBLIC,
    "fieldwork_data.record": Door.PUBLIC,
    "fieldwork_data.report": Door.PUBLIC,
    "fieldwork_data.work": Door.PUBLIC,
    # The way in.
    "accounts.sign_in_page": Door.SIGNED_OUT,
    "accounts.sign_in": Door.SIGNED_OUT,
    "accounts.oidc.begin": Door.SIGNED_OUT,
    "accounts.oidc.back": Door.SIGNED_OUT,
    "accounts.second_factor_page": Door.SIGNED_OUT,
    "accounts.second_factor": Door.SIGNED_OUT,
    "accounts.invitations.page": Door.SIGNED_OUT,
    "accounts.invitations.accept": Door.SIGNED_OUT,
    "accounts.invitations.qr_code": Door.SIGNED_OUT,
    # One's own.
    "console.home": Door.SIGNED_IN,
    "accounts.sign_out": Door.SIGNED_IN,
    "accounts_staff.own.list_sessions": Door.SIGNED_IN,
    "accounts_staff.own.end_session": Door.SIGNED_IN,
    "accounts_staff.own.end_other_sessions": Door.SIGNED_IN,
    "accounts_staff.own.security": Door.SIGNED_IN,
    "accounts_staff.own.password_page": Door.SIGNED_IN,
    "accounts_staff.own.change_password": Door.SIGNED_IN,
    "accounts_staff.own.recovery_codes_page": Door.SIGNED_IN,
    "accounts_staff.own.renew_recovery_codes": Door.SIGNED_IN,
    "accounts_staff.own.authenticator_page": Door.SIGNED_IN,
    "accounts_staff.own.authenticator_qr_code": Door.SIGNED_IN,
    "accounts_staff.own.change_authenticator": Door.SIGNED_IN,
    # The directory.
    "directory_staff.agencies": Permission.DIRECTORY_READ,
    "directory_staff.agencies_file": Permission.DIRECTORY_READ,
    "directory_staff.agency": Permission.DIRECTORY_READ,
    "directory_staff.procedure": Permission.DIRECTORY_READ,
    "directory_staff.procedures": Permission.DIRECTORY_READ,
    "directory_staff.units": Permission.DIRECTORY_READ,
    "directory_staff.add_agency": Permission.DIRECTORY_EDIT,
    "directory_staff.add_procedure": Permission.DIRECTORY_EDIT,
    "directory_staff.close_agency": Permission.DIRECTORY_EDIT,
    "directory_staff.merge_agency": Permission.DIRECTORY_EDIT,
    "directory_staff.remove_procedure": Permission.DIRECTORY_EDIT,
    "directory_staff.rename_agency": Permission.DIRECTORY_EDIT,
    "directory_staff.reopen_agency": Permission.DIRECTORY_EDIT,
    "directory_staff.withdraw_name": Permission.DIRECTORY_EDIT,
    # One-time links.
    "dossiers_staff.batch": Permission.LINKS_READ,
    "dossiers_staff.batches": Permission.LINKS_READ,
    "dossiers_staff.choose_agency": Permission.LINKS_ISSUE,
    "dossiers_staff.issue": Permission.LINKS_ISSUE,
    "dossiers_staff.revoke": Permission.LINKS_ISSUE,
    # Contacts that people left for a reply.
    "comments_staff.contact": Permission.CONTACTS_READ,
    "comments_staff.contacts": Permission.CONTACTS_READ,
    "comments_staff.finish": Permission.CONTACTS_ANSWER,
    "comments_staff.reply": Permission.CONTACTS_ANSWER,
    "comments_staff.sort": Permission.CONTACTS_ANSWER,
    "comments_staff.step_back": Permission.CONTACTS_ANSWER,
    # What people wrote at the end of their answers.
    "moderation_staff.comments": Permission.COMMENTS_READ,
    "moderation_staff.comment": Permission.COMMENTS_DECIDE,
    "moderation_staff.cover": Permission.COMMENTS_DECIDE,
    "moderation_staff.hide": Permission.COMMENTS_DECIDE,
    "moderation_staff.publish": Permission.COMMENTS_DECIDE,
    "moderation_staff.take_back": Permission.COMMENTS_DECIDE,
    # What agencies do about it.
    "improvements_staff.improvement": Permission.IMPROVEMENTS_READ,
    "improvements_staff.improvements": Permission.IMPROVEMENTS_READ,
    "improvements_staff.improvements_file": Permission.IMPROVEMENTS_READ,
    "improvements_staff.change": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.choose_agency": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.finish": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.publish": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.undo": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.withdraw": Permission.IMPROVEMENTS_WRITE,
    "improvements_staff.write": Permission.IMPROVEMENTS_WRITE,
    # Field work.
    "fieldwork_staff.rounds": Permission.FIELD_READ,
    "fieldwork_staff.round_page": Permission.FIELD_READ,
    "fieldwork_staff.choose_place": Permission.FIELD_LEAD,
    "fieldwork_staff.create": Permission.FIELD_LEAD,
    "fieldwork_staff.change": Permission.FIELD_LEAD,
    "fieldwork_staff.villages": Permission.FIELD_LEAD,
    "fieldwork_staff.remove_village": Permission.FIELD_LEAD,
    "fieldwork_staff.flags": Permission.FIELD_LEAD,
    "fieldwork_staff.flag": Permission.FIELD_LEAD,
    "fieldwork_staff.second_visits": Permission.FIELD_LEAD,
    "fieldwork_staff.paper_forms": Permission.FIELD_LEAD,
    "fieldwork_staff.print_forms": Permission.FIELD_LEAD,
    "fieldwork_staff.key_form": Permission.FIELD_LEAD,
    "fieldwork_staff.decide_form": Permission.FIELD_LEAD,
    "fieldwork_staff.discard_form": Permission.FIELD_LEAD,
    "fieldwork_staff.tallies": Permission.FIELD_LEAD,
    "fieldwork_staff.print_tallies": Permission.FIELD_LEAD,
    "fieldwork_staff.decide_tally": Permission.FIELD_LEAD,
    "fieldwork_staff.discard_tally": Permission.FIELD_LEAD,
    "fieldwork_staff.assign": Permission.FIELD_LEAD,
    "fieldwork_staff.teams": Permission.FIELD_LEAD,
    "fieldwork_staff.team": Permission.FIELD_LEAD,
    "fieldwork_staff.choose_commune": Permission.FIELD_LEAD,
    "fieldwork_staff.create_team": Permission.FIELD_LEAD,
    "fieldwork_staff.rename_team": Permission.FIELD_LEAD,
    "fieldwork_staff.end_team": Permission.FIELD_LEAD,
    "fieldwork_staff.reopen_team": Permission.FIELD_LEAD,
    "fieldwork_staff.add_collector": Permission.FIELD_LEAD,
    "fieldwork_staff.end_collector": Permission.FIELD_LEAD,
    "fieldwork_staff.reopen_collector": Permission.FIELD_LEAD,
    "fieldwork_staff.devices": Permission.FIELD_LEAD,
    "fieldwork_staff.device": Permission.FIELD_LEAD,
    "fieldwork_staff.invite_device": Permission.FIELD_LEAD,
    "fieldwork_staff.renew_code": Permission.FIELD_LEAD,
    "fieldwork_staff.card": Permission.FIELD_LEAD,
    "fieldwork_staff.pause_device": Permission.FIELD_LEAD,
    "fieldwork_staff.resume_device": Permission.FIELD_LEAD,
    "fieldwork_staff.revoke_device": Permission.FIELD_LEAD,
    "fieldwork_staff.replace_device": Permission.FIELD_LEAD,
    "fieldwork_staff.aside": Permission.FIELD_LEAD,
    "fieldwork_staff.aside_record": Permission.FIELD_LEAD,
    "fieldwork_staff.take_in": Permission.FIELD_LEAD,
    "fieldwork_staff.leave_aside": Permission.FIELD_LEAD,
    "fieldwork_staff.import_file": Permission.FIELD_LEAD,
    "fieldwork_staff.prompt_sheets": Permission.FIELD_READ,
    "fieldwork_staff.prompts": Permission.FIELD_READ,
    "fieldwork_staff.prompt_voice": Permission.FIELD_READ,
    "fieldwork_staff.prompt_table": Permission.FIELD_READ,
    "fieldwork_staff.put_prompts": Permission.FIELD_PROMPTS,
    "fieldwork_staff.remove_prompts": Permission.FIELD_PROMPTS,
    "results_staff.field_removal": Permission.QUARANTINE_REVIEW,
    # Numbers that others made.
    "indices_staff.indices": Permission.INDICES_READ,
    "indices_staff.upload": Permission.INDICES_IMPORT,
    # The heads and signatures of documents.
    "letterheads_staff.choose_agency": Permission.LETTERHEADS_WRITE,
    "letterheads_staff.letterhead": Permission.LETTERHEADS_WRITE,
    # People.
    "accounts_staff.people": Permission.PEOPLE_READ,
    "accounts_staff.person": Permission.PEOPLE_READ,
    "accounts_staff.invite_page": Permission.PEOPLE_MANAGE,
    "accounts_staff.invite": Permission.PEOPLE_MANAGE,
    "accounts_staff.add_grant": Permission.PEOPLE_MANAGE,
    "accounts_staff.remove_grant": Permission.PEOPLE_MANAGE,
    "accounts_staff.disable": Permission.PEOPLE_MANAGE,
    "accounts_staff.enable": Permission.PEOPLE_MANAGE,
    "accounts_staff.reset_page": Permission.PEOPLE_MANAGE,
    "accounts_staff.reset": Permission.PEOPLE_MANAGE,
    # Questionnaires, and their page as people get it.
    "catalogue_staff.compare": Permission.QUESTIONNAIRES_READ,
    "catalogue_staff.preview": Permission.QUESTIONNAIRES_READ,
    "catalogue_staff.questionnaire": Permission.QUESTIONNAIRES_READ,
    "catalogue_staff.questionnaires": Permission.QUESTIONNAIRES_READ,
    "responding_staff.preview_frame": Permission.QUESTIONNAIRES_READ,
    # Numbers of answers.
    "results_staff.counts": Permission.COUNTS_READ,
    "results_staff.review": Permission.QUARANTINE_REVIEW,
    "results_staff.set_aside": Permission.QUARANTINE_REVIEW,
    # Files of answers.
    "results_staff.imports.list_imports": Permission.IMPORTS_RUN,
    "results_staff.imports.upload": Permission.IMPORTS_RUN,
    "results_staff.imports.show": Permission.IMPORTS_RUN,
    "results_staff.imports.run": Permission.IMPORTS_RUN,
    "results_staff.imports.rejects": Permission.IMPORTS_RUN,
    "results_staff.imports.discard": Permission.IMPORTS_RUN,
    # Editions.
    "editions_staff.edition": Permission.EDITIONS_READ,
    "editions_staff.editions": Permission.EDITIONS_READ,
    "editions_staff.figures": Permission.EDITIONS_READ,
    "editions_staff.report": Permission.EDITIONS_READ,
    "editions_staff.object_to": Permission.EDITIONS_OBJECT,
    "editions_staff.answer": Permission.EDITIONS_CLOSE,
    "editions_staff.documents": Permission.EDITIONS_PUBLISH,
    "editions_staff.close": Permission.EDITIONS_CLOSE,
    "editions_staff.publish": Permission.EDITIONS_CLOSE,
    "editions_staff.revise": Permission.EDITIONS_CLOSE,
    # Acts for two persons.
    "approvals_staff.approval": Permission.APPROVALS_READ,
    "approvals_staff.approvals": Permission.APPROVALS_READ,
    "approvals_staff.decided": Permission.APPROVALS_READ,
    "approvals_staff.approve": Permission.APPROVALS_DECIDE,
    "approvals_staff.refuse": Permission.APPROVALS_DECIDE,
    "approvals_staff.withdraw": Permission.APPROVALS_DECIDE,
    # The days of release.
    "releases_staff.calendar": Permission.EDITIONS_READ,
    "releases_staff.announce": Permission.EDITIONS_PUBLISH,
    # The thresholds of the method.
    "thresholds_staff.thresholds": Permission.COUNTS_READ,
    "thresholds_staff.change": Permission.THRESHOLDS_CHANGE,
    # The trail and the state of the system.
    "console.trail": Permission.AUDIT_READ,
    "console.trail_file": Permission.AUDIT_READ,
    "console.system": Permission.SYSTEM_READ,
}
