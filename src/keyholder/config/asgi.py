"""The server's application: everything is Django as WSGI in a pool of threads, behind the gate and the log of requests."""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from keyholder.config.wsgi import application as wsgi
from keyholder.interfaces.http.access_log import AccessLog, Application
from keyholder.interfaces.http.gate import Gate

THREADS = 16
"""Of one process. A request that waits for the database waits in one of these."""

django = cast("Application", WSGIMiddleware(cast("WSGIApp", wsgi), workers=THREADS))
application = AccessLog(Gate(django))
