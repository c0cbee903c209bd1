"""The floor: a bare Sanic handler that stores a message in SQLite and answers.

``python -m benchmarks.floor PORT FOLDER``. Its commit is the product's: write-ahead log, synced
with the disk at checkpoints.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse


def floor_app(database: Path) -> Sanic:
    """POST /turn stores the message and sends it back; GET / tells that it is up."""
    app = Sanic("floor", configure_logging=False)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, body BLOB)")

    @app.get("/")
    async def up(_request: Request) -> HTTPResponse:
        return HTTPResponse("up")

    @app.post("/turn")
    async def turn(request: Request) -> HTTPResponse:
        message = request.json
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO messages (body) VALUES (?)", [json.dumps(message)])
        connection.execute("COMMIT")
        answer = {"messages": [{"id": message["id"], "text": message["text"]}]}
        return HTTPResponse(json.dumps(answer), content_type="application/json")

    return app


if __name__ == "__main__":
    floor_app(Path(sys.argv[2]) / "floor.sqlite3").run(
        host="127.0.0.1", port=int(sys.argv[1]), access_log=False, motd=False
    )
