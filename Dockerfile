# The executor as an image of nothing but the program and the libraries that it loads. Build: docker build -t opr-executor .
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
LABEL opr.stage=build
RUN apt-get update && apt-get install --yes --no-install-recommends \
  ca-certificates cmake g++ libboost-dev libcaf-dev libpistache-dev libspdlog-dev libssl-dev libyaml-cpp-dev \
  ninja-build pkg-config rapidjson-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release -DOPR_TESTS=OFF && cmake --build build --target executor && strip build/executor \
  && mkdir -p /image/usr/local/bin \
  && cp build/executor /image/usr/local/bin/ \
  && ldd build/executor | grep --only-matching '/[^ )]*' | xargs cp --dereference --parents --target-directory=/image \
  && cp --dereference --parents /etc/ssl/certs/ca-certificates.crt /image \
  && rm -rf build

FROM scratch
COPY --from=build /image /
ENV OPR_EXECUTOR_PORT=80 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 80
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=3 CMD ["/usr/local/bin/executor", "--health"]
ENTRYPOINT ["/usr/local/bin/executor"]
