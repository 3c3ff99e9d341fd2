"""The application for a server: `gunicorn wsgi:app`. Production unless FUNDAPP_MODE says otherwise."""

from __future__ import annotations

import os

from fundapp.web.assemble import create_app

app = create_app(FUNDAPP_MODE=os.environ.get("FUNDAPP_MODE", "production"))
