"""The production set-up: as far as it can be checked without the machines it is for."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from debian_programs import need

from bot import clock
from bot.application.questions import QUESTIONS
from bot.channels.errors import ChannelError
from bot.channels.health import PartsCollector
from bot.channels.uploads import too_large
from bot.observability import metrics
from bot.observability.stored_figures import (
    DeliveryFigures,
    StoredFigures,
    StoredFiguresCollector,
)
from bot.settings import PROJECT, Settings, environment_names

DEPLOY = PROJECT / "deploy"
NGINX = Path("/usr/sbin/nginx")
# Counted by Prometheus and its library, not by us.
OTHER_FIGURES = {"up", "process_resident_memory_bytes"}


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


# nginx


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "assistant.example")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    certificate(tmp_path)
    for name in ("nginx.conf", "http.conf", "maps.conf", "assistant.conf"):
        content = read(f"nginx/{name}")
        for given, here in (
            ("/etc/nginx/assistant", str(tmp_path)),
            ("/etc/nginx/tls", str(tmp_path)),
            ("/tmp/nginx.pid", f"{tmp_path}/pid"),
            ("server-1:", "127.0.0.1:"),
            ("server-2:", "127.0.0.2:"),
        ):
            content = content.replace(given, here)
        (tmp_path / name).write_text(content, encoding="utf-8")
    program = need(NGINX, "nginx-light")
    tried = subprocess.run(
        [program, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr


def test_nginx_says_what_a_server_would_say() -> None:
    content = read("nginx/assistant.conf")
    said = dict(re.findall(r"return (503|413) '(.*)';", content))
    assert json.loads(said["503"]) == ChannelError("service_unavailable").body
    most = Settings.__fields__["upload_max_bytes"].default
    assert json.loads(said["413"]) == too_large(most).body
    allowed = re.search(r"client_max_body_size (\d+)m;", content)
    assert allowed is not None
    assert int(allowed.group(1)) * 2**20 > most


# Compose and Kubernetes


def settings_in(content: str) -> set[str]:
    return set(re.findall(r"\b(BOT_[A-Z_]+)\b", content))


@pytest.mark.parametrize(
    "name", ["compose.yml", "kubernetes.yml", "Dockerfile", "secrets.env.example"]
)
def test_only_settings_that_exist_are_set(name: str) -> None:
    assert settings_in(read(name)) <= set(environment_names())


def test_every_secret_is_asked_for() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+):\?\}", read("compose.yml")))
    offered = re.findall(r"^([A-Z_]+)=(.*)$", read("secrets.env.example"), flags=re.MULTILINE)
    assert {name for name, _ in offered} == needed
    assert not any(value for _, value in offered)


def test_the_parts_of_the_compose_file_fit_together() -> None:
    services = yaml.safe_load(read("compose.yml"))["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
    named = set(re.findall(r"server ([a-z0-9-]+):5005", read("nginx/http.conf")))
    assert named <= set(services)
    open_to_the_world = {
        name
        for name, service in services.items()
        if any(not port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    }
    assert open_to_the_world == {"nginx"}


def test_kubernetes_objects_are_complete() -> None:
    objects = list(yaml.safe_load_all(read("kubernetes.yml")))
    names = {(each["kind"], each["metadata"]["name"]) for each in objects}
    assert len(names) == len(objects)
    assert {each["apiVersion"].rpartition("/")[2] for each in objects} == {"v1"}
    services = {name for kind, name in names if kind == "Service"}
    ingress = next(each for each in objects if each["kind"] == "Ingress")
    paths = ingress["spec"]["rules"][0]["http"]["paths"]
    assert {path["backend"]["service"]["name"] for path in paths} <= services
    assert all(path["path"].startswith("/webhooks/") for path in paths)
    for each in objects:
        if each["kind"] == "Deployment":
            labels = each["spec"]["template"]["metadata"]["labels"]
            assert each["spec"]["selector"]["matchLabels"] == labels


def test_the_image_holds_what_a_server_needs() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", read("Dockerfile"), flags=re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert all((PROJECT / source).exists() for source in sources)
    let_in = re.findall(r"^!(.*)$", (PROJECT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert sources == set(let_in)


# Figures


def exported() -> set[str]:
    """The names of all samples that a server can show."""
    for question in (QUESTIONS[0].key,):
        metrics.ASKED.labels(question).inc(0)
        metrics.MISUNDERSTOOD.labels(question).inc(0)
    metrics.TURNS.labels("widget", "answered").inc(0)
    metrics.TURN_SECONDS.labels("widget")
    metrics.ACTION_SECONDS.labels("action_answer", "done")
    metrics.CONVERSATIONS.labels("widget").inc(0)
    metrics.ENDED.labels("widget", "cancelled", "iban").inc(0)
    metrics.QUOTES.labels("widget").inc(0)
    metrics.SUBMISSIONS.labels("widget", "quote").inc(0)
    metrics.REFUSALS.labels("busy").inc(0)
    figures = StoredFigures(
        {"folder": DeliveryFigures()}, {"iban": 1}, {("whatsapp", "out", "waiting"): 1}
    )
    shown = metrics.exposition(PartsCollector({"redis": ""}), StoredFiguresCollector(figures))
    names = re.findall(r"^([a-z_]+)[{ ]", shown.decode(), flags=re.MULTILINE)
    return set(names) | OTHER_FIGURES


def expressions() -> list[str]:
    dashboard = json.loads(read("grafana/dashboard.json"))
    rules: Any = yaml.safe_load(read("prometheus/alerts.yml"))
    found = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return found + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("expression", expressions())
def test_every_figure_that_is_watched_is_counted(expression: str) -> None:
    named = set(re.findall(r"\b(bot_[a-z_]+|process_[a-z_]+)\b", expression))
    assert named or "up{" in expression
    assert named <= exported()
