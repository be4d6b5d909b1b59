"""Asks a server on this machine whether it is well, with TLS or without: for a container.

    python healthcheck.py [PORT]

PORT: unless given, that of A2F_PORT, else 8765. The certificate is not looked at: it is made out to
the server's name, not to this address, and what is asked is no secret. Exit code 0 = well.
"""

import os
import ssl
import sys
import urllib.request
from http import HTTPStatus

TIME_S = 1.0
"""For each of the two ways, seconds; together less than the health check's own limit."""


def is_well(port: str) -> bool:
    """True when /healthz answers 200 over either; the way that the settings tell comes first."""
    unseen = ssl.create_default_context()
    unseen.check_hostname, unseen.verify_mode = False, ssl.CERT_NONE
    schemes = ["https", "http"] if os.environ.get("A2F_TLS_CERT") else ["http", "https"]
    for scheme in schemes:
        url = f"{scheme}://127.0.0.1:{port}/healthz"
        try:
            with urllib.request.urlopen(url, timeout=TIME_S, context=unseen) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except (OSError, ValueError):
            continue
    return False


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("A2F_PORT", "8765")
    sys.exit(0 if is_well(asked) else 1)
