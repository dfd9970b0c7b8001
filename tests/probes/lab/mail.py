"""A real mail service on loopback: Dovecot (IMAP, POP3, LMTP), and before it Postfix or, without root, aiosmtpd."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import smtplib
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.probes.lab.certificates import Certificates
from tests.probes.lab.processes import free_ports, needs, running

USER, PASSWORD = "probe@mail.test", "s3cret-Probe"
BOXES = tuple(f"box{number}@mail.test" for number in range(100))
"""Mailboxes to be used once each: what one test leaves behind, or what comes late, disturbs no other."""
HELD = tuple(f"held{number}@mail.test" for number in range(100))
"""Likewise; but what is sent to them stays in the queue until it is released."""
GREYLISTED, GONE = "grey@mail.test", "gone@mail.test"
_KNOWN = (USER, GREYLISTED, *BOXES, *HELD)

_DOVECOT = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
instance_name = lagebild
protocols = imap pop3 lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{pki}.pem
ssl_key = <{pki}.key
mail_location = maildir:{d}/mail/%n
mail_uid = {user}
mail_gid = {group}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = create
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {d}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={d}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
_MAIN = """
compatibility_level = 3.6
queue_directory = {d}/queue
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {d}/postfix.log
maillog_file_prefixes = {d}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.mail.test
mydestination =
mynetworks =
alias_maps =
alias_database =
default_transport = error:loopback only
relay_transport = error:loopback only
virtual_mailbox_domains = mail.test
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_tls_cert_file = {pki}.pem
smtpd_tls_key_file = {pki}.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{
    {{grey@mail.test=450 4.7.1 Greylisted}}, {{gone@mail.test=550 5.1.1 address_does_not_exist}} }},
    check_recipient_access regexp:{{ {{/^held/ HOLD}} }}
