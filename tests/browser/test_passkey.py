"""A passkey from the first touch to signing in with it, on a device that the browser makes up."""

from __future__ import annotations

import re

from browser.conftest import Site, Visit
from playwright.sync_api import Page, expect

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page, *, willing: bool = True) -> None:
    """The browser has a device with a finger on it."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, "isUserVerified": willing}})


def test_add_a_passkey_and_sign_in_with_it(site: Site, visit: Visit) -> None:
    page = visit("desk-officer", "/account")
    with_device(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop of the tests")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/account"))
    expect(page.get_by_role("textbox", name="Name of the passkey")).to_have_value("Laptop of the tests")

    page.locator("details.app-menu").last.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site.address}/login")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/UPR/"))
    expect(page.locator("details.app-menu").last).to_contain_text("Lucía Ferrer")


def test_a_device_that_declines_is_said(visit: Visit) -> None:
    page = visit("reviewer", "/wan-register")
    with_device(page, willing=False)
    page.get_by_label("Name").fill("Nobody")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-passkey-error]")).to_be_visible()
    assert "/wan-register" in page.url
