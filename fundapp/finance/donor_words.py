"""What kinds of donors, pledges, papers and requests are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.contributions.models import Answered, DonorKind, Earmark, PledgeKind, PledgePaper, PledgeStage

DONOR_KINDS = {
    DonorKind.STATE: _l("A State"),
    DonorKind.ORGANISATION: _l("Organization"),
    DonorKind.PRIVATE: _l("Private donor"),
    DonorKind.OTHER: _l("Other donor"),
}
PLEDGE_KINDS = {PledgeKind.AGREEMENT: _l("Agreement"), PledgeKind.PLEDGE: _l("Pledge")}
PLEDGE_STAGES = {
    PledgeStage.DRAFT: _l("Draft"),
    PledgeStage.BINDING: _l("Binding"),
    PledgeStage.CANCELLED: _l("Cancelled"),
}
STAGE_MARKS = {PledgeStage.DRAFT: "1", PledgeStage.BINDING: "done", PledgeStage.CANCELLED: "no"}
EARMARKS = {
    Earmark.NONE: _l("The fund as a whole"),
    Earmark.THEME: _l("Focus area"),
    Earmark.REGION: _l("Region"),
    Earmark.COUNTRY: _l("Country"),
    Earmark.PROJECT: _l("Project"),
}
PAPERS = {
    PledgePaper.AGREEMENT: _l("Agreement"),
    PledgePaper.LETTER: _l("Letter"),
    PledgePaper.NOTE_VERBALE: _l("Note verbale"),
    PledgePaper.OTHER: _l("Other paper"),
}
ANSWERS = {
    Answered.OPEN: _l("No answer yet"),
    Answered.PROMISED: _l("Contribution promised"),
    Answered.DECLINED: _l("It declined"),
}
ANSWER_MARKS = {Answered.OPEN: "1", Answered.PROMISED: "done", Answered.DECLINED: "no"}
