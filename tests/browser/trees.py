"""The trees whose pages the browser looks at: a good day, bad ones, and the extremes of what a site may hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import CHECKOUT, SHIPPED_AT
from tests.pseudo import Say, add_language, arabic, longer

LANGUAGES = ("de", "fr", "en")
Plant = Callable[[Path], None]
"""Writes a tree into an empty folder."""
Texts = dict[str, str]
GROUPS, SERVICES = 5, 40
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_TITLE = (f"{COMPOUND} {COMPOUND.lower()}: Zustellung aller E-Mails verzögert, " * 2)[:300]
ADDRESS = "https://www.example.ch/" + "a-very-long-address-without-any-space-" * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A tree, and what to look at in it."""

    plant: Plant
    now: str = SHIPPED_AT
    languages: tuple[str, ...] = LANGUAGES
    """Those that the tests look at; the tree may have others."""
    incident: str = "incidents/2024/2024-02-19-mail-archive-down/"
    """The page of an incident, below the folder of a language; empty where there is none."""
    service: str = "services/mail-archive/"

    @property
    def pages(self) -> tuple[str, ...]:
        """Return a page of each kind, below the folder of a language."""
        kinds = ("", self.incident, "history/2024/", self.service, "subscribe/")
        return ("", *(kind for kind in kinds if kind))


def shipped(tree: Path) -> None:
    """Copy the content of this repository."""
    shutil.copy(CHECKOUT / "status.yaml", tree)
    shutil.copytree(CHECKOUT / "incidents", tree / "incidents")


def six_open(tree: Path) -> None:
    """Let everything happen at once: six incidents, work under way and planned, and a notice."""
    shipped(tree)
    who = said(
        "nur Kunden mit eigener Domain", "seuls les clients avec leur propre domaine", "only customers' own domains"
    )
    write(
        tree,
        "2024-02-20-mail-delayed",
        services={"domain-gateway": "degraded_performance"},
        title=said("E-Mails verspätet", "E-mails retardés", "Mail delayed"),
        who=who,
        updates=[told("07:00", mail="delayed", action="none", next_update="2024-02-20 10:00")],
    )
    write(
        tree,
        "2024-02-20-sending",
        services={"outbound-scanner": "partial_outage"},
        cause="upstream",
        updates=[told("07:10", mail="held"), told("08:00", "identified", next_update="2024-02-20 08:30")],
    )
    write(tree, "2024-02-20-encryption", services={"sign-encrypt-v2": "major_outage"}, updates=[told("07:20")])
    write(
        tree,
        "2024-02-20-mailboxes",
        services={"exchangeincloud": "degraded_performance", "hexadmin": "degraded_performance"},
        started="2024-02-20 05:00",
        updates=[told("07:30", "monitoring", action="use-webmail")],
    )
    write(
        tree,
        "2024-02-20-cloud",
        services={"microsoft-365": "partial_outage"},
        updates=[told("2024-02-20", mail="rejected", action="resend")],
    )
    write(
        tree,
        "2024-02-20-portal",
        kind="maintenance",
        services=["quarantine"],
        window={"from": "2024-02-20 08:00", "to": "2024-02-20 12:00"},
        updates=[told("2024-02-12 09:00", "scheduled")],
    )
    write(
        tree,
        "2024-02-24-provisioning",
        kind="maintenance",
        services=["user-provisioning"],
        window={"from": "2024-02-24 22:00", "to": "2024-02-25 02:00"},
        updates=[told("2024-02-12 10:00", "scheduled")],
    )
    write(
        tree,
        "2024-02-15-old-programs",
        kind="notice",
        title=said("Alte Programme", "Anciens logiciels", "Old programs"),
        updates=[told("2024-02-15 09:00", None, text=said("Bitte erneuern.", "À renouveler.", "Please renew."))],
    )


def forty_services(tree: Path) -> None:
    """Let the site have many services, two of which are not well."""
    config = read(CHECKOUT / "status.yaml")
    numbers = range(1, SERVICES + 1)
    config["groups"] = [{"id": f"group-{n}", "name": f"Cluster {n}"} for n in range(GROUPS)]
    config["services"] = [
        {"id": f"server-{n}", "name": f"Mailserver {n:02}", "group": f"group-{(n - 1) * GROUPS // SERVICES}"}
        for n in numbers
    ]
    config["tasks"] = [{"id": "send-mail", "name": "E-Mail", "services": [f"server-{n}" for n in numbers]}]
    (tree / "status.yaml").write_text(dumped(config), "utf-8")
    services = {"server-7": "major_outage", "server-40": "degraded_performance"}
    write(tree, "2024-02-20-servers", services=services, updates=[told("07:00")])


