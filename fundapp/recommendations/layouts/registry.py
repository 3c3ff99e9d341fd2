"""Which layouts there are, and which of them a file has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts import impact_oss, thematic_list, uhri_json, uhri_xlsx, upr_info
from fundapp.recommendations.layouts.incoming import About, Incoming
from fundapp.recommendations.layouts.package import opened
from fundapp.recommendations.rules import Reading, Recommended, once

LAYOUTS: dict[str, Callable[[Incoming, Reading, About], Iterator[Recommended]]] = {
    "ohchr-list": thematic_list.rows,
    "upr-info": upr_info.rows,
    "uhri-xlsx": uhri_xlsx.rows,
    "uhri-json": uhri_json.rows,
    "impact-oss": impact_oss.rows,
}


def recognise(file: Incoming, layout: str | None = None) -> str:
    """The layout of the file, or the one that is asked for; refused when it is none that is known."""
    known = ", ".join(LAYOUTS)
    if layout is not None:
        if layout not in LAYOUTS:
            raise refuse("layout.unknown", layout=layout, known=known)
        return layout
    head = file.head()
    if head.startswith(b"PK\x03\x04"):
        with opened(file) as package:
            names = set(package.namelist())
        if thematic_list.recognises(names):
            return "ohchr-list"
        if uhri_xlsx.recognises(names):
            return "uhri-xlsx"
    elif uhri_json.recognises(file):
        return "uhri-json"
    elif upr_info.recognises(file):
        return "upr-info"
    elif impact_oss.recognises(file):
        return "impact-oss"
    raise refuse("layout.unrecognised", name=file.name, known=known)


def rows(file: Incoming, layout: str, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the file, each once, as they are read; what is wrong goes to the reading's faults."""
    return once(LAYOUTS[layout](file, reading, about), reading)
