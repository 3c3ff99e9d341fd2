"""What access says to people: names of roles, of operations and of columns, and Flask-Security's sentences as ours."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.access.policy import Role


def N_(text: str) -> str:  # noqa: N802 - the name that extraction of catalogues knows
    """Marks a text whose translation is looked up later, by Flask-Security, in our catalogue."""
    return text


ROLES: dict[Role, LazyString] = {
    Role.FIELD_OFFICER: _l("Field officer"),
    Role.HEAD_OF_OFFICE: _l("Head of office"),
    Role.DESK_OFFICER: _l("Desk officer"),
    Role.REVIEWER: _l("Reviewer"),
    Role.SECRETARY: _l("Secretary"),
    Role.TRUSTEE: _l("Trustee"),
    Role.APPROVING_OFFICER: _l("Approving officer"),
    Role.FINANCE_OFFICER: _l("Finance officer"),
    Role.CERTIFYING_OFFICER: _l("Certifying officer"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

# Fields of Flask-Security's forms.
LABELS: dict[str, LazyString] = {
    "email": _l("Email address"),
    "password": _l("Password"),
    "password_confirm": _l("The same password again"),
    "new_password": _l("New password"),
    "new_password_confirm": _l("The new password again"),
    "code": _l("Code"),
    "name": _l("Name of the passkey"),
}

OPERATIONS: dict[str, LazyString] = {
    "access.add_person": _l("Added a person"),
    "access.invite": _l("Invited a person"),
    "access.accept_invitation": _l("Accepted the invitation"),
    "access.change_own_details": _l("Changed own details"),
    "access.disable": _l("Disabled a person"),
    "access.enable": _l("Enabled a person"),
    "access.forget_second_factor": _l("Removed a second factor"),
    "access.open_office": _l("Opened an office"),
    "access.grant": _l("Gave a role"),
    "access.end_grant": _l("Ended a role"),
    "access.count_failed_sign_in": _l("Failed to sign in"),
    "access.sign_in": _l("Signed in"),
    "access.sign_in_with_passkey": _l("Signed in with a passkey"),
    "access.sign_in_for_demonstration": _l("Signed in for the demonstration"),
    "access.sign_out": _l("Signed out"),
    "access.verify_again": _l("Proved who they are"),
    "access.set_up_second_factor": _l("Set up the second factor"),
    "access.give_second_factor": _l("Signed in with the second factor"),
    "access.make_recovery_codes": _l("Made recovery codes"),
    "access.use_recovery_code": _l("Signed in with a recovery code"),
    "access.ask_for_reset": _l("Asked to reset the password"),
    "access.reset_password": _l("Reset the password"),
    "access.change_password": _l("Changed the password"),
    "access.register_passkey": _l("Added a passkey"),
    "access.rename_passkey": _l("Renamed a passkey"),
    "access.delete_passkey": _l("Deleted a passkey"),
    "access.claim_letter": _l("Began to send a letter"),
    "access.keep_sent": _l("Sent a letter"),
    "access.keep_failure": _l("Failed to send a letter"),
    "reference.load": _l("Loaded reference data"),
    "funds.set_up": _l("Set up the funds"),
    "contributions.add_state": _l("Added a donor that is a State"),
    "contributions.add_other": _l("Added another donor"),
    "contributions.load_schedule": _l("Loaded a schedule of trust funds"),
    "recommendations.import_file": _l("Imported recommendations"),
    "recommendations.undo_import": _l("Undid an import of recommendations"),
    "recommendations.judge": _l("Judged evidence"),
    "recommendations.withdraw_judgement": _l("Withdrew a judgement on evidence"),
    "recommendations.join": _l("Joined two records of a recommendation"),
    "recommendations.join_all": _l("Joined records of recommendations"),
    "recommendations.keep_apart": _l("Kept two recommendations apart"),
    "recommendations.part": _l("Undid what was said of two records"),
    "finance.load_document": _l("Loaded a printed document"),
    "finance.open_books": _l("Opened the books"),
    "finance.annotate": _l("Explained a difference"),
    "finance.attribute": _l("Attributed income to a donor"),
    "ledger.open_accounts": _l("Opened accounts"),
    "ledger.post": _l("Posted an entry"),
    "ledger.post_many": _l("Posted entries"),
    "ledger.correct": _l("Corrected an entry"),
    "ledger.reverse": _l("Reversed an entry"),
    "ledger.close_year": _l("Closed a year"),
}

SUBJECTS: dict[str, LazyString] = {
    "person": _l("Person"),
    "role_grant": _l("Role"),
    "scope": _l("Fund or office"),
    "office": _l("Office"),
    "passkey": _l("Passkey"),
    "letter": _l("Letter"),
    "fund": _l("Fund"),
    "country": _l("Country"),
    "account": _l("Account"),
    "journal_entry": _l("Entry"),
    "donor": _l("Donor"),
    "criterion": _l("Criterion"),
    "schedule": _l("Schedule of trust funds"),
    "scheduled": _l("Rows of a schedule"),
    "recommendation_import": _l("Import of recommendations"),
    "recommendation": _l("Recommendations"),
    "recommendation_upload": _l("File of recommendations sent in"),
    "review": _l("Review of a State"),
    "high_commissioner_letter": _l("Letter of the High Commissioner"),
    "letter_area": _l("Area that a letter names"),
    "letter_area_goal": _l("Goal of an area of a letter"),
    "follow_up": _l("Follow-up on a recommendation"),
    "implementation_plan": _l("Implementation plan"),
    "measure": _l("Measure of a plan"),
    "measure_link": _l("Recommendation of a measure"),
    "pairing": _l("Two records from two sources"),
    "evidence_judgement": _l("Judgement on evidence"),
    "country_alias": _l("Other spelling of a country"),
    "country_status": _l("Status of a country"),
    "former_name": _l("Former name of a country"),
    "region": _l("Region"),
    "regional_group": _l("Regional group"),
    "statement_layout": _l("Layout of a statement"),
    "statement_line": _l("Line of a statement"),
    "support_cost_rate": _l("Rate of support costs"),
    "goal": _l("Sustainable Development Goal"),
    "target": _l("Target of a Goal"),
    "treaty_body": _l("Treaty body"),
    "currency": _l("Currency"),
    "closed_year": _l("Closed year"),
    "board": _l("Board"),
    "board_member": _l("Member of a Board"),
    "focus_area": _l("Focus area"),
    "published_document": _l("Printed document"),
    "published_cell": _l("Cells of a printed document"),
    "annotation": _l("Explanation of a difference"),
}

COLUMNS: dict[str, LazyString] = {
    "active": _l("May sign in"),
    "attempts": _l("Attempts"),
    "code": _l("Code"),
    "country": _l("Country"),
    "current_login_at": _l("This sign-in"),
    "current_login_ip": _l("Address of this sign-in"),
    "email": _l("Email address"),
    "ended_at": _l("Ended"),
    "area_id": _l("Area of a letter"),
    "failed_count": _l("Wrong attempts since the last sign-in"),
    "failure": _l("Failure"),
    "found_id": _l("What was found"),
    "fs_uniquifier": _l("Key of open sessions"),
    "fs_webauthn_user_handle": _l("Passkey handle"),
    "fund_id": _l("Fund"),
    "given_at": _l("Given"),
    "id": _l("Number"),
    "invitation": _l("Link of the invitation"),
    "invited_at": _l("Invited"),
    "joined": _l("Joined"),
    "joined_to": _l("Joined to"),
    "kept_id": _l("Record that counts"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "last_login_at": _l("Sign-in before"),
    "last_login_ip": _l("Address of the sign-in before"),
    "locked_until": _l("Locked until"),
    "login_count": _l("Number of sign-ins"),
    "mf_recovery_codes": _l("Recovery codes"),
    "name": _l("Name"),
    "not_before": _l("Not before"),
    "office_id": _l("Office"),
    "other_id": _l("The other record"),
    "password": _l("Password"),
    "person_id": _l("Person"),
    "reason": _l("Reason"),
    "recipient": _l("Recipient"),
    "recommendation_id": _l("Recommendation"),
    "role": _l("Role"),
    "sent_at": _l("Sent"),
    "sought": _l("Form used for searching"),
    "tf_counter": _l("Last code used"),
    "tf_primary_method": _l("Second factor"),
    "tf_totp_secret": _l("Key of the second factor"),
    "title": _l("Title"),
    "undone_at": _l("Undone"),
    "verdict": _l("Verdict"),
    "version": _l("Version of the record"),
    "written_at": _l("Written"),
}


def operation_name(code: str) -> str:
    """An operation in words; one that has none, by its code."""
    return str(OPERATIONS.get(code, code))


def subject_name(table: str) -> str:
    """A kind of row in words; one that has none, by its table."""
    return str(SUBJECTS.get(table, table.replace("_", " ")))


def column_name(column: str) -> str:
    """A column in words; one that has none, by its name."""
    return str(COLUMNS.get(column, column.replace("_", " ")))


def actor_name(actor: str, names: dict[str, str]) -> str:
    """Who did it: a person's name, or the command line."""
    return gettext("Command line") if actor == "console" else names.get(actor, actor)


