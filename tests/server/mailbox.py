"""A mail server on loopback that wants STARTTLS and a password, keeps what it takes, and says on
standard output what was asked of it.

usage: mailbox.py CERTIFICATE KEY [PORT]

Prints its port first. Ann's password is "vier Worte = gut". Recipients whose names begin with
"later" are refused once with 451, and then taken; those with "never" are refused with 550. The n-th
mail is the file mail.n.
"""

import asyncio
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(*words):
    print(*words, flush=True)


def authenticate(server, session, envelope, mechanism, login):
    known = LoginPassword(login=b"ann", password=b"vier Worte = gut")
    say("login", login.login.decode(), "right" if login == known else "wrong")
    return AuthResult(success=login == known, handled=False)


class Mailbox:
    def __init__(self):
        self.taken = 0
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never"):
            return "550 5.1.1 nobody of this name"
        if address.startswith("later") and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += 1
        with open(f"mail.{self.taken}", "wb") as file:
            file.write(envelope.original_content)
        encrypted = "encrypted" if session.ssl else "open"
        say("mail", self.taken, "of", envelope.mail_from, "to", *envelope.rcpt_tos, encrypted)
        return "250 2.0.0 taken"


async def serve(certificate, key, port):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    mailbox = Mailbox()

    def connection():
        return SMTP(mailbox, hostname="mail.localhost", tls_context=context, require_starttls=True,
                    authenticator=authenticate, auth_required=True)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", port)
    end = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, end.set)
    say(server.sockets[0].getsockname()[1])
    await end.wait()
    server.close()


asyncio.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
