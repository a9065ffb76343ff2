#!/bin/bash
# Starts the server on port 3000; its working directory is /usr/local/server.
exec node src/server.mjs
