"""The demonstration's calls: one of 2020 that has closed, one of this year, and a draft that waits to be opened."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from fundapp.access.demonstration import invented
from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas, fund_by_code
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.operations import Opened, ask_for, prepare_call, take_over_call
from fundapp.proposals.queries import CallsWanted, calls
from fundapp.proposals.rules import GivenCall, GivenItem, Item, Places, said_moment

FUND, ZONE = "UPR", "Europe/Zurich"
MARK = {
    "ar": "عرض توضيحي", "zh": "演示", "en": "demonstration", "fr": "démonstration", "ru": "демонстрация",
    "es": "demostración",
}  # fmt: skip
TITLE = {
    "ar": "دعوة إلى تقديم مقترحات لتنفيذ توصيات الاستعراض الدوري الشامل، {year}",
    "zh": "{year}年关于落实普遍定期审议建议的提案征集",
    "en": "Call for proposals to implement recommendations of the universal periodic review, {year}",
    "fr": "Appel à propositions pour l’application des recommandations de l’Examen périodique universel, {year}",
    "ru": "Приём предложений об осуществлении рекомендаций универсального периодического обзора, {year} год",
    "es": "Convocatoria de propuestas para aplicar las recomendaciones del examen periódico universal, {year}",
}
GUIDANCE = {
    "ar": (
        "يموّل الصندوق أعمالا تساعد دولة على تنفيذ التوصيات التي أيدتها في الاستعراض. تقدم المكاتب الميدانية مقترحاتها "
        "مع طلب الدولة أو موافقتها الخطية، وبدونها لا ينظر في المقترح.\n\n"
        "اختاروا عددا قليلا من التوصيات، وقولوا ما الذي سيتغير ولمن، وكيف سيعرف ذلك. "
        "تظل المقترحات القصيرة الواضحة هي الأسهل تقييما.\n\nنص توضيحي: هذه الدعوة مختلقة."
    ),
    "zh": (
        "本基金资助帮助国家落实其在审议中支持的建议的工作。各外地办事处提交提案时须附上国家的请求或书面同意，"
        "否则提案不予审议。\n\n请选择少数几项建议，说明将有什么改变、对谁有利、如何得知。"
        "简短明确的提案最便于评分。\n\n演示文本：本次征集是虚构的。"
    ),
    "en": (
        "The fund pays for work that helps a State to implement recommendations that it supported in its review. Field"
        " offices send proposals with the State's request or its consent in writing; without it a proposal is not"
        " looked at.\n\nChoose few recommendations, and say what will change, for whom, and how one will know. Short"
        " and plain proposals are the easiest to score.\n\nDemonstration text: this call is invented."
    ),
    "fr": (
        "Le Fonds finance des travaux qui aident un État à appliquer les recommandations qu’il a acceptées lors de son"
        " examen. Les bureaux extérieurs joignent à leur proposition la demande de l’État ou son accord écrit ; sans"
        " cette pièce, la proposition n’est pas examinée.\n\nChoisissez peu de recommandations et dites ce qui"
        " changera, pour qui, et comment on le saura. Les propositions courtes et claires sont les plus faciles à"
        " noter.\n\nTexte de démonstration : cet appel est inventé."
    ),
    "ru": (
        "Фонд оплачивает работу, которая помогает государству выполнять рекомендации, поддержанные им в ходе обзора."
        " Полевые отделения направляют предложения вместе с запросом государства или его письменным согласием; без"
        " этого предложение не рассматривается.\n\nВыберите немного рекомендаций и скажите, что изменится, для кого и"
        " как об этом станет известно. Короткие и ясные предложения легче всего оценивать.\n\nДемонстрационный текст:"
        " этот приём предложений вымышлен."
    ),
    "es": (
        "El Fondo sufraga actividades que ayudan a un Estado a aplicar las recomendaciones que apoyó en su examen. Las"
        " oficinas sobre el terreno envían las propuestas con la solicitud del Estado o su consentimiento por escrito;"
        " sin él, la propuesta no se examina.\n\nElijan pocas recomendaciones y digan qué cambiará, para quién y cómo"
        " se sabrá. Las propuestas breves y claras son las más fáciles de puntuar.\n\nTexto de demostración: esta"
        " convocatoria es inventada."
    ),
}
CONSENT = {
    "ar": "طلب الدولة أو موافقتها الخطية", "zh": "国家的请求或书面同意",
    "en": "The State's request, or its consent in writing", "fr": "Demande de l’État ou son accord écrit",
    "ru": "Запрос государства или его письменное согласие",
    "es": "Solicitud del Estado o su consentimiento por escrito",
}  # fmt: skip
PARTNER = {
    "ar": "رسالة من شريك وطني", "zh": "国家合作伙伴的来信", "en": "A letter from a national partner",
    "fr": "Lettre d’un partenaire national", "ru": "Письмо национального партнёра", "es": "Carta de un socio nacional",
}  # fmt: skip
LASTING = {
    "ar": "ما الذي سيبقى من العمل بعد سنتين من نهايته، ومن سيتولاه؟",
    "zh": "工作结束两年后还会留下什么？由谁负责？",
    "en": "What will be left of the work two years after its end, and who will see to it?",
    "fr": "Que restera-t-il du travail deux ans après sa fin, et qui s’en chargera ?",
    "ru": "Что останется от этой работы через два года после её окончания и кто будет за это отвечать?",
    "es": "¿Qué quedará del trabajo dos años después de su fin, y quién se ocupará de ello?",
}
ITEMS = (
    (Item.DOCUMENT, GivenItem("consent", CONSENT)),
    (Item.DOCUMENT, GivenItem("partner-letter", PARTNER, required=False)),
    (Item.QUESTION, GivenItem("lasting", LASTING, limit=250)),
)
ENVELOPE, FLOOR, CEILING = 1_500_000_00, 10_000_00, 100_000_00


def demonstrate() -> bool:
    """Put the invented calls into a fund that has none; False where it has."""
    session = db.session()
    fund = fund_by_code(session, FUND)
    assert fund
    if calls(session, Console(), fund, CallsWanted(), now())[1]:
        return False
    with unit_of_work(Console()) as work:
        opened = Opened(_person(work.session, Role.DESK_OFFICER), _person(work.session, Role.SECRETARY))
        take_over_call(work, fund, _of_2020(work.session, fund), ITEMS, opened)
        take_over_call(work, fund, _of_a_year(work.session, fund, this_year()), ITEMS, opened)
    with unit_of_work(_person(session, Role.DESK_OFFICER)) as work:
        _draft(work, fund)
    return True


def this_year() -> int:
    """The year of the open call: this one, or the next when its close is past."""
    return today().year + (today() >= date(today().year, 12, 15))


def _person(session: Session, role: Role) -> Person:
    found = invented(session, role)
    assert found
    return found


def said_call(session: Session, fund: Fund, code: str, first: date, last: date) -> GivenCall:
    """A call of the demonstration from one day to another."""
    title = {language: f"{text.format(year=code[:4])} ({MARK[language]})" for language, text in TITLE.items()}
    return GivenCall(
        code=code,
        title=title,
        guidance=GUIDANCE,
        opens_at=_moment(first, time(9)),
        closes_at=_moment(last, None),
        zone=ZONE,
        envelope=ENVELOPE,
        floor=FLOOR,
        ceiling=CEILING,
        areas=frozenset(area.id for area in focus_areas(session, fund)),
    )


def _moment(day: date, hour: time | None) -> datetime:
    return said_moment(day, hour, ZONE, last=hour is None, field="")


def _of_2020(session: Session, fund: Fund) -> GivenCall:
    return said_call(session, fund, "2020-1", date(2020, 8, 3), date(2020, 10, 2))


def _of_a_year(session: Session, fund: Fund, year: int) -> GivenCall:
    """It opened in September, or two months ago where that is still to come: it is open whenever it is put in."""
    opened = min(date(year, 9, 1), today() - timedelta(days=60))
    return said_call(session, fund, f"{year}-1", opened, date(year, 12, 15))


def _draft(work: Work, fund: Fund) -> None:
    """A call for fewer States, in fewer languages: what a draft looks like that a secretary can open."""
    year = this_year() + 1
    said = said_call(work.session, fund, f"{year}-1", date(year, 2, 2), date(year, 4, 30))
    two = {language: text for language, text in said.title.items() if language in ("en", "fr")}
    words = {language: GUIDANCE[language] for language in two}
    call = prepare_call(
        work,
        fund,
        GivenCall(
            code=said.code,
            title=two,
            guidance=words,
            opens_at=said.opens_at,
            closes_at=said.closes_at,
            zone=ZONE,
            envelope=400_000_00,
            ceiling=50_000_00,
            areas=frozenset(sorted(said.areas)[:2]),
            places=Places(frozenset({"SEN"}), frozenset({"asia-pacific"})),
        ),
    )
    for kind, item in ITEMS:
        work.session.flush()
        ask_for(work, call, kind, item, call.version)
