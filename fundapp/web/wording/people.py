"""Sentences about people, their roles, offices, passkeys and letters."""

from fundapp.web.wording.marked import marked as _l

PEOPLE = {
    "person.email-invalid": _l("“%(email)s” is no email address."),
    "person.email-exists": _l("There is a person with the address %(email)s already."),
    "person.name-missing": _l("Give a name, of 200 characters at most."),
    "person.disabled": _l("%(name)s is disabled. Enable them first."),
    "person.last-administrator": _l("%(name)s is the last administrator who can sign in. Make another one first."),
    "language.unknown": _l("There is no language %(language)s. There are: %(known)s."),
    "invitation.used": _l("%(name)s has a password already, or was sent a newer link. The reset page sends a new one."),
    "office.incomplete": _l("An office has a code, a name and a country of three letters, like FJI."),
    "office.exists": _l("The code %(code)s is taken."),
    "office.unknown": _l("There is no office %(code)s. There are: %(known)s."),
    "role.unknown": _l("There is no role %(role)s. There are: %(known)s."),
    "role.needs-office": _l("The role %(role)s is given for an office. Name the office."),
    "role.no-office": _l("The role %(role)s is not given for an office. Leave the office out."),
    "role.held": _l("They hold the role %(role)s there already."),
    "role.apart": _l("Nobody holds %(role)s together with %(other)s."),
    "role.not-held": _l("%(name)s no longer holds this role."),
    "passkey.name-missing": _l("Give the passkey a name, of 64 characters at most."),
    "passkey.name-taken": _l("You have a passkey of this name: %(name)s."),
    "mail.url-invalid": _l(
        "FUNDAPP_SMTP_URL names no mail server. Write it like smtps://user:password@mail.example.org."
    ),
    "export.too-large": _l("These are %(rows)s rows; a workbook takes %(most)s. Narrow the filter, or take CSV."),
}
