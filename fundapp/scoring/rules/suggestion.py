"""Which step the program suggests on a criterion, by a rule that anyone can read, and that is printed as it runs. Pure.

A rule is a list of clauses from the highest step down. A clause asks that some facts, which are counts, reach a number;
the first whose facts do says the step. More of anything never lowers it. Rules are written for steps from 0 to 4; on
another scale the step lies as far up as on that one, half a step going up. Where a rule's condition of knowing is not
met nothing is suggested. What cannot be counted (whether a change of law is likely) the reviewer judges alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fundapp.scoring.rules.scales import Scale

HIGHEST = 4  # step of the rules as they are written
# Words of a sentence. Languages need more or fewer words for the same: 19 in Arabic, 30 in English, 41 in Chinese for
# a text of the demonstration. More than a sentence is not asked for, lest the language should decide the step.
A_SENTENCE = 15
Facts = Mapping[str, int]
Needs = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """The step that is suggested where every fact reaches its number."""

    step: int
    needs: Needs

    def holds(self, facts: Facts) -> bool:
        """Whether it does."""
        return all(facts.get(fact, 0) >= least for fact, least in self.needs)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a step is found: what must be known at all, and the clauses from the highest step down."""

    knows: Needs
    clauses: tuple[Clause, ...]


def _rule(knows: Needs, *clauses: Needs) -> Rule:
    """Clauses for the steps from 4 down to 1; 0 is what is left."""
    steps = range(HIGHEST, HIGHEST - len(clauses), -1)
    found = (Clause(step, needs) for step, needs in zip(steps, clauses, strict=True))
    return Rule(knows, (*found, Clause(0, ())))


RULES: Mapping[str, Rule] = {
    # bodies: treaty bodies and mandates that said something on the matter; recent: within five years
    "treaty-body-overlap": _rule(
        (("recommendations", 1),),
        (("bodies-recent", 2), ("bodies-same-measure", 2)),
        (("bodies-recent", 2),),
        (("bodies-recent", 1),),
        (("matches", 1),),
    ),
    "high-commissioner-letter": _rule(
        (("recommendations", 1), ("letters", 1)),
        (("areas-same-measure", 1),),
        (("areas-theme", 1),),
        (("areas-target", 1),),
        (("areas", 1),),
    ),
    "national-systems": _rule(
        (),
        (("laws", 1), ("bodies", 1), ("outcome-indicators", 1), ("afterwards", 1)),
        (("bodies", 1), ("strengthening", 1), ("afterwards", 1)),
        (("bodies", 1), ("strengthening", 1)),
        (("strengthening", 1),),
    ),
    "sdg-alignment": _rule(
        (),
        (("targets-shared", 2), ("alignment", 1), ("indicators-complete-share", 100)),
        (("targets-shared", 1), ("alignment", 1), ("indicators-complete", 1)),
        (("targets-shared", 1), ("alignment", 1)),
        (("targets", 1),),
    ),
    "gender-perspective": _rule(
        (),
        (("marker", 3), ("by-sex-share", 50), ("budget-share", 50), ("analysis", A_SENTENCE)),
        (("marker", 2), ("by-sex-share", 50), ("budget-share", 15), ("analysis", A_SENTENCE)),
        (("marker", 1), ("by-sex-share", 1), ("analysis", 1)),
        (("analysis", 1),),
    ),
}


def clause_for(code: str, facts: Facts) -> Clause | None:
    """The clause that says the step; none for a criterion without a rule, or where too little is known."""
    rule = RULES.get(code)
    if rule is None or not Clause(0, rule.knows).holds(facts):
        return None
    return next(clause for clause in rule.clauses if clause.holds(facts))


def suggested(scale: Scale, facts: Facts) -> int | None:
    """The step that is suggested on the scale of a criterion."""
    found = clause_for(scale.code, facts)
    return None if found is None else on_scale(scale, found.step)


def on_scale(scale: Scale, step: int) -> int:
    """Where a step of a rule lies on a scale."""
    return scale.lowest + (2 * step * (scale.highest - scale.lowest) + HIGHEST) // (2 * HIGHEST)
