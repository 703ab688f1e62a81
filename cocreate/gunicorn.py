"""How the web server runs, read by `gunicorn -c python:cocreate.gunicorn`. Docker and `make run` share it."""

import gc
import os

from cocreate import welcome

wsgi_app = "cocreate.wsgi:application"
bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
preload_app = True  # load the code once, before the workers share it
timeout = 60
graceful_timeout = 3
keepalive = 5
max_requests = 100_000
max_requests_jitter = 10_000
loglevel = os.environ.get("WEB_LOG_LEVEL", "info")
accesslog = None  # addresses hold invitation tokens; they belong in no log
control_socket_disable = True


def when_ready(server):
    """Warm up, then keep what is loaded out of every later garbage collection: that halves the slowest requests."""
    welcome.warm_up()
    gc.collect()
    gc.freeze()
    welcome.say()
