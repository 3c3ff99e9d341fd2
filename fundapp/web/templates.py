"""Templates, as pages use them: two dozen to a page, most of them macros that it imports."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class Templates(Environment):
    """Flask's, with one dictionary for what all templates know. Jinja's own chain of two is walked in Python for every
    template that a page imports, which takes longer than what most of their macros do."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows; no template of ours brings anything of its own."""
        return super().make_globals(d) if d else self.globals


def init(app: Flask) -> None:
    """Before anybody asks for a template."""
    app.jinja_environment = Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
