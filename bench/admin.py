"""The same proposals in Django's admin, as somebody who knows Django would list them: the columns of our list, filters
beside it, one query for the rows with what they point at, sixty to a page, over the very tables of the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import path

PAGE = 60
# What Django takes for an application, with the tables of the program in it
Listing: Any = type("Listing", (AppConfig,), {"__module__": __name__, "name": "bench", "label": "bench"})
urlpatterns: list[Any] = []  # where Django looks for them
_CONTEXT = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages")  # fmt: skip
_BETWEEN = ("sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware",
            "messages.middleware.MessageMiddleware")  # fmt: skip


def changelist(file: Path) -> Callable[[int], bytes]:
    """The list of proposals in Django's admin for somebody signed in, by the number of its page, from 1."""
    _configure(file)
    call_command("migrate", verbosity=0)
    site = admin.AdminSite()
    site.register(_proposal(), _listed())
    urlpatterns.append(path("admin/", site.urls))
    client = Client()
    people = django.apps.apps.get_model("auth", "User").objects
    client.force_login(people.create_superuser("bench", "bench@example.org", "correct horse battery"))

    def page(number: int) -> bytes:
        answer = client.get("/admin/bench/proposal/", {"p": number})
        if answer.status_code != 200:
            raise SystemExit(f"bench: Django's admin answers {answer.status_code}")
        content: bytes = answer.content
        return content

    return page


def _configure(file: Path) -> None:
    contrib = [f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")]
    settings.configure(
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        # kept open between requests, as a server would
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "CONN_MAX_AGE": None}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
        STATIC_URL="/static/",
        INSTALLED_APPS=[*contrib, f"{__name__}.Listing"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                    *(f"django.contrib.{name}" for name in _BETWEEN)],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "OPTIONS": {"context_processors": list(_CONTEXT)}}],
    )  # fmt: skip
    django.setup()


def _model(kind: str, table: str, shown: str, /, **columns: Any) -> Any:
    """A table of the program as a model that Django leaves alone; shown: the column that says what a row is."""
    meta = type("Meta", (), {"app_label": "bench", "managed": False, "db_table": table, "ordering": ["-id"]})
    words = {"__module__": __name__, "Meta": meta, "__str__": lambda row: str(getattr(row, shown))}
    return type(kind, (models.Model,), {**words, **columns})


def _points(to: Any, column: str) -> Any:
    return models.ForeignKey(to, models.DO_NOTHING, db_column=column, null=True)


def _proposal() -> Any:
    text = models.CharField
    country = _model(
        "Country", "country", "name_en", code=text(max_length=3, unique=True), name_en=text(max_length=200),
        subregion=text(max_length=3),
    )  # fmt: skip
    person = _model("Person", "person", "name", name=text(max_length=200))
    office = _model("Office", "office", "name", name=text(max_length=200))
    call = _model("Call", "call", "code", code=text(max_length=10))
    area = _model("Area", "focus_area", "name_en", name_en=text(max_length=200))
    proposal = _model(
        "Proposal", "proposal", "reference", reference=text(max_length=20), title=text(max_length=300),
        language=text(max_length=2), stage=text(max_length=40, choices=[]), stage_since=models.DateTimeField(),
        total_cents=models.BigIntegerField(), sought=models.TextField(), call=_points(call, "call_id"),
        office=_points(office, "office_id"), officer=_points(person, "officer_id"),
        country=models.ForeignKey(country, models.DO_NOTHING, db_column="country", to_field="code", null=True),
        areas=models.ManyToManyField(area, through="bench.ProposalArea"),
    )  # fmt: skip
    _model("ProposalArea", "proposal_area", "id", proposal=_points(proposal, "proposal_id"),
           area=_points(area, "area_id"))  # fmt: skip
    return proposal


def _listed() -> Any:
    """How the list is asked for: what a row points at comes with it, areas in one query for the page."""

    def areas(_: Any, row: Any) -> str:
        return ", ".join(area.name_en for area in row.areas.all())

    def amount(_: Any, row: Any) -> str:
        return f"{row.total_cents / 100:,.2f}"

    def rows(self: Any, request: Any) -> Any:
        return admin.ModelAdmin.get_queryset(self, request).prefetch_related("areas")

    words = {
        "list_display": ("reference", "title", "country", "shown_areas", "amount", "stage", "officer", "stage_since"),
        "list_filter": ("call", "stage", "officer", "language"),
        "list_select_related": ("country", "officer"),
        "list_per_page": PAGE,
        "search_fields": ("sought",),
        "ordering": ("-stage_since",),
        "shown_areas": areas,
        "amount": amount,
        "get_queryset": rows,
    }
    return type("ProposalAdmin", (admin.ModelAdmin,), words)
