"""What comes too often: counted for all processes together, forgotten when its window ends, in the trail never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from signing_in import enter, one_of_each, two_people

from conftest import vandal
from fundapp.access import gate
from fundapp.access.models import Person, Throttle
from fundapp.access.operations import Anonymous, count_use, fingerprint
from fundapp.kernel.database import db
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import NoWork, only_read, unit_of_work


def use(key: str, most: int = 2, seconds: int = 60) -> int:
    with unit_of_work(Anonymous(), aside=True) as work:
        return count_use(work, None, key, most, seconds)


def pass_by(seconds: int) -> None:
    with vandal() as connection:
        rows = connection.execute(sa.select(Throttle.key, Throttle.ends_at)).all()
        for key, ends_at in rows:
            connection.execute(
                sa.update(Throttle).where(Throttle.key == key).values(ends_at=ends_at - timedelta(seconds=seconds))
            )


def test_a_window(app: Flask) -> None:
    assert [use("a") for _ in range(2)] == [0, 0] and use("b") == 0
    assert 55 <= use("a") <= 61 and 55 <= use("a") <= 61
    pass_by(30)
    assert 25 <= use("a") <= 31
    pass_by(31)
    assert use("a") == 0
    assert db.session.scalars(sa.select(Throttle.key)).all() == [fingerprint("a")]  # b went when its window ended
    assert db.session.scalar(sa.select(sa.func.count(Trace.id))) == 0


def test_only_what_is_no_record_is_written_aside(app: Flask) -> None:
    with pytest.raises(NoWork), unit_of_work(Anonymous(), aside=True) as work:
        work.operation = "tests.x"
        work.session.add(Person(email="x@fund.int", name="x", sought="x", fs_uniquifier="x"))
    with pytest.raises(NoWork), unit_of_work(Anonymous(), aside=True) as work:
        work.operation = "tests.x"
        work.session.execute(sa.insert(Trace.__table__))
    with pytest.raises(NoWork):
        db.session.execute(sa.delete(Throttle))


def test_a_request_that_reads_begins_no_unit_of_work(app: Flask) -> None:
    with app.test_request_context("/"):
        only_read()
        with pytest.raises(NoWork), unit_of_work(Anonymous()):
            pass
        assert use("a") == 0


def test_too_many_sign_ins_from_one_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 4
    monkeypatch.setattr(gate, "SIGN_IN_BY_ADDRESS", (most, 300))
    client = app.test_client()
    codes = [client.post("/login", data={"email": f"{n}@fund.int", "password": "x"}).status_code for n in range(most)]
    assert set(codes) == {200}
    answer = client.post("/login", data={"email": "last@fund.int", "password": "x"})
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= gate.SIGN_IN_BY_ADDRESS[1] + 1
    elsewhere = client.post("/login", environ_overrides={"REMOTE_ADDR": "127.0.0.2"}, data={"email": "x@fund.int"})
    assert elsewhere.status_code == 200 and client.get("/login").status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
    ],
)
def test_a_household_s_addresses_count_as_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch, one: str, other: str, same: bool
) -> None:
    monkeypatch.setitem(app.config, "FUNDAPP_MODE", "production")
    monkeypatch.setattr(gate, "SIGN_IN_BY_ADDRESS", (1, 300))
    answers = [
        app.test_client().post("/login", environ_overrides={"REMOTE_ADDR": address}, data={"email": "x@fund.int"})
        for address in (one, other)
    ]
    assert [answer.status_code for answer in answers] == [200, 429 if same else 200]


def test_an_account_is_one_however_it_is_typed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "RESET_BY_ACCOUNT", (1, 3600))
    codes = [
        app.test_client().post("/reset", data={"email": typed}).status_code
        for typed in ("plain@fund.int", " PLAIN@Fund.int ", "plain@\uff46und.int", "other@fund.int")
    ]
    assert codes == [200, 429, 429, 200]


def test_nobody_is_flooded_with_letters(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    two_people()
    monkeypatch.setattr(gate, "RESET_BY_ACCOUNT", (2, 3600))
    for email in ("plain@fund.int", "nobody@fund.int"):
        codes = [
            app.test_client()
            .post("/reset", data={"email": email}, environ_overrides={"REMOTE_ADDR": f"127.0.1.{n}"})
            .status_code
            for n in range(gate.RESET_BY_ACCOUNT[0] + 1)
        ]
        assert codes == [200] * gate.RESET_BY_ACCOUNT[0] + [429]


def test_files_are_counted_for_each_person(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one_of_each()
    monkeypatch.setattr(gate, "EXPORTS", (2, 600))
    first, second = app.test_client(), app.test_client()
    enter(first, "auditor@fund.int")
    enter(second, "administrator@fund.int")
    codes = [first.get("/people.csv", buffered=True).status_code for _ in range(3)]
    assert codes == [200, 200, 429] and second.get("/people.csv", buffered=True).status_code == 200
    assert first.get("/people").status_code == 200


def test_no_address_can_be_read_out_of_it(app: Flask) -> None:
    app.test_client().post("/login", data={"email": "someone@fund.int", "password": "x"})
    rows = db.session.scalars(sa.select(Throttle.key)).all()
    assert rows and all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in rows)
