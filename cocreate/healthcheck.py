"""Ask the site on this machine whether all is well: exit code 0, else 1. For Docker, where there is no curl.

python -m cocreate.healthcheck
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def ask(port, host):
    """The status of /health/, asked as the site's own visitors would name it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/", headers={"Host": host, "Accept": "application/json"})
        return connection.getresponse().status
    except OSError:
        return 503
    finally:
        connection.close()


if __name__ == "__main__":
    site = urlsplit(os.environ.get("SITE_URL", "http://localhost:8000"))
    sys.exit(ask(int(os.environ.get("PORT", "8000")), site.netloc) != 200)
