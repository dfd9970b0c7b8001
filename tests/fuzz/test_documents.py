"""Any document, however broken, is read or refused within two seconds, and what is read becomes a site.

As a test, Hypothesis draws some documents; `make fuzz` tries many, which atheris, where it installs, guides to code
that none has reached yet. Both change what this repository ships and what other tests try.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from types import FrameType
from typing import NoReturn

try:
    import atheris
except ImportError:  # there is no wheel for this Python
    atheris = None
if atheris and __name__ == "__main__":
    atheris.instrument_imports(include=["generator", "probes"], enable_loader_override=False).__enter__()

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.judge import Content, judge
from generator.sources import Sources
from probes.events import path_of, serialize
from tests.conftest import CHECKOUT
from tests.generator.content.test_filed_events import OPEN
from tests.generator.content.test_filed_observations import CHECK, SEEN
from tests.generator.test_any_content import (
    BOTH,
    CATALOGS,
    CONFIG,
    FILES,
    NOW,
    ODD,
    PHRASES,
    STATUS,
    answered,
    errors,
    tree,
    written,
)
from tests.laws import examples

CPU_SECONDS = 2
"""No document takes longer."""
TOGETHER = 20
"""So many documents of a kind that are read become one site."""
LONGEST = 8000
SITE = written({**STATUS, "languages": {"de": "de_CH", "fr": "fr_CH", "en": "en_GB"}})
EVENT, SEEN_AT = path_of(OPEN), "observations/zrh.json"
INCIDENT, LONG_TEXT = "incidents/2024/any.yaml", "incidents/2024/any.de.md"
KINDS = (INCIDENT, CONFIG, PHRASES, LONG_TEXT, EVENT, SEEN_AT)
"""Where a document stands; its first byte says at which of them."""
BASE = tree(**{CONFIG: SITE})
BASE.catalogs = CATALOGS | {"fr": (CHECKOUT / "locales/fr/LC_MESSAGES/messages.po").read_bytes()}
BASE.phrases = {"shipped": (CHECKOUT / PHRASES).read_text("utf-8"), **BASE.phrases}
OVER = "incidents/2024/over.yaml"
"""Another incident follows it."""
WHOLE = written({"services": {"gateway": "major_outage"}, "updates": [{"at": "2024-02-19", "status": "identified"}]})
"""The incident that a long text stands beside."""
PIECE = re.compile(rb"(?<=: )[^\n]+|[^\s{}\[\],:\"]+|\n *")
ODD_BYTES = (
    *(json.dumps(text).encode()[1:-1] for text in ODD if len(text) < LONGEST),
    *(
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\x00",
        b"&a [*a]",
        b"? ",
        b"|+\n ",
        b"!!python/x ",
        b"- " * 99,
    ),
)


class TooSlowError(BaseException):
    """A document takes too much of the processor's time; not an `Exception`, so that nothing hides it."""


