"""Files of recommendations as others write them, of any size and the same each time; none is ever kept."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from itertools import accumulate, chain
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from fundapp.recommendations.themes import themes
from fundapp.reference import source

SEED = 18
PLAIN = (
    *"the of and to in for with its all on that from by at a".split(),
    *"rights human ensure measures continue national protection strengthen implementation persons women".split(),
    *"ratify adopt legislation law discrimination violence access education health efforts international".split(),
    *"convention optional protocol framework policies promote combat effective including guarantee freedom".split(),
    *"expression justice independent commission principles trafficking torture detention death penalty".split(),
)
SYLLABLES = "an ar ba be co da de en er fa gi ha in ka le li ma me no or pa pe ra re sa se ta te ti to un va".split()
BODIES = ("Universal Periodic Review", "CEDAW", "CRC", "CCPR", "CAT", "SR on health", "SR on torture")
UHRI = (
    *("Text", "Countries Concerned", "Reccomending Body", "Document Symbol", "Themes", "Affected Persons", "Sdgs"),
    *("Document Publication Date", "UPR Reccomending States", "UPR Position", "Type", "OHCHR Annotation Id"),
    *("UPR Session", "Regions Concerned", "Recommending Regions", "Date of publication on UHRI"),
)
INFO = ("To", "To-Rgrp", "To-Org", "Text", "From", "From-Rgrp", "From-Org", "Response", "Action", "Issue", "Session")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OF = "http://schemas.openxmlformats.org/package/2006"


class Words:
    """Sentences of 300 to 400 characters: few words are in most of them, and thousands in few."""

    def __init__(self, random: Random) -> None:
        made = {"".join(random.choices(SYLLABLES, k=random.choice((3, 3, 4, 5)))) for _ in range(20_000)}
        self.random, self.known = random, [*PLAIN, *sorted(made)]
        self.weights = list(accumulate(1 / (place + 3) for place in range(len(self.known))))

    def sentence(self) -> str:
        """One, as long as those of the index."""
        found = " ".join(self.random.choices(self.known, cum_weights=self.weights, k=70))
        return f"{found[: self.random.randrange(300, 400)].capitalize()}."


def states() -> list[str]:
    """The names of the States, as files have them."""
    return [row["name_en"] for row in source.countries()]


def upr_info(path: Path, size: int) -> Path:
    """UPR Info's export."""
    random = Random(SEED)
    words, names = Words(random), states()
    issues = ["Right to health", "Women's rights", "Torture and other CID treatment", "International instruments"]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(INFO)
        for _ in range(size):
            rows.writerow((
                random.choice(names), "EEG", "EU, OIF", words.sentence(), random.choice(names), "GRULAC", "OAS",
                random.choice(("Accepted", "Accepted", "Accepted", "Noted")), str(random.randrange(1, 6)),
                ",".join(random.sample(issues, random.choice((1, 1, 2)))), str(random.randrange(13, 27)),
            ))  # fmt: skip
    return path


def of_the_index(size: int) -> Iterator[dict[str, str]]:
    """Rows of the Universal Human Rights Index: most of treaty bodies, a third of the review."""
    random = Random(SEED)
    words, names, known = Words(random), states(), list(themes().values())
    groups = ("Children", "Women & girls", "Persons with disabilities", "Minorities", "Migrants")
    goals = [f"{n} - GOAL" for n in range(1, 18)]
    for number in range(1, size + 1):
        state, body = random.choice(names), random.choice(BODIES)
        review = body.startswith("Universal")
        labels = random.choices(known, cum_weights=words.weights[: len(known)], k=random.choice((1, 2, 3)))
        yield {
            "Text": words.sentence(),
            "Countries Concerned": f"- {state}",
            "Reccomending Body": f"- {body}",
            "Document Symbol": f"A/HRC/{random.randrange(8, 60)}/{random.randrange(2, 30)}",
            "Themes": _lines(labels),
            "Affected Persons": _lines([random.choice(groups)]) if number % 3 else "",
            "Sdgs": _lines(random.sample(goals, random.choice((1, 1, 2)))) if number % 3 else "",
            "Document Publication Date": f"{random.randrange(2006, 2026)}-{random.randrange(1, 13):02}-15",
            "UPR Reccomending States": _lines(random.sample(names, 2)) if review else "",
            "UPR Position": f"- {random.choice(('Supported', 'Supported', 'Noted'))}" if review else "",
            "Type": "- Recommendations",
            "OHCHR Annotation Id": f"a{number:07}-5e1f-4c",
            "UPR Session": f"- {random.randrange(1, 50)}" if review else "",
            "Regions Concerned": "- Africa",
            "Recommending Regions": "- Asia-Pacific" if review else "",
            "Date of publication on UHRI": "2025-01-31",
        }  # fmt: skip


