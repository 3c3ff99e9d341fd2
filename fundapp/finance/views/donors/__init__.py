"""Pages of donors, what they promise, and who was asked; and for which projects a contribution can be given."""

from fundapp.finance import earmarks
from fundapp.finance.views.donors import appeals, contacts, papers, pledges, register
from fundapp.finance.views.donors.blueprint import blueprint

__all__ = ["appeals", "blueprint", "contacts", "earmarks", "papers", "pledges", "register"]
