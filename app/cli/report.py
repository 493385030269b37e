"""The report of an ingest: how many of what, what joined what, and what was refused and why."""

from collections import Counter
from dataclasses import dataclass, field

from app.cli.printing import said, screen, table
from app.errors import WirefoldError
from app.model import Ingested, Submission

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Joined:
    """One article that went into a story that was there before it."""

    article_id: str
    canonical_id: str
    relation: str
    revision_kind: str | None
    matched_article_id: str | None
    source: str
    title: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One item that was not stored."""

    item: int
    """Its place in the file, from 1."""
    code: str
    detail: str
    fix: str | None


@dataclass(slots=True)
class Report:
    """What happened so far."""

    items: int = 0
    skipped: int = 0
    stored: int = 0
    replayed: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    canonicals: set[str] = field(default_factory=set)
    joined: list[Joined] = field(default_factory=list)
    """The first ones only: a large file would not fit."""
    refused: list[Refused] = field(default_factory=list)
    refusals: int = 0

    def refuse(self, item: int, error: WirefoldError) -> None:
        """Note an item that was not stored."""
        self.refusals += 1
        if len(self.refused) < MOST_SHOWN:
            self.refused.append(Refused(item, error.code, error.detail, error.fix))

    def take(self, submission: Submission, told: Ingested) -> None:
        """Note an item that is stored."""
        if told.replayed:
            self.replayed += 1
            return
        self.stored += 1
        decision = told.decision
        self.relations[decision.relation.value] += 1
        self.canonicals.add(told.canonical_id)
        if decision.relation.joins and len(self.joined) < MOST_SHOWN:
            row = Joined(
                article_id=told.article_id,
                canonical_id=told.canonical_id,
                relation=decision.relation.value,
                revision_kind=decision.revision_kind,
                matched_article_id=decision.matched_id,
                source=submission.source,
                title=submission.title,
            )
            self.joined.append(row)

    def as_json(self, seconds: float) -> dict[str, object]:
        """The report as one value."""
        return {
            "items": self.items,
            "skipped": self.skipped,
            "stored": self.stored,
            "replayed": self.replayed,
            "refused": self.refusals,
            "relations": dict(self.relations),
            "canonicals": len(self.canonicals),
            "seconds": round(seconds, 3),
            "joined": self.joined,
            "refusals": self.refused,
        }

    def show(self, seconds: float) -> None:
        """The report for people."""
        screen().print(
            f"[bold]{self.stored}[/] stored in {len(self.canonicals)} stories, "
            f"{self.replayed} known already, {self.refusals} refused, {self.skipped} skipped; "
            f"{seconds:.1f} s, {(self.stored + self.replayed) / max(seconds, 1e-9):.0f} a second."
        )
        if self.relations:
            screen().print(", ".join(f"{count} {name}" for name, count in self.relations.most_common()))
        if self.joined:
            rows = table("joined", "relation", "source", "title")
            for row in self.joined:
                kind = f"{row.relation}, {row.revision_kind}" if row.revision_kind else row.relation
                rows.add_row(row.canonical_id, kind, said(row.source), said(row.title))
            screen().print(rows)
            joins = sum(self.relations[name] for name in ("copy", "excerpt", "revision"))
            if joins > len(self.joined):
                screen().print(
                    f"[dim]… and {joins - len(self.joined)} more; --results FILE writes them all.[/]"
                )
        for each in self.refused:
            fix = f" {each.fix}" if each.fix else ""
            screen().print(f"[red]item {each.item}[/] {each.code}: {said(each.detail + fix)}")
