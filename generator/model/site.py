"""Site: what status.yaml says of a site, its services, its customers' tasks and its brand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from generator.model.vocabulary import ContactKind, ServiceStatus, Text
from probes.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the site: its code (`de`, in addresses) and its Babel locale (`de_CH`, for formats)."""

    code: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading above some services."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What can be up or down."""

    id: str
    name: Text
    description: Text = field(default_factory=dict)
    group: str
    own: bool = True
    """False for an upstream service: shown, but not counted in the page's state."""
    depends_on: tuple[str, ...] = ()
    since: date | None = None
    """The first day on record; earlier days are "not recorded"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A service that a task takes, and for whom."""

    service: str
    audience: Text = field(default_factory=dict)
    """The customers who need it, as it reads after "for": "Microsoft 365 mailboxes"; empty: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What customers do, and the services that it takes."""

    id: str
    name: Text
    doing: Text = field(default_factory=dict)
    """The name as it reads within a sentence, where that is another: "Empfang von E-Mails"."""
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a customer finds help."""

    kind: ContactKind
    label: Text
    target: str
    """An https address, an e-mail address or a telephone number, by `kind`."""
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of brand/ that holds a picture, and the size it is shown in, in CSS pixels."""

    path: str
    """Relative to the tree, with `/`."""
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """What stands in the masthead in place of the site's name."""

    light: Picture
    dark: Picture | None = None
    """For visitors who prefer a dark page; None where the light one does for both."""
    alt: Text
    """What the picture says, for those who do not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """The colour (`#rrggbb`) of links and of the focus, in each scheme."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A file of brand/ that holds a typeface in one style."""

    family: str
    path: str
    """Relative to the tree, with `/`."""
    weight: str = "400"
    """As CSS writes it: one, or two for a variable font, e.g. `100 900`."""
    style: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    """A link at the foot of every page."""

    label: Text
    url: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How a site looks where it does not look as shipped."""

    logo: Logo | None = None
    accent: Accent | None = None
    fonts: tuple[Font, ...] = ()
    links: tuple[FooterLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """status.yaml: what is shown, in which languages, and where."""

    name: Text
    url: str
    """Absolute, without a trailing slash; may carry a path."""
    feed_authority: str
    """The authority of tag URIs (RFC 4151), e.g. `example.ch,2026`; never changes."""
    time_zone: str
    """IANA name."""
    languages: tuple[Language, ...]
    """In order of preference: the source of a text is the first that is present."""
    groups: tuple[Group, ...]
    services: tuple[Service, ...]
    tasks: tuple[Task, ...] = ()
    contacts: tuple[Contact, ...] = ()
    record_since: date | None = None
    publish_every: timedelta = timedelta(hours=1)
    """How often a build is due; a site older than twice that says so."""
    uptime_weights: Mapping[ServiceStatus, int]
    """How much a second in each status counts as lost, in percent."""
    plan: Plan | None = None
    """Who probes what; None where nobody does."""
    places: Mapping[str, Text] = field(default_factory=dict)
    """Where probers stand, by name, as readers know the place."""
    brand: Brand | None = None
    """How it looks; None for the shipped look."""
