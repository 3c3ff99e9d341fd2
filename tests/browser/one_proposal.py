"""Run beside the server of the tests: begins a proposal without a budget, and prints its reference."""

from __future__ import annotations

from calls import fund, someone
from proposing import pages

from fundapp.access.models import Office
from fundapp.access.policy import Role
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.operations.writing import Beginning, begin_proposal, save_section
from fundapp.proposals.queries import named_call
from fundapp.web.assemble import create_app
from fundapp.web.calls import this_year


def main() -> None:
    """Begin it, with a title and activities in the four quarters of a year."""
    with create_app().app_context():
        author = someone(Role.FIELD_OFFICER)
        where = next(held.office_id for held in author.grants if held.office_id)
        with unit_of_work(author) as work:
            call = named_call(work.session, fund(), f"{this_year()}-1")
            made = begin_proposal(work, Beginning(call, work.session.get_one(Office, where)), "fr")
            said = pages()
            for name in ("context", "activities"):
                save_section(work, made, name, said[name], 0, "en")
            reference = made.reference
        print(reference)


if __name__ == "__main__":
    main()
