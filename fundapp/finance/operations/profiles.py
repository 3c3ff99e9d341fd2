"""Profiles of extracts: a change makes the next edition, and what was read by an older one stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.models import ExtractProfile
from fundapp.finance.queries.extracts import Profile, expenditure_accounts, profile, project_codes
from fundapp.finance.rules.extracts import CLASS, PROJECT, Layout, wrong_with
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.work import Work


@operation(Permission.EXPENDITURE_IMPORT)
def keep_profile(work: Work, fund: Fund, code: str, name: str, layout: Layout, seen: int) -> ExtractProfile:
    """Keep how a source writes its extracts; seen: the edition that its writer saw, 0 for a new one."""
    hold(work.session, [fund])
    accounts = expenditure_accounts(work.session)
    if faults := wrong_with(code, name, layout, accounts):
        raise Refusal(*faults)
    codes = set(project_codes(work.session, fund).values())
    if lacking := next((one for one in layout.projects.values() if one and one not in codes), None):
        raise refuse("extract.no-project", project=lacking[:40])
    last = _last(work, fund, code)
    if (last.edition if last else 0) != seen:
        raise refuse("extract.profile-changed", code=code)
    return _next(work, fund, code, name, layout, last)


@operation(Permission.EXPENDITURE_IMPORT)
def name_unknown(work: Work, fund: Fund, source: str, what: str, text: str, means: str) -> ExtractProfile:
    """Say what a project or class of a source means, from now on: a project account by its code (nothing: the fund's
    own work), or an account of expenditure."""
    hold(work.session, [fund])
    found = profile(work.session, fund, source)
    if what == PROJECT:
        if means and means not in project_codes(work.session, fund, work.actor).values():
            raise refuse("extract.no-project", project=means[:40])
        layout = replace(found.layout, projects={**found.layout.projects, text: means})
    elif what == CLASS and text:
        if means not in expenditure_accounts(work.session):
            raise refuse("extract.no-account", name=text[:60], account=means[:40])
        layout = replace(found.layout, classes={**found.layout.classes, text: means})
    else:
        raise refuse("extract.nothing-unknown", text=text[:60])
    return _next(work, fund, found.code, found.name, layout, _last(work, fund, found.code))


@operation(Permission.EXPENDITURE_IMPORT)
def profile_in_use(work: Work, fund: Fund, found: Profile) -> int:
    """The key of a profile as it stands; one that comes with the program is kept for the fund when it is first used."""
    if found.key is not None:
        return found.key
    return _next(work, fund, found.code, found.name, found.layout, None).id


def _last(work: Work, fund: Fund, code: str) -> ExtractProfile | None:
    of_code = sa.and_(ExtractProfile.fund_id == fund.id, ExtractProfile.code == code)
    asked = sa.select(ExtractProfile).where(of_code).order_by(ExtractProfile.edition.desc())
    return work.session.scalars(asked.limit(1)).first()


def _next(work: Work, fund: Fund, code: str, name: str, layout: Layout, last: ExtractProfile | None) -> ExtractProfile:
    settings: Mapping[str, object] = layout.settings()
    if last is not None:
        if last.settings == settings and last.name == name:
            return last
        last.ended_at = work.at
    made = ExtractProfile(
        fund_id=fund.id, code=code, edition=1 + (last.edition if last else 0), name=name, settings=dict(settings),
        at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    return made
