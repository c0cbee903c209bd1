"""An address as a QR code, to go on with on another device."""

from __future__ import annotations

from urllib.parse import quote

# Empty modules around the code, which scanners need.
QUIET_ZONE = 4


def qr_code(address: str) -> str:
    """The code as an SVG picture in a ``data:`` address."""
    # The library takes a noticeable part of a second to import.
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.L)
    code.addData(address)
    code.make()
    dark = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(code.modules)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    size = len(code.modules) + 2 * QUIET_ZONE
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{dark}"/></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"
