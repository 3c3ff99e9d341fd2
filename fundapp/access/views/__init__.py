"""The pages of access: people and their roles, one's own account, letters, the trail."""

from fundapp.access.views import account, enter, people, trail
from fundapp.access.views.page import blueprint

__all__ = ["account", "blueprint", "enter", "people", "trail"]
