"""What the pages of a proposal ask, in words: a label for each field and column, and what a reviewer wants to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Words = Any  # text, or text that is translated when it is shown


@dataclass(frozen=True, slots=True)
class Said:
    """A field as its page shows it. one: what a row of it is called, before its number."""

    label: Words
    hint: Words = ""
    one: Words = ""


# At the head of a page: what it is for.
INTRODUCTIONS: dict[str, LazyString] = {
    "consent": _l("The Fund pays for nothing that the State has not asked for or agreed to."),
    "results": _l("Outcomes are what will be different; outputs are what the project delivers; indicators show both."),
    "activities": _l("Say when the project begins and ends first: quarters can then be ticked for each activity."),
    "focus-areas": _l("A proposal with one clear focus reads better than one with all of them."),
    "goals": _l("Tick the targets that the project moves, not all that it touches."),
    "risks": _l("Reviewers trust a proposal that knows what may go wrong."),
    "contacts": _l("At least one person who can answer questions while the proposal is screened."),
    "questions": _l("The call asks these of every proposal."),
}

SAID: dict[str, Said] = {
    "country.country": Said(_l("Country"), _l("The State in which the project takes place.")),
    "country.partners": Said(
        _l("Partners"), _l("Who carries it out with you: authorities, institutions, civil society. Say what each does.")
    ),
    "consent.form": Said(_l("Who took the first step?")),
    "consent.date": Said(
        _l("Date of the letter"), _l("Year, month, day: for example, %(example)s", example="2026-03-27")
    ),
    "consent.signatory": Said(_l("Who signed it"), _l("Name, function and authority.")),
    "context.title": Said(
        _l("Title of the proposal"), _l("One line that says what changes, for whom and where. It stands in every list.")
    ),
    "context.problem": Said(
        _l("Problem"), _l("Which right is not enjoyed, by whom, and why. Give figures and where they are from.")
    ),
    "context.context": Said(
        _l("Context"), _l("What the State and others do about it already, and why this is the time.")
    ),
    "focus-areas.chosen": Said(_l("Focus areas"), _l("Choose what the project is mainly about.")),
    "results.outcomes": Said(_l("Outcomes"), _l("One to three are usual."), _l("Outcome")),
    "results.outcomes.text": Said(
        _l("What will be different"), _l("A change for people or in what institutions do, not an activity.")
    ),
    "results.outputs": Said(_l("Outputs"), _l("What the project itself delivers."), _l("Output")),
    "results.outputs.text": Said(_l("What is delivered")),
    "results.outputs.outcome": Said(_l("To which outcome it leads")),
    "results.indicators": Said(_l("Indicators"), _l("At least one for each outcome and output."), _l("Indicator")),
    "results.indicators.text": Said(_l("What is measured")),
    "results.indicators.of": Said(_l("Of which outcome or output")),
    "results.indicators.baseline": Said(_l("Baseline"), _l("Where it stands today.")),
    "results.indicators.target": Said(_l("Target"), _l("Where it stands when the project ends.")),
    "results.indicators.by_sex": Said(_l("Counted by sex?"), _l("Yes wherever people are counted.")),
    "results.indicators.women": Said(_l("Target: women")),
    "results.indicators.men": Said(_l("Target: men")),
    "results.indicators.means": Said(_l("Means of verification"), _l("Where the figure will be found.")),
    "activities.starts": Said(_l("First quarter of the activities")),
    "activities.ends": Said(_l("Last quarter of the activities")),
    "activities.planned": Said(_l("Activities"), _l("The budget refers to them by their codes."), _l("Activity")),
    "activities.planned.text": Said(_l("What is done"), _l("With whom, where, and for how many.")),
    "activities.planned.output": Said(_l("To which output it leads")),
    "activities.planned.quarters": Said(_l("Quarters")),
    "activities.planned.marker": Said(_l("Gender marker of the activity")),
    "national-systems.strengthening": Said(
        _l("How national systems become stronger"),
        _l("What stays in institutions, laws or procedures once the project is over."),
    ),
    "national-systems.bodies": Said(
        _l("Bodies"), _l("The national mechanism, the national institution, ministries, courts.")
    ),
    "national-systems.laws": Said(_l("Laws and policies"), _l("That the project helps to adopt, amend or apply.")),
    "goals.targets": Said(_l("Targets"), _l("Open a goal to see its targets.")),
    "goals.alignment": Said(_l("How the project serves them"), _l("May be left empty.")),
    "gender.marker": Said(_l("Gender marker")),
    "gender.analysis": Said(
        _l("Gender analysis"),
        _l("How women, men, girls and boys live the problem differently, and what the project does about it."),
    ),
    "inclusion.left-behind": Said(
        _l("Who is left behind, and how the project reaches them"),
        _l("Name the groups. Say how they take part, and what stands in their way."),
    ),
    "risks.named": Said(_l("Risks"), _l("Political, practical, and harm the project itself might do."), _l("Risk")),
    "risks.named.text": Said(_l("What may happen")),
    "risks.named.likelihood": Said(_l("Likelihood")),
    "risks.named.impact": Said(_l("Impact")),
    "risks.named.measure": Said(_l("What is done against it")),
    "sustainability.afterwards": Said(
        _l("What remains after the project"), _l("Who goes on with it, and who pays for it.")
    ),
    "other-funding.declared": Said(_l("Is there other funding for the same project?")),
    "other-funding.sources": Said(
        _l("Sources"), _l("Who pays, how much, and for which part. Say it also if it is only asked for.")
    ),
    "monitoring.plan": Said(
        _l("How the project is followed"), _l("Who looks at progress, when, and what happens if it falls behind.")
    ),
    "contacts.people": Said(_l("People"), "", _l("Person")),
    "contacts.people.name": Said(_l("Name")),
    "contacts.people.function": Said(_l("Function")),
    "contacts.people.email": Said(_l("E-mail address")),
    "contacts.people.phone": Said(_l("Telephone"), _l("With the code of the country.")),
}  # fmt: skip

# What is chosen of a short list: "field.code" where a code means something of its own there, else the code.
OPTIONS: dict[str, LazyString] = {
    "request": _l("The State asked for this support"),
    "consent": _l("We proposed it, and the State agreed"),
    "yes": _l("Yes"),
    "no": _l("No"),
    "low": _l("Low"),
    "medium": _l("Medium"),
    "high": _l("High"),
    "0": _l("0: it is not expected to contribute to gender equality"),
    "1": _l("1: it contributes to gender equality in part"),
    "2": _l("2: gender equality is a significant objective"),
    "3": _l("3: gender equality is the principal objective"),
}
QUARTERS: dict[int, LazyString] = {
    1: _l("%(year)s, January to March"),
    2: _l("%(year)s, April to June"),
    3: _l("%(year)s, July to September"),
    4: _l("%(year)s, October to December"),
}


def said(section: str, *names: str) -> Said:
    """What a field of a section is called, or a column of one; one that nobody has named is shown by its name."""
    return SAID.get(".".join((section, *names))) or Said(names[-1])
