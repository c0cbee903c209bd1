"""Links that carry a conversation from one channel to another: signed, for once, and expiring."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt

from bot.channels.errors import ChannelError
from bot.channels.sessions import ALGORITHM, verified
from bot.clock import BERLIN, now
from bot.storage.used_links import UsedLinks

AUDIENCE = "vereins-antrag-link"
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class ResumeLinks:
    """Issues the tokens in such links, and redeems each of them once."""

    secret: str = field(repr=False)
    used: UsedLinks

    def issue(self, conversation_id: str) -> str:
        """A token that leads to this conversation, good for ``LIFETIME``."""
        claims = {
            "aud": AUDIENCE,
            "sub": conversation_id,
            "jti": secrets.token_hex(16),
            "exp": int((now() + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def redeem(self, token: str) -> str | None:
        """The conversation that the token leads to; ``None`` if it is another kind of token.

        Raises:
            ChannelError: ``session_link_used``, it was redeemed before or has expired.
            DatabaseUnavailable: it was not redeemed.
        """
        claims = verified(token, self.secret, required=("aud", "sub", "exp"))
        if claims is None or claims["aud"] != AUDIENCE:
            return None
        expires_at = datetime.fromtimestamp(claims["exp"], BERLIN)
        if expires_at <= now() or not self.used.use(claims["jti"], expires_at, now()):
            raise ChannelError("session_link_used")
        return str(claims["sub"])
