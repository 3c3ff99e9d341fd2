"""Flask-Security's forms, made stricter: what they let pass uncounted is counted, what they would remember is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask_login import current_user
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
)
from wtforms import Field, Form, RadioField

from fundapp.access.models import ATTEMPTS, LOCKED_FOR, Person, minutes_until
from fundapp.access.operations import Anonymous, count_use, fingerprint, forget_uses
from fundapp.access.queries import use_ends_at
from fundapp.access.words import LABELS
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

LONG = timedelta(days=30)  # failures for an address without an account are remembered as long


def count_failure_of_nobody(email: str) -> None:
    """A wrong attempt for an address without an account, or with a disabled one: locked after as many as a real one,
    so that the lock tells nobody who has an account."""
    failed, locked = f"nobody:failed:{email}", f"nobody:locked:{email}"
    with unit_of_work(Anonymous(), aside=True) as work:
        if count_use(work, None, failed, ATTEMPTS - 1, int(LONG.total_seconds())):
            forget_uses(work, None, failed)
            forget_uses(work, None, locked)
            count_use(work, None, locked, 1, int(LOCKED_FOR.total_seconds()))


def _minutes_for_nobody(email: str) -> int:
    return minutes_until(use_ends_at(db.session(), fingerprint(f"nobody:locked:{email}")))


class Worded:
    """A form of Flask-Security with our labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in cast(Form, self):
            if field.short_name in LABELS:
                field.label.text = LABELS[field.short_name]
                field.description = ""


class SignInForm(Worded, LoginForm):
    """Email address and password; after a failure it knows how long to wait, account or not."""

    waiting = ""

    def validate(self, **kwargs: Any) -> bool:
        """Whether they are right."""
        self.remember.data = False  # such a cookie would outlive the limits of a session, and the second factor
        if super().validate(**kwargs):
            return True
        if minutes := self._minutes():
            self.waiting = get_message("LOCKED", minutes=minutes)[0]
        return False

    def _minutes(self) -> int:
        person = cast(Person | None, self.user)
        email = str(self.email.data or "").lower()
        if person is not None and person.active:
            return person.minutes_to_wait()
        if person is None and self.email.data and self.password.data:
            count_failure_of_nobody(email)
        return _minutes_for_nobody(email)


class AgainForm(Worded, VerifyForm):
    """The password once more; no more guesses while locked."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is right."""
        if minutes := cast(Person, self.user).minutes_to_wait():
            self.password.errors = [get_message("LOCKED", minutes=minutes)[0]]
            return False
        return super().validate(**kwargs)


class NewPasswordForm(Worded, ChangePasswordForm):
    """Old password and new one; wrong old ones are counted, which Flask-Security does not."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the old one is right and the new one good enough."""
        person = cast(Person, current_user._get_current_object())
        if minutes := person.minutes_to_wait():
            self.password.errors = [get_message("LOCKED", minutes=minutes)[0]]
            return False
        if super().validate(**kwargs):
            return True
        if get_message("INVALID_PASSWORD")[0] in self.password.errors:
            person.track_failed_authn("password")
        return False


class LostPasswordForm(Worded, ForgotPasswordForm):
    """Where to send the link that resets a password."""


class FirstPasswordForm(Worded, ResetPasswordForm):
    """A password that takes the place of one forgotten."""


def _locked_out(person: Person, field: Field) -> bool:
    """Whether guessing is over for now. Asked here as well: a browser's cookie is kept by whoever guesses, so that
    sending them back to the password stops nobody who sends the old cookie again."""
    if minutes := person.minutes_to_wait():
        field.errors = [get_message("LOCKED", minutes=minutes)[0]]
    return minutes > 0


class CodeForm(Worded, TwoFactorVerifyCodeForm):
    """The code of the second factor."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is right; while locked, and for a device that another has replaced, no code is."""
        person = cast(Person, self.user)
        if not self.is_setup and (_locked_out(person, self.code) or self._outdated(person)):
            return False
        return super().validate(**kwargs)

    def _outdated(self, person: Person) -> bool:
        """A cookie from a set-up that was begun with the password alone, and the person has a device since: it
        must not put its own in the place of theirs."""
        outdated = bool(person.tf_primary_method) and self.tf_totp_secret != person.tf_totp_secret
        if outdated:
            self.code.errors = [get_message("TWO_FACTOR_INVALID_TOKEN")[0]]
        return outdated


class OldPasskeyForm(Worded, WebAuthnDeleteForm):
    """The passkey to delete."""


class CountedRecoveryForm(Worded, MfRecoveryForm):
    """Flask-Security does not count wrong recovery codes."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of those left; while locked, none is."""
        if self.user is not None and _locked_out(cast(Person, self.user), self.code):
            return False
        if super().validate(**kwargs):
            return True
        if self.user is not None:
            self.user.track_failed_authn("recovery", True)
        return False


class SecondFactorForm(TwoFactorSetupForm):
    """Which second factor: ours is the authenticator, or none where the role needs none."""

    setup = RadioField(choices=[], validate_choice=False)


class RescueForm(TwoFactorRescueForm):
    """Made by Flask-Security beside the code; its page is closed."""

    help_setup = RadioField(choices=[])


class NewPasskeyForm(Worded, WebAuthnRegisterForm):
    """A new passkey. All of ours sign in alone: each asks the person for a finger, a face or a PIN."""

    usage = RadioField(choices=[], validate_choice=False)

    def validate(self, **kwargs: Any) -> bool:
        """Whether the name will do."""
        self.usage.data = "first"
        return super().validate(**kwargs)


class PasskeyForm(WebAuthnSigninForm):
    """The first step with a passkey; never remembered beyond the session."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it may begin."""
        self.remember.data = False
        return super().validate(**kwargs)


class PasskeyAnswerForm(WebAuthnSigninResponseForm):
    """The passkey's answer. Flask-Security notes that an account is disabled, and signs it in."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the passkey is theirs and they may sign in."""
        self.remember.data = ""
        return super().validate(**kwargs) and self.user is not None and bool(self.user.is_active)
