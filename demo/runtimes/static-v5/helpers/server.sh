#!/bin/bash
# Starts the server on port 3000, whatever the function's code is.
exec /usr/local/server/static_server
