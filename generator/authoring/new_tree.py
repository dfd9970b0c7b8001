"""The tree that a new site starts from."""

from __future__ import annotations

from pathlib import Path

from generator.places import CONFIG, demo

_GITIGNORE = """\
# The site, and what builds keep between runs.
/site/
/.lagebild/
# The latest results of the probers.
/observations/
"""

_STATUS = """\
# The site: what it shows, in which languages, and where. The reference explains every key:
# docs/reference/status-yaml.md
name: Example
url: https://status.example.ch           # the address of the site
feed_authority: example.ch,{year}         # the permanent name of your feeds (RFC 4151): a domain and a year you held it
time_zone: Europe/Zurich
languages: {{de: de_CH, fr: fr_CH, en: en_GB}}
publish_every: 15m                       # how often you build; a site older than twice this says so
record_since: {today}                 # the first day on record

groups:
  - id: mail
    name: {{de: E-Mail, fr: E-mail, en: E-mail}}

services:
  - id: inbound
    name: {{de: Empfang, fr: Réception, en: Inbound mail}}
    description:
      de: Nimmt E-Mails für Ihre Domain entgegen.
      fr: Reçoit les e-mails de votre domaine.
      en: Receives mail for your domain.
    group: mail

tasks:
  - id: receive-mail
    name: {{de: E-Mails empfangen, fr: Réception des e-mails, en: Receiving mail}}
    doing: {{de: Empfang von E-Mails, fr: réception des e-mails, en: receiving mail}}
    services: [inbound]

contacts:
  - kind: mail
    label: {{de: Support, fr: Assistance, en: Support}}
    target: support@example.ch
"""


class TreeExistsError(Exception):
    """There is a site's tree already, or something else in the way."""


def plant(folder: Path, *, demo: bool, today: str) -> list[Path]:
    """Write a new site's files into a folder that is absent or empty; return them.

    Raises:
        TreeExistsError: The folder holds something.
        OSError: The disk refuses.
    """
    if folder.exists() and any(folder.iterdir()):
        raise TreeExistsError(f"{folder} is not empty; name a folder that does not exist yet")
    files = _demo() if demo else {CONFIG: _STATUS.format(today=today, year=today[:4])}
    files[".gitignore"] = _GITIGNORE
    made = []
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        made.append(target)
    (folder / "incidents").mkdir(exist_ok=True)
    return made


def _demo() -> dict[str, str]:
    base = Path(demo())
    found = [base / CONFIG, *(base / "incidents").rglob("*.yaml"), *(base / "incidents").rglob("*.md")]
    return {path.relative_to(base).as_posix(): path.read_text("utf-8") for path in sorted(found)}
