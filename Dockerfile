# The programs as images of nothing but each program and the libraries that it loads. Build:
#   docker build -t opr-executor .
#   docker build -t opr-proxy --target proxy .
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
LABEL opr.stage=build
RUN apt-get update && apt-get install --yes --no-install-recommends \
  ca-certificates cmake g++ libboost-dev libcaf-dev libhiredis-dev libpistache-dev libspdlog-dev libssl-dev \
  libyaml-cpp-dev ninja-build pkg-config rapidjson-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release -DCMAKE_BUILD_TYPE=Release -DOPR_TESTS=OFF && cmake --build build --target executor proxy \
  && strip build/executor build/proxy && for program in executor proxy; do \
    mkdir -p /image/$program/usr/local/bin \
    && cp build/$program /image/$program/usr/local/bin/ \
    && ldd build/$program | grep --only-matching '/[^ )]*' \
      | xargs cp --dereference --parents --target-directory=/image/$program \
    && cp --dereference --parents /etc/ssl/certs/ca-certificates.crt /image/$program || exit 1; \
  done && rm -rf build

FROM scratch AS proxy
COPY --from=build /image/proxy /
ENV PORT=80 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 80
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=3 CMD ["/usr/local/bin/proxy", "--health"]
ENTRYPOINT ["/usr/local/bin/proxy"]

# The last one is what is built where no target is named.
FROM scratch AS executor
COPY --from=build /image/executor /
ENV OPR_EXECUTOR_PORT=80 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 80
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=3 CMD ["/usr/local/bin/executor", "--health"]
ENTRYPOINT ["/usr/local/bin/executor"]