def _lines(texts: list[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def uhri_json(path: Path, size: int) -> Path:
    """The index as JSON."""
    names = {"AnnotationId": "OHCHR Annotation Id", "Symbol": "Document Symbol", "Body": "Reccomending Body"}
    names |= {"PublicationDate": "Document Publication Date", "UprSession": "UPR Session"}
    lists = {"Countries": "Countries Concerned", "Themes": "Themes", "AffectedPersons": "Affected Persons"}
    lists |= {"Sdgs": "Sdgs", "UprPositions": "UPR Position", "UprRecommendingCountry": "UPR Reccomending States"}
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(of_the_index(size)):
            found: dict[str, object] = {"Text": f"<p>{row['Text']}</p>", "UprCycle": ""}
            found |= {name: row[column].removeprefix("- ") for name, column in names.items()}
            found |= {
                name: [line.removeprefix("- ") for line in row[column].splitlines()] for name, column in lists.items()
            }
            file.write(("," if number else "[") + json.dumps(found))
        file.write("]")
    return path


def uhri_xlsx(path: Path, size: int, *, shared: bool = True) -> Path:
    """The index as a workbook, its texts in a table of their own as most programs write them, or in the cells."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _book().items():
            package.writestr(name, _HEAD + text)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            end = f"{chr(64 + len(UHRI))}{size + 1}"
            sheet.write(f'{_HEAD}<worksheet {_MAIN}><dimension ref="A1:{end}"/><sheetData>'.encode())
            headings = dict(zip(UHRI, UHRI, strict=True))
            for number, row in enumerate(chain([headings], of_the_index(size)), 1):
                cells = "".join(
                    _cell(f"{chr(65 + place)}{number}", row[name], strings if shared else None)
                    for place, name in enumerate(UHRI)
                    if row[name]
                )
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        with package.open("xl/sharedStrings.xml", "w", force_zip64=True) as table:
            table.write(f'{_HEAD}<sst {_MAIN} uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                table.write(f'<si><t xml:space="preserve">{escape(text)}</t></si>'.encode())
            table.write(b"</sst>")
    return path


def _cell(place: str, text: str, strings: dict[str, int] | None) -> str:
    if strings is None:
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    return f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'


def _book() -> dict[str, str]:
    """The small parts of a workbook of one sheet."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/worksheets/sheet1.xml": "worksheet",
             "/xl/sharedStrings.xml": "sharedStrings"}  # fmt: skip
    types = "".join(f'<Override PartName="{n}" ContentType="{kind}.{k}+xml"/>' for n, k in parts.items())
    types += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'

    def links(**to: str) -> str:
        found = "".join(
            f'<Relationship Id="{kind}" Type="{_PARTS}/{kind}" Target="{path}"/>' for kind, path in to.items()
        )
        return f'<Relationships xmlns="{_OF}/relationships">{found}</Relationships>'

    return {
        "[Content_Types].xml": f'<Types xmlns="{_OF}/content-types">{types}</Types>',
        "_rels/.rels": links(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_PARTS}"><sheets><sheet name="Results" sheetId="1"'
        ' r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"),
    }