def empty(tree: Path) -> None:
    """Let nothing ever have happened."""
    config = read(CHECKOUT / "status.yaml") | {"record_since": "2024-02-19"}
    (tree / "status.yaml").write_text(dumped(config), "utf-8")
    (tree / "incidents").mkdir()


def long_words(tree: Path) -> None:
    """Let names be German compounds, and a title as long as any."""
    config = read(CHECKOUT / "status.yaml")
    config["name"] = COMPOUND
    for named in (*config["groups"], *config["services"], *config["tasks"]):
        named["name"] = f"{COMPOUND} {named['id']}"
    for service in config["services"]:
        service["description"] = f"{COMPOUND}s-{COMPOUND}, {ADDRESS}"
    for contact in config["contacts"]:
        contact["label"] = COMPOUND
    (tree / "status.yaml").write_text(dumped(config), "utf-8")
    text = f"{COMPOUND}: {ADDRESS}\n\n- `{ADDRESS}`\n\n| {COMPOUND} | {ADDRESS} |\n|---|---|\n| 1 | 2 |\n"
    write(
        tree,
        "2024-02-20-long",
        title=dict.fromkeys(LANGUAGES, LONG_TITLE),
        services={"mail-archive": "major_outage", "domain-gateway": "partial_outage"},
        who=dict.fromkeys(LANGUAGES, COMPOUND),
        updates=[told("07:00", text=dict.fromkeys(LANGUAGES, text)), told("2024-02-20 08:00", "identified")],
    )


def spoken(line: str, code: str, say: Say) -> Plant:
    """Return what plants the shipped content in one language more, every text of which is rewritten by rule."""

    def plant(tree: Path) -> None:
        shipped(tree)
        add_language(tree, line, code, say)
        for path in (tree / "status.yaml", *tree.glob("incidents/*/*.yaml")):
            path.write_text(dumped(translated(read(path), code, say)), "utf-8")
        for path in tree.glob("incidents/*/*.de.md"):
            text = say(path.read_text("utf-8"))
            path.with_name(path.name.replace(".de.md", f".{code}.md")).write_text(text, "utf-8")

    return plant


def translated(value: Any, code: str, say: Say) -> Any:
    """Return a file's content with a text in the language beside every German one."""
    if isinstance(value, list):
        return [translated(item, code, say) for item in value]
    if not isinstance(value, dict):
        return value
    with_texts = {key: translated(item, code, say) for key, item in value.items()}
    return {**with_texts, code: say(value["de"])} if "de" in value and code not in value else with_texts


def write(tree: Path, id_: str, *, updates: list[dict[str, Any]], **keys: Any) -> None:
    """Write an incident file; `updates` is its last key."""
    path = tree / "incidents" / id_[:4] / f"{id_}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumped({**keys, "updates": updates}), "utf-8")


def told(at: str, status: str | None = "investigating", **keys: Any) -> dict[str, Any]:
    """Return an update: at an hour of 20 February 2024, or at what is a whole date."""
    when = at if "-" in at else f"2024-02-20 {at}"
    return {"at": when, **({"status": status} if status else {}), **keys}


def said(de: str, fr: str, en: str) -> Texts:
    """Return a text in the three languages."""
    return {"de": de, "fr": fr, "en": en}


def read(path: Path) -> dict[str, Any]:
    """Return what a file says."""
    return dict(yaml.safe_load(path.read_text("utf-8")))


def dumped(content: Mapping[str, Any]) -> str:
    """Return content as a file writes it: each value where it stands, without aliases."""
    return yaml.dump(dict(content), Dumper=Plain, sort_keys=False, allow_unicode=True, width=2**16)


class Plain(yaml.SafeDumper):
    """Writes no aliases: they are not read."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the same for all
        """Return that nothing is written as an alias."""
        return True


TREES: Mapping[str, Tree] = {
    "calm": Tree(plant=shipped, now="2024-03-20T09:00:00+01:00"),
    "outage": Tree(plant=shipped),
    "six-open": Tree(plant=six_open, incident="incidents/2024/2024-02-20-sending/"),
    "forty-services": Tree(
        plant=forty_services, incident="incidents/2024/2024-02-20-servers/", service="services/server-7/"
    ),
    "empty": Tree(plant=empty, incident=""),
    "long-words": Tree(plant=long_words, incident="incidents/2024/2024-02-20-long/"),
    "arabic": Tree(plant=spoken("ar: ar_EG", "ar", arabic), languages=("ar",)),
    "pseudo": Tree(plant=spoken("eo: eo", "eo", longer), languages=("eo",)),
}
"""What can be built, by name."""