minimal_backoff_time = 1s
maximal_backoff_time = 5s
queue_run_delay = 1s
smtpd_error_sleep_time = 0
"""
_MASTER = """
127.0.0.1:{mx} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
127.0.0.1:{submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(kw_only=True)
class Mail:
    """Where everything is, and how to break it."""

    folder: Path
    imap: int
    imaps: int
    pop3: int
    pop3s: int
    lmtp: int
    mx: int = 0
    """Where strangers write to: STARTTLS is offered, nobody logs in."""
    submission: int = 0
    """STARTTLS and a login are demanded."""
    submissions: int = 0
    """The same with TLS from the beginning."""
    etc: Path | None = None
    """Postfix' configuration; None where aiosmtpd stands in for it."""
    held: list[Envelope] = field(default_factory=list)
    """The queue of aiosmtpd."""
    boxes: list[str] = field(default_factory=lambda: list(BOXES))
    held_boxes: list[str] = field(default_factory=lambda: list(HELD))

    def box(self) -> str:
        """Return the address of a mailbox that nobody has used yet."""
        return self.boxes.pop()

    def held_box(self) -> str:
        """Return the address of another; what is sent to it stays in the queue until it is released."""
        return self.held_boxes.pop()

    def release(self) -> None:
        """Deliver what has stayed in the queue."""
        if self.etc:
            for command in ("postsuper", "-H", "ALL"), ("postqueue", "-f"):
                program, *options = command
                subprocess.run([f"/usr/sbin/{program}", "-c", self.etc, *options], check=True, capture_output=True)
        while self.held:
            self.deliver(self.held.pop(0))

    def deliver(self, envelope: Envelope) -> None:
        """Hand a message to Dovecot."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b"")

    def mailbox(self, user: str, folder: str = "INBOX") -> list[Path]:
        """Return the messages in a folder."""
        home = self.folder / "dovecot" / "mail" / user.partition("@")[0]
        place = home if folder == "INBOX" else home / f".{folder}"
        return [path for part in ("new", "cur") for path in sorted((place / part).glob("*")) if path.is_file()]

    def to_junk(self, user: str) -> None:
        """Move everything in an inbox to the junk folder, as a filter would have."""
        home = self.folder / "dovecot" / "mail" / user.partition("@")[0]
        for path in self.mailbox(user):
            shutil.move(path, home / ".Junk" / "new" / path.name.partition(":")[0])

    def wait(self, user: str, count: int = 1) -> None:
        """Wait until so many messages are in the inbox."""
        until = time.monotonic() + 20
        while len(self.mailbox(user)) < count:
            assert time.monotonic() < until, "the message was not delivered"
            time.sleep(0.02)


@contextlib.contextmanager
def mail_lab(folder: Path, certificates: Certificates) -> Iterator[Mail]:
    """Run the mail service until the end of the block."""
    needs("dovecot")
    folder.chmod(0o755)
    for above in folder.parents:
        if above.stat().st_uid == os.getuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    with _dovecot(folder / "dovecot", certificates) as ports, contextlib.ExitStack() as stack:
        mail = Mail(
            folder=folder,
            imap=ports[0],
            imaps=ports[1],
            pop3=ports[2],
            pop3s=ports[3],
            lmtp=ports[4],
        )
        if os.getuid() == 0 and shutil.which("postfix", path="/usr/sbin"):
            stack.enter_context(_postfix(folder / "postfix", certificates, mail, ports[5]))
        else:
            stack.enter_context(_stand_in(certificates, mail))
        yield mail


@contextlib.contextmanager
def _dovecot(folder: Path, certificates: Certificates) -> Iterator[Sequence[int]]:
    me = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True)
    (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in _KNOWN))
    (folder / "dovecot.log").touch()
    pki = folder / "server"
    shutil.copy(certificates.valid.certificate, f"{pki}.pem")
    shutil.copy(certificates.valid.key, f"{pki}.key")
    imap, imaps, pop3, pop3s, lmtp, auth = ports = free_ports(6)
    config = folder / "dovecot.conf"
    names = {"user": me.pw_name, "group": grp.getgrgid(me.pw_gid).gr_name, "d": folder, "pki": pki}
    config.write_text(_DOVECOT.format(**names, imap=imap, imaps=imaps, pop3=pop3, pop3s=pop3s, lmtp=lmtp, auth=auth))
    root = os.getuid() == 0
    if root:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, me.pw_name, me.pw_gid)
    user = {"user": me.pw_uid, "group": me.pw_gid} if root else {}
    with running(["dovecot", "-F", "-c", config], folder / "dovecot.out", ports=[imap, pop3, lmtp, auth], **user):
        yield ports


@contextlib.contextmanager
def _postfix(folder: Path, certificates: Certificates, mail: Mail, auth: int) -> Iterator[None]:
    etc = folder / "etc"
    for path in (etc, folder / "queue", folder / "data"):
        path.mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    pki = etc / "server"
    shutil.copy(certificates.valid.certificate, f"{pki}.pem")
    shutil.copy(certificates.valid.key, f"{pki}.key")
    mx, submission, submissions = free_ports(3)
    (etc / "main.cf").write_text(_MAIN.format(d=folder, pki=pki, lmtp=mail.lmtp, auth=auth))
    (etc / "master.cf").write_text(_MASTER.format(mx=mx, submission=submission, submissions=submissions))
    subprocess.run(["/usr/sbin/postfix", "-c", str(etc), "check"], check=True, capture_output=True)
    command = ["/usr/lib/postfix/sbin/master", "-c", etc, "-s"]
    with running(command, folder / "master.out", ports=[mx, submission, submissions]):
        mail.mx, mail.submission, mail.submissions, mail.etc = mx, submission, submissions, etc
        yield


@contextlib.contextmanager
def _stand_in(certificates: Certificates, mail: Mail) -> Iterator[None]:
    """Let aiosmtpd accept mail and hand it to Dovecot."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.valid.certificate, certificates.valid.key)

    class Handler:
        async def handle_RCPT(  # noqa: N802 - the library's name
            self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
        ) -> str:
            if address == GREYLISTED:
                return "450 4.7.1 Greylisted"
            if address not in _KNOWN:
                return "550 5.1.1 address_does_not_exist"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
            import asyncio

            if envelope.rcpt_tos[0] in HELD:
                mail.held.append(envelope)
            else:
                await asyncio.to_thread(mail.deliver, envelope)
            return "250 queued"

    known = [(user.encode(), PASSWORD.encode()) for user in _KNOWN]

    def accept(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> object:
        from aiosmtpd.smtp import AuthResult

        login = getattr(data, "login", b""), getattr(data, "password", b"")
        return AuthResult(success=login in known, handled=False)

    mail.mx, mail.submission, mail.submissions = free_ports(3)
    login = {"authenticator": accept, "auth_required": True}
    servers = (
        Controller(Handler(), hostname="127.0.0.1", port=mail.mx, tls_context=context),
        Controller(
            Handler(), hostname="127.0.0.1", port=mail.submission, tls_context=context, require_starttls=True, **login
        ),
        Controller(
            Handler(),
            hostname="127.0.0.1",
            port=mail.submissions,
            ssl_context=context,
            authenticator=accept,
            auth_require_tls=False,  # it does not see that there is TLS, and would warn of a login that is demanded
        ),
    )
    with contextlib.ExitStack() as stack:
        for server in servers:
            server.start()
            stack.callback(server.stop)
        yield