@dataclass
class Trial:
    """What became of the documents."""

    one_in: int = 1
    """Of so many documents that are read, one becomes part of a site, which takes far longer than reading."""
    tried: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    sites: int = 0
    slowest: tuple[float, bytes] = (0, b"")
    faults: dict[str, Sequence[bytes]] = field(default_factory=dict)
    """Documents by the end of the traceback that they lead to."""
    waiting: dict[str, list[bytes]] = field(default_factory=dict)

    def document(self, document: bytes) -> None:
        """Judge a document; with others that are read, it becomes a site."""
        kind = KINDS[document[0] % len(KINDS)] if document else INCIDENT
        self.tried[kind] += 1
        began = time.process_time()
        judged = self.within(CPU_SECONDS, lambda: judge(around([document]), NOW), [document])
        self.slowest = max(self.slowest, (time.process_time() - began, document))
        if judged and is_read(kind, judged):
            self.read[kind] += 1
            if self.read[kind] % self.one_in == 0:
                self.waiting.setdefault(kind, []).append(document)
            if len(self.waiting.get(kind, ())) == TOGETHER:
                self.site(self.waiting.pop(kind))

    def site(self, documents: Sequence[bytes]) -> None:
        """Make the whole site around some documents; where that fails, around each half of them, and so on."""
        self.sites += 1
        made = self.within(CPU_SECONDS * (5 + len(documents)), lambda: answered(around(documents)), documents)
        if made is None and len(documents) > 1:
            self.site(documents[len(documents) // 2 :])
            self.site(documents[: len(documents) // 2])

    def within(self, seconds: int, work: Callable[[], Content], documents: Sequence[bytes]) -> Content | None:
        """Do something within so much of the processor's time, and note what goes wrong."""
        former = signal.signal(signal.SIGPROF, too_slow)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            return work()
        except (Exception, TooSlowError) as error:
            last = traceback.extract_tb(error.__traceback__)[-3:]
            where = "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in last)
            fault = type(error).__name__ + where
            self.faults[fault] = min(self.faults.get(fault, documents), documents, key=len)
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, former)

    def end(self) -> None:
        """Make the sites of what still waits."""
        while self.waiting:
            self.site(self.waiting.popitem()[1])

    def __str__(self) -> str:
        """Tell how it went."""
        kinds = (f"{kind}: {self.tried[kind]} tried, {self.read[kind]} read" for kind in KINDS)
        seconds, document = self.slowest
        told = (
            f"{self.tried.total()} documents, {self.sites} sites; the slowest document took {seconds:.2f} s of CPU time"
        )
        return "\n".join([told, *kinds, f"slowest: {document[:80]!r}", *self.faults])


def too_slow(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End what takes too long."""
    raise TooSlowError


def around(documents: Sequence[bytes]) -> Sources:
    """Return a tree with some documents; where there is room for one alone, the last is there."""
    sources = replace(BASE, incidents={}, phrases={**BASE.phrases}, events={}, observations={}, long_texts={})
    for number, document in enumerate(documents):
        kind, data = KINDS[document[0] % len(KINDS)] if document else INCIDENT, document[1:]
        text, name = data.decode("utf-8", "replace"), f"incidents/2024/any-{number}"
        if kind == CONFIG:
            sources.config = text
        elif kind == PHRASES:
            sources.phrases[PHRASES] = text
        elif kind == INCIDENT:
            sources.incidents |= {f"{name}.yaml": text, OVER: BASE.incidents[OVER]}
        elif kind == LONG_TEXT:
            sources.incidents[f"{name}.yaml"] = WHOLE
            sources.long_texts[name] = {"de": (f"{name}.de.md", text)}
        else:
            (sources.events if kind == EVENT else sources.observations)[kind] = data
    return sources


def is_read(kind: str, judged: Content) -> bool:
    """Return whether nothing stops the build, and a prober's file is not left out."""
    left_out = {EVENT: not judged.events, SEEN_AT: not judged.observations}.get(kind, False)
    return not left_out and not errors(judged)


def beginnings() -> list[bytes]:
    """Return documents that are read, or nearly."""
    shipped = sorted((CHECKOUT / "incidents").rglob("*.yaml"))
    services = (CHECKOUT / CONFIG).read_text("utf-8").partition("\nservices:")[2].partition("\ntasks:")[0]
    ids = re.findall(r"- id: (\S+)", services)
    service = re.compile(rf"\b({'|'.join(ids)})\b")
    texts = [(INCIDENT, service.sub("gateway", path.read_text("utf-8"))) for path in shipped]
    texts += [(LONG_TEXT, path.read_text("utf-8")) for path in sorted((CHECKOUT / "incidents").rglob("*.md"))]
    texts += [(INCIDENT, written(value)) for path, value in FILES.items() if path.startswith("incidents/")]
    texts += [(CONFIG, SITE), (CONFIG, (CHECKOUT / CONFIG).read_text("utf-8"))]
    texts += [(PHRASES, written(FILES[PHRASES])), (PHRASES, (CHECKOUT / PHRASES).read_text("utf-8"))]
    texts += [(EVENT, serialize(OPEN).decode())]
    texts += [(SEEN_AT, json.dumps({**SEEN, "checks": [{**CHECK, "service": "gateway"}]}))]
    texts += [(LONG_TEXT, "\n".join(f"- **{text}** [{text}](https://{text}.example)" for text in BOTH.values()))]
    return [bytes([KINDS.index(kind)]) + text.encode() for kind, text in texts]


FOLDER = CHECKOUT / "dist" / "fuzz"
"""Keeps the documents that reached new code, and those at fault."""
BEGINNINGS = beginnings()


def changed(document: bytes, random: Random) -> bytes:
    """Return a document in which some pieces are other pieces, odd ones, twice there, or gone."""
    kind, text = document[:1], document[1:]
    for _ in range(random.choice((1, 1, 2, 5))):
        pieces = list(PIECE.finditer(text)) or [re.match(b"", text)]
        one, other = random.choice(pieces), random.choice(pieces)
        assert one is not None
        assert other is not None
        new = random.choice(
            (random.choice(ODD_BYTES), random.choice(ODD_BYTES), other[0], b"", one[0] * 2, one[0] * 50)
        )
        text = (text[: one.start()] + new + text[one.end() :])[: max(LONGEST, len(document))]
    return kind + text


DRAWN = st.lists(st.tuples(st.sampled_from(BEGINNINGS), st.integers(0, 2**32)), min_size=1, max_size=TOGETHER)


@pytest.mark.slow
@examples(100)
@given(DRAWN)
def test_any_document_is_read_or_refused(drawn: list[tuple[bytes, int]]) -> None:
    """No document leads to an exception or takes two seconds, and of those that are read every format is made."""
    trial = Trial()

    for beginning, seed in drawn:
        trial.document(changed(beginning, Random(seed)))  # noqa: S311 - nothing secret
    trial.end()

    assert trial.faults == {}


def test_what_is_shipped_is_read() -> None:
    """Nearly all beginnings are read, so what is changed in them, is what is tried."""
    trial = Trial()

    for document in BEGINNINGS:
        trial.document(document)

    assert trial.read.total() > len(BEGINNINGS) * 0.8, trial
    assert set(trial.read) == set(KINDS)


def fuzz(documents: int) -> None:
    """Try so many documents, guided by what of the code they reach."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    trial = Trial(one_in=10)

    def one(document: bytes) -> None:
        trial.document(document)
        if trial.tried.total() == documents:
            trial.end()
            print(trial, flush=True)
            for number, document in enumerate(itertools.chain.from_iterable(trial.faults.values())):
                (FOLDER / f"fault-{number:03}").write_bytes(document)
            os._exit(bool(trial.faults))  # the loop around this never returns

    def another(document: bytes, size: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - nothing secret
        return atheris.Mutate(document, size) if random.random() < 0.3 else changed(document, random)[:size]

    answered(BASE)  # what is loaded for the first document is not its fault
    for number, document in enumerate(BEGINNINGS):
        (FOLDER / f"{number:03}").write_bytes(document)
    options = (f"-max_len={LONGEST * 2}", "-len_control=0", "-verbosity=0", f"-seed={os.getpid()}")
    atheris.Setup([sys.argv[0], *options, str(FOLDER)], one, custom_mutator=another)
    atheris.Fuzz()


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    if atheris:
        fuzz(wanted)
    else:
        law = given(DRAWN)(test_any_document_is_read_or_refused.hypothesis.inner_test)
        settings(settings.get_profile("thorough"), max_examples=max(1, wanted // TOGETHER), database=None)(law)()
