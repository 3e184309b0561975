"""The nginx configuration of deploy/, as bench/ runs it."""

import pytest

from bench.published import configuration
from tests.portal_process import ROOT

HERE = {"port": 8101, "other_port": 8102, "published": "/here/files", "folder": "/here", "portal_port": 8103}


def test_shipped_configuration_can_be_run_here():
    text = configuration((ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"), **HERE)
    lines = [line.strip() for line in text.splitlines()]
    assert sorted({line for line in lines if line.startswith("listen")}) == [
        "listen 127.0.0.1:8101;",
        "listen 127.0.0.1:8102 default_server;",
        "listen 127.0.0.1:8102;",
    ]
    assert lines.count("listen 127.0.0.1:8101;") == 1
    assert "root /here/files/current;" in lines
    assert "server 127.0.0.1:8103" in text
    assert not any(line.startswith("ssl_") for line in lines)
    assert "/var/" not in text.replace("/var/www/acme", "")


def test_another_configuration_is_refused():
    with pytest.raises(ValueError, match=r"deploy/nginx\.conf"):
        configuration("server { listen 8080; }", **HERE)
