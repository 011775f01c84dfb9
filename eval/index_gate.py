"""May a rebuilt index go live? `kordon index rebuild --gate DATASET` asks before the switch.

The same questions are put to the live generation and to the finished one beside it, each with its
own model, and both runs stay under runs/ of the home. Questions over documents are asked of the
very generations. A data set that brings its own texts says something about the model and the
cutting only: its texts are indexed both ways, as `kordon-eval run` would.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from corpus.errors import IndexError_, ModelError, UsageError
from corpus.progress import Progress
from eval.compare import Difference
from eval.datasets.catalogue import data_folders, load_dataset
from eval.folder import RunFolder
from eval.gate import Verdict, gate
from eval.indexing import describe, open_indexed
from eval.locate import located
from eval.run_command import texts_of
from eval.runner import Plan, execute, find_folder
from eval.select import selected
from eval.settings import RunSettings, with_product
from eval.systems.base import Indexed, open_system
from index.card import IndexCard, encoder_differences
from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from index.options import IndexOptions
from index.reader import Reader
from index.store import IndexStore
from index.stores.table import store_class
from rag.settings import Settings

LIMIT = 300  # questions of every language pair: enough to show a loss of some .05


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two: what its run is called, its model and the settings it goes with."""

    name: str
    encoder: Encoder
    product: Settings


class IndexGate:
    """Called with the finished generation before it is live; returns "" or why it is refused.

    `said` is afterwards a sentence on what was found. Made before the building begins, so that
    what is wrong with the request is told at once. Raises `DatasetError`, `IndexMissing`,
    `IndexError_` when the live generation cannot be searched by this version, and `UsageError` when
    the questions are not about the documents in the index or its model is unknown.
    """

    def __init__(
        self, name: str, live: Settings, wanted: Settings, encoder: Encoder, progress: Progress
    ) -> None:
        """`live` are the settings as they stand, `wanted` those of the rebuild, with `encoder`."""
        self._dataset = load_dataset(name, data_folders(None))
        self._home = IndexStore(live.home)
        self._progress = progress
        self.said = ""
        with self._home.open() as reader:
            card = reader.card
            self._check(reader)
        old = _encoder_of(card, live, encoder)
        self._live = _Side("live", old, replace(live, index=_options(card, live.index)))
        self._wanted = _Side("candidate", encoder, wanted)

    def __call__(self, candidate: Reader) -> str:
        """Ask both; "" when no measure got significantly worse."""
        stem = f"{datetime.now(UTC):%H%M%S}-{self._dataset.name}"
        with self._home.open() as reader:
            before = self._run(self._live, reader, stem)
        after = self._run(self._wanted, candidate, stem)
        for side, folder in ((self._live, before), (self._wanted, after)):
            if nothing := _all_failed(side.name, folder):
                return nothing
        verdict = gate(after, before)
        if verdict.passed:
            self.said = _passed(verdict, self._dataset.name)
            return ""
        return refusal(verdict, self._dataset.name, before, after)

    def _check(self, reader: Reader) -> None:
        """Whether the live generation can be asked, and these questions be asked of it."""
        for part in reader.card.parts:
            known = store_class(part.kind, part.spec).revision
            if known != part.revision:
                raise IndexError_(
                    f"The {part.kind} of the live index were written by {part.revision}, this "
                    f"version reads {known}, so there is nothing to compare with; type "
                    "`kordon index rebuild` without --gate."
                )
        if self._dataset.passages:
            return
        questions, _ = located(self._dataset, *texts_of(self._dataset, reader))
        if not any(gold.start >= 0 for question in questions for gold in question.gold):
            raise UsageError(
                f"The questions of {self._dataset.name} are not about the documents in the index; "
                "gate with questions of your own (see docs/evaluation.md)."
            )

    def _run(self, side: _Side, reader: Reader, stem: str) -> RunFolder:
        settings = with_product(
            RunSettings(encoder=side.product.embedder, chunks="cut", answers=True, limit=LIMIT),
            side.product,
        )
        if not self._dataset.passages:
            return self._ask(side, _indexed(reader, side.encoder), settings, stem)
        indexed, _ = open_indexed(
            self._dataset, settings, side.product, side.encoder, self._progress
        )
        try:
            return self._ask(side, indexed, settings, stem)
        finally:
            indexed.reader.close()

    def _ask(self, side: _Side, indexed: Indexed, settings: RunSettings, stem: str) -> RunFolder:
        questions, lost = located(self._dataset, *texts_of(self._dataset, indexed.reader))
        asked = selected(questions, settings)
        plan = Plan(self._dataset, asked, settings, describe(indexed), lost)
        folder = find_folder(side.product.home / "runs", f"{stem}-{side.name}", plan)
        execute(plan, open_system(indexed, settings), folder, self._progress)
        return folder


