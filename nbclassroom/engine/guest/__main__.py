"""Starts a worker; arguments: student or tests, the socket's descriptor, options as JSON."""

import json
import socket
import sys

from .worker import make, serve

serve(make(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), json.loads(sys.argv[3]))
