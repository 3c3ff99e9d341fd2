"""What people write on the pages of the money."""

from fundapp.finance.forms.books import (
    AnnotationForm,
    AttributionForm,
    ClosingForm,
)

__all__ = [
    "AnnotationForm",
    "AttributionForm",
    "ClosingForm",
]