def _all_failed(side: str, run: RunFolder) -> str:
    """A sentence when no question could be asked: two runs of nothing would be equally good."""
    measures = run.read("measures.json")
    if len(measures["failed"]) < len(run.questions()):
        return ""
    return f"every question failed on the {side} index ({measures['failed'][0]['error']})."


def refusal(verdict: Verdict, dataset: str, before: RunFolder, after: RunFolder) -> str:
    """One sentence that names every measure that got worse, and the runs that show it."""
    reasons = [sentence.rstrip(".") for sentence in verdict.broken]
    if verdict.worse:
        reasons.append(f"{_losses(verdict.worse)} got significantly worse on {dataset}")
    return f"{'; '.join(reasons)}; see `kordon-eval compare {before.name} {after.name}`."


def _losses(worse: Sequence[Difference]) -> str:
    """Each measure once, where it stands for most questions."""
    first: dict[str, Difference] = {}
    for row in sorted(worse, key=lambda row: -row.questions):
        first.setdefault(row.measure, row)
    named = [
        f"{row.measure}{'' if row.group == 'all' else f' of {row.group}'} "
        f"({row.a:.3f} to {row.b:.3f})"
        for row in first.values()
    ]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _passed(verdict: Verdict, dataset: str) -> str:
    whole = {row.measure: row for row in verdict.compared if row.group == "all"}
    row = whole.get("right") or whole.get("nDCG@10") or next(iter(whole.values()))
    told = f"{row.questions} question{'' if row.questions == 1 else 's'}"
    seen = f"how large a loss would show is not known with {told}"
    if row.detectable is not None:
        seen = f"a loss below {row.detectable:.3f} would not show with {told}"
    return (
        f"No measure got significantly worse on {dataset} ({row.measure} {row.a:.3f} to "
        f"{row.b:.3f}; {seen})."
    )


def _indexed(reader: Reader, encoder: Encoder) -> Indexed:
    """A generation as `eval` sees an index."""
    names = {record.id: record.path for record in reader.documents()}
    files = {name: asdict(entry) for name, entry in reader.manifest.files.items()}
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
    return Indexed(reader, encoder, names, False, digest, reader.folder)


def _encoder_of(card: IndexCard, live: Settings, wanted: Encoder) -> Encoder:
    """The model that the live generation was built with. Raises `UsageError` if nobody knows it."""
    if not encoder_differences(card.encoder, wanted.card):
        return wanted
    for name in dict.fromkeys((live.embedder, Settings(live.home).embedder)):
        try:
            found = open_encoder(name, live.models)
        except ModelError:
            continue
        if not encoder_differences(card.encoder, found.card):
            return found
    raise UsageError(
        f"The live index was built with {card.encoder.name}, which the settings do not name; keep "
        "the old model in kordon.toml and name the new one with --embedder."
    )


def _options(card: IndexCard, now: IndexOptions) -> IndexOptions:
    """The index options that a card was built with."""
    vectors, terms, tokens = (
        part.spec if (part := card.part(kind)) else "" for kind in ("vectors", "terms", "tokens")
    )
    return replace(now, chunking=card.chunking, vectors=vectors, terms=terms, tokens=tokens)
