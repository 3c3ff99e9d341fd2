"""What people type on the pages of the register, parsed and checked."""

from fundapp.recommendations.forms.register import RegisterFilterForm

__all__ = ["RegisterFilterForm"]
