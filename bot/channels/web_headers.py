"""Response headers: which origins may read an answer, and what a browser may do with it."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping

# Portals of other origins load the script and what it imports; the policy of their own page
# decides whether they may.
EMBEDDABLE = {"Cross-Origin-Resource-Policy": "cross-origin"}
ALLOWED_METHODS = "GET, POST, DELETE, OPTIONS"
ALLOWED_HEADERS = "Authorization, Content-Type"
EXPOSED_HEADERS = "Content-Disposition, ETag, Retry-After"
PREFLIGHT_SECONDS = "600"

NOTHING_ALLOWED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": NOTHING_ALLOWED,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def secure(headers: MutableMapping[str, str]) -> None:
    """Add the security headers that the answer does not set itself."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)


def share_with(
    headers: MutableMapping[str, str], origin: str | None, allowed: Collection[str], method: str
) -> None:
    """Let pages of an allowed ``origin`` read the answer, never with cookies.

    Whatever the server around this channel decided about other origins is replaced.
    """
    for name in {each.lower() for each in headers if each.lower().startswith("access-control-")}:
        del headers[name]
    headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "Origin")))
    if origin is None or origin not in allowed:
        return
    headers["Access-Control-Allow-Origin"] = origin
    if method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
        headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    else:
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
