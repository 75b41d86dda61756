"""Serves one slow page on a free port that it prints, by the server of `serve`: a process for tests to end."""

from __future__ import annotations

import sys
import time

from flask import Flask

from backoffice.commands import server

server.ARRIVING_SECONDS = float(sys.argv[2])  # type: ignore[assignment]
app = Flask("slow")
app.config["MAX_CONTENT_LENGTH"] = 1000


@app.route("/", methods=("GET", "POST"))
def slow() -> str:
    print("begun", flush=True)
    time.sleep(1)
    return "done " * 200_000


serving = server.Server(app, server.listen("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
serving.run()
print("stopped", flush=True)
