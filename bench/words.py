"""What synthetic trees say, in three languages."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

GROUPS: Mapping[str, Words] = {
    "mail-flow": {"de": "E-Mail-Verkehr", "fr": "Acheminement des e-mails", "en": "Mail flow"},
    "storage": {"de": "Ablage", "fr": "Stockage", "en": "Storage"},
    "access": {"de": "Zugang", "fr": "Accès", "en": "Access"},
    "upstream": {"de": "Dienste Dritter", "fr": "Services de tiers", "en": "Third-party services"},
}
SERVICES: Mapping[str, tuple[str, str]] = {
    "inbound-gateway": ("Inbound Gateway", "mail-flow"),
    "outbound-gateway": ("Outbound Gateway", "mail-flow"),
    "spam-filter": ("Spam Filter", "mail-flow"),
    "encryption": ("Encryption", "mail-flow"),
    "mailboxes": ("Mailboxes", "storage"),
    "archive": ("Archive", "storage"),
    "backup": ("Backup", "storage"),
    "webmail": ("Webmail", "access"),
    "imap": ("IMAP", "access"),
    "control-panel": ("Control Panel", "access"),
    "directory-sync": ("Directory Sync", "access"),
    "office-cloud": ("Office Cloud", "upstream"),
}
"""Name and group by id."""
DESCRIPTION: Words = {
    "de": "{service} ist einer der zwölf Dienste dieser erfundenen Anbieterin und steht rund um die Uhr bereit.",
    "fr": "{service} est l’un des douze services de ce prestataire imaginaire, disponible jour et nuit.",
    "en": "{service} is one of the twelve services of this invented provider, there day and night.",
}
TASKS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "receive-mail": (
        {"de": "E-Mails empfangen", "fr": "Recevoir des e-mails", "en": "Receive mail"},
        ("inbound-gateway", "spam-filter", "office-cloud"),
    ),
    "send-mail": (
        {"de": "E-Mails senden", "fr": "Envoyer des e-mails", "en": "Send mail"},
        ("outbound-gateway", "encryption"),
    ),
    "read-mail": (
        {"de": "E-Mails lesen", "fr": "Lire ses e-mails", "en": "Read mail"},
        ("mailboxes", "webmail", "imap"),
    ),
    "search-archive": (
        {"de": "Im Archiv suchen", "fr": "Chercher dans l’archive", "en": "Search the archive"},
        ("archive",),
    ),
}
CONTACT: Words = {"de": "Technischer Support", "fr": "Support technique", "en": "Technical support"}

TITLES: Mapping[str, Words] = {
    "delay": {"de": "{service}: Verzögerungen", "fr": "{service} : retards", "en": "{service}: delays"},
    "outage": {"de": "{service} nicht verfügbar", "fr": "{service} indisponible", "en": "{service} unavailable"},
    "partial": {
        "de": "{service}: teilweise ausgefallen",
        "fr": "{service} : panne partielle",
        "en": "{service}: partly unavailable",
    },
    "maintenance": {"de": "{service}: Wartung", "fr": "{service} : maintenance", "en": "{service}: maintenance"},
    "notice": {
        "de": "{service}: Hinweis zur Sicherheit",
        "fr": "{service} : avis de sécurité",
        "en": "{service}: security advisory",
    },
}
WHO: Words = {
    "de": "nur Kunden mit mehr als {n} Postfächern",
    "fr": "uniquement les clients de plus de {n} boîtes aux lettres",
    "en": "only customers with more than {n} mailboxes",
}
REASON: Words = {
    "de": "Ein Messfehler unsererseits, {service} lief ohne Unterbruch.",
    "fr": "Une erreur de mesure de notre part, {service} a fonctionné sans interruption.",
    "en": "An error in our measuring; {service} was working all the time.",
}
SENTENCES: tuple[Words, ...] = (
    {
        "de": "Seit heute bearbeitet **{service}** Nachrichten nur noch mit {m} % der üblichen Geschwindigkeit.",
        "fr": "Depuis aujourd’hui, **{service}** ne traite les messages qu’à {m} % de la vitesse habituelle.",
        "en": "Since today **{service}** has been working through messages at only {m} % of its usual speed.",
    },
    {
        "de": "Zurzeit warten etwa {n} Nachrichten; neue kommen mit bis zu {m} Minuten Verspätung an.",
        "fr": "Environ {n} messages sont en attente ; les nouveaux arrivent avec jusqu’à {m} minutes de retard.",
        "en": "About {n} messages are waiting at present; new ones arrive up to {m} minutes late.",
    },
    {
        "de": "Unsere Technik hat Server `node-{n}` aus dem Verbund genommen und prüft die übrigen.",
        "fr": "Nos techniciens ont retiré le serveur `node-{n}` de la grappe et contrôlent les autres.",
        "en": "Our engineers have taken server `node-{n}` out of the cluster and are checking the others.",
    },
    {
        "de": "Wer eine Fehlermeldung `451 4.7.{m}` erhält, braucht nichts zu tun: Der Versand wird wiederholt.",
        "fr": "Si vous recevez l’erreur `451 4.7.{m}`, vous n’avez rien à faire : l’envoi sera répété.",
        "en": "If you see the error `451 4.7.{m}` there is nothing you need to do: sending is tried again.",
    },
    {
        "de": "Einzelheiten stehen unter der [Nummer {n}](https://support.example.ch/cases/{n}) bei unserem Support.",
        "fr": "Les détails se trouvent sous le [numéro {n}](https://support.example.ch/cases/{n}) chez notre support.",
        "en": "Details are at our support under [number {n}](https://support.example.ch/cases/{n}).",
    },
    {
        "de": "Die Ursache ist eine fehlerhafte Netzwerkkarte; der Ersatz ist seit {m} Minuten unterwegs.",
        "fr": "La cause est une carte réseau défectueuse ; la pièce de rechange est en route depuis {m} minutes.",
        "en": "The cause is a faulty network card; its replacement has been on its way for {m} minutes.",
    },
    {
        "de": "Betroffen sind:\n\n- Anmeldungen über das Portal\n- Abfragen mit mehr als {n} Treffern\n- der Export",
        "fr": "Sont touchés :\n\n- les connexions par le portail\n- les requêtes de plus de {n} résultats\n- l’export",
        "en": "These are affected:\n\n- logins through the portal\n- searches with more than {n} hits\n- the export",
    },
    {
        "de": "Es gehen *keine* Nachrichten verloren, auch nicht solche, die {m} Stunden und länger warten.",
        "fr": "*Aucun* message n’est perdu, même parmi ceux qui attendent depuis {m} heures ou davantage.",
        "en": "*No* messages are being lost, not even those that have waited for {m} hours or more.",
    },
    {
        "de": "Wir haben die Last auf ein zweites Rechenzentrum verteilt und beobachten, ob das bei {service} genügt.",
        "fr": "Nous avons réparti la charge sur un second centre de calcul et observons si cela suffit pour {service}.",
        "en": "We have spread the load over a second data centre and are watching whether that suffices for {service}.",
    },
    {
        "de": "Wir danken für Ihre Geduld und bitten die {n} betroffenen Firmen um Entschuldigung.",
        "fr": "Nous vous remercions de votre patience et présentons nos excuses aux {n} entreprises touchées.",
        "en": "Thank you for your patience; we apologise to the {n} companies that are affected.",
    },
)
"""Markdown; each is a paragraph of its own or part of one."""
HEADING: Words = {"de": "## Was geschehen ist", "fr": "## Ce qui s’est passé", "en": "## What happened"}