# Flask-Security's own catalogues are partial in Arabic, Chinese and Russian: these are its messages in our words,
# looked up in our catalogue. What is not here belongs to pages that are switched off (tests/test_access_words.py).
MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": (N_("That did not work. Start again."), "error"),
    "GENERIC_AUTHN_FAILED": (N_("The email address or the password is not right."), "error"),
    "LOCKED": (N_("Too many wrong attempts. Minutes to wait before the next one: %(minutes)s."), "error"),
    "GENERIC_RECOVERY": (N_("If the address has an account, a letter is on its way."), "info"),
    "GENERIC_US_SIGNIN": (N_("If the address has an account, a letter is on its way."), "info"),
    "UNAUTHORIZED": (N_("You may not open this page."), "error"),
    "UNAUTHENTICATED": (N_("Sign in to open this page."), "error"),
    "REAUTHENTICATION_REQUIRED": (N_("Confirm first that it is you."), "error"),
    "PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "INVALID_REDIRECT": (N_("The link leads away from this site."), "error"),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right, or was used before."), "error"),
    "NO_RECOVERY_CODES_SETUP": (N_("You have no recovery codes yet."), "info"),
    "PASSWORD_RESET_REQUEST": (N_("If the address has an account, a letter is on its way."), "info"),
    "PASSWORD_RESET_EXPIRED": (N_("This link is too old. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("This link is not valid, or was used before. Ask for a new one."), "error"),
    "DISABLED_ACCOUNT": (N_("The email address or the password is not right."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Enter an email address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("Enter an email address in the right form, like name@example.org."), "error"),
    "INVALID_CODE": (N_("The code is not right."), "error"),
    "INVALID_INPUT": (N_("This cannot be entered here."), "error"),
    "INVALID_INPUT_LENGTH": (N_("This is too long."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), "error"),
    "PASSWORD_INVALID_LENGTH": (N_("The password is too short. Characters it must have: %(length)s."), "error"),
    "PASSWORD_TOO_SIMPLE": (N_("The password is too simple."), "error"),
    "PASSWORD_BREACHED": (N_("This password is known to others. Choose another."), "error"),
    "PASSWORD_BREACHED_SITE_ERROR": (N_("The password could not be checked. Try again later."), "error"),
    "USER_DOES_NOT_EXIST": (N_("The email address or the password is not right."), "error"),
    "INVALID_PASSWORD": (N_("The password is not right."), "error"),
    "INVALID_PASSWORD_CODE": (N_("The password or the code is not right."), "error"),
    "FORGOT_PASSWORD": (N_("Forgotten your password?"), "info"),
    "PASSWORD_RESET": (N_("Your password is changed."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password is changed. Sign in with it."), "success"),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the old one."), "error"),
    "PASSWORD_CHANGE": (N_("Your password is changed."), "success"),
    "LOGIN": (N_("Sign in to open this page."), "info"),
    "REFRESH": (N_("Confirm first that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you, it is you."), "info"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "error"),
    "CODE_HAS_BEEN_SENT": (N_("The code was sent."), "info"),
    "FAILED_TO_SEND_CODE": (N_("The code could not be sent. Try again later."), "error"),
    "TWO_FACTOR_INVALID_TOKEN": (N_("The code is not right, or was used before."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("Your second factor is set up."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Start again with your email address and password."), "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("This cannot be chosen here."), "error"),
    "TWO_FACTOR_DISABLED": (N_("Your second factor is switched off."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("That took too long. Start again."), "error"),
    "USE_CODE": (N_("Your code: %(code)s"), "info"),
    "WEBAUTHN_EXPIRED": (N_("That took too long. Start again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name."), "error"),
    "WEBAUTHN_NAME_INUSE": (N_("You have a passkey of this name: %(name)s."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey of this name: %(name)s."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (N_("Names have letters, figures, spaces and hyphens only."), "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("Passkey deleted: %(name)s."), "info"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("Passkey added: %(name)s."), "info"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is known already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (N_("This passkey is not known here."), "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (N_("This passkey is not known here."), "error"),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be checked. Try again."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (N_("This passkey is not known here."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (N_("This passkey is not known here."), "error"),
}
# Titles of the letters that Flask-Security writes.
LETTERS: dict[str, str] = {
    "reset_instructions": N_("Reset your password"),
    "reset_notice": N_("Your password was reset"),
    "change_notice": N_("Your password was changed"),
    "invitation": N_("Your account"),
}
