"""What the parts, fields and choices of a proposal are called in a dossier. Pure."""

from __future__ import annotations

from fundapp.kernel.languages import NO_BREAK
from fundapp.proposals.rules.budget import ErpClass
from fundapp.publishing.words import Words
from fundapp.recommendations.rules import Position


def section_title(name: str, words: Words) -> str:
    """The title of a part of the dossier."""
    return {
        "country": words.text("Country and partners"),
        "consent": words.text("Request or consent of the State"),
        "context": words.text("Problem and context"),
        "recommendations": words.text("Recommendations that the project helps to implement"),
        "focus-areas": words.text("Focus areas"),
        "results": words.text("Results framework"),
        "activities": words.text("Activities by quarter"),
        "national-systems": words.text("Strengthening of national systems"),
        "goals": words.text("Sustainable Development Goals"),
        "gender": words.text("Gender"),
        "inclusion": words.text("Leaving no one behind"),
        "risks": words.text("Risks"),
        "sustainability": words.text("Sustainability"),
        "other-funding": words.text("Other funding"),
        "monitoring": words.text("Monitoring"),
        "questions": words.text("Questions of the call"),
        "budget": words.text("Budget"),
        "contacts": words.text("Contacts"),
        "documents": words.text("List of documents"),
        "exchanges": words.text("Questions and answers on the record"),
    }.get(name, name)


def field_title(name: str, words: Words) -> str:
    """What a field is called, by "section.field"."""
    return {
        "country.country": words.text("State"),
        "country.partners": words.text("Partners"),
        "consent.form": words.text("Form"),
        "consent.date": words.text("Date"),
        "consent.signatory": words.text("Signatory"),
        "context.problem": words.text("Problem"),
        "context.context": words.text("Context"),
        "national-systems.strengthening": words.text("How national systems are strengthened"),
        "national-systems.bodies": words.text("National bodies"),
        "national-systems.laws": words.text("Laws and policies"),
        "goals.alignment": words.text("How the project contributes to the goals"),
        "gender.marker": words.text("Gender marker"),
        "gender.analysis": words.text("Gender analysis"),
        "inclusion.left-behind": words.text("Persons and groups at risk of being left behind"),
        "sustainability.afterwards": words.text("After the end of the project"),
        "other-funding.declared": words.text("Other funding received or asked for"),
        "other-funding.sources": words.text("Sources of other funding"),
        "monitoring.plan": words.text("Plan of monitoring"),
    }.get(name, name)


def choice(code: str, words: Words) -> str:
    """What a choice is called; one that is not known is given as it is."""
    return {
        "request": words.text("Request of the State"),
        "consent": words.text("Consent of the State"),
        "yes": words.text("Yes"),
        "no": words.text("No"),
        "low": words.text("Low"),
        "medium": words.text("Medium"),
        "high": words.text("High"),
    }.get(code, code)


def language_name(code: str, words: Words) -> str:
    """What a language is called in the document's."""
    return {
        "ar": words.text("Arabic"),
        "zh": words.text("Chinese"),
        "en": words.text("English"),
        "fr": words.text("French"),
        "ru": words.text("Russian"),
        "es": words.text("Spanish"),
    }.get(code, code)


def status_name(code: str, words: Words) -> str:
    """A special situation of a State."""
    return {
        "ldc": words.text("Least developed country"),
        "lldc": words.text("Landlocked developing country"),
        "sids": words.text("Small island developing State"),
    }.get(code, code)


def position_name(position: Position | None, words: Words) -> str:
    """The position of the State on a recommendation."""
    return {
        Position.SUPPORTED: words.text("Supported"),
        Position.NOTED: words.text("Noted"),
        Position.PENDING: words.text("Pending"),
        None: words.text("Not known"),
    }[position]


def class_name(code: ErpClass, words: Words) -> str:
    """A class of expenditure, after its number."""
    name = {
        ErpClass.STAFF: words.text("Staff and other personnel costs"),
        ErpClass.CONTRACTUAL: words.text("Contractual services"),
        ErpClass.OPERATING: words.text("General operating and other direct costs"),
        ErpClass.SUPPLIES: words.text("Supplies, commodities and materials"),
        ErpClass.EQUIPMENT: words.text("Equipment, vehicles and furniture"),
        ErpClass.PARTNERS: words.text("Transfers to implementing partners"),
        ErpClass.GRANTS: words.text("Grants out"),
        ErpClass.SUPPORT: words.text("Programme support costs"),
        ErpClass.TRAVEL: words.text("Travel"),
    }[code]
    return f"{words.code(code.value)} {name}"


def dollars(cents: int, words: Words) -> str:
    """An amount in a line of words."""
    figure = words.figure(cents).replace(" ", NO_BREAK)
    return words.text("%(amount)s United States dollars", amount=words.code(figure))


def nothing(words: Words) -> str:
    """What stands where nothing was written."""
    return words.text("Nothing was written here.")
