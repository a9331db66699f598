"""The server's application: Django as WSGI in a pool of threads, behind the gate and the log of requests; beside it the mail's worker."""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from keyholder.config.wsgi import application as wsgi
from keyholder.interfaces.http.access_log import AccessLog, Application
from keyholder.interfaces.http.gate import Gate
from keyholder.interfaces.jobs.lifespan import Lifespan

THREADS = 16
"""Of one process. A request that waits for the database waits in one of these."""

django = cast("Application", WSGIMiddleware(cast("WSGIApp", wsgi), workers=THREADS))
application = Lifespan(AccessLog(Gate(django)))
