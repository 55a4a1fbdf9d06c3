# Gocker in an image: its two programs, a root file system for containers and the example stacks, and nothing else.
#
#   docker build -t gocker-final .
#   docker run --privileged -it gocker-final run /bin/sh
#   docker run --privileged --entrypoint gocker-compose gocker-final up stacks/hello/stack.yaml
#
# docs/deploy.md says which options short of --privileged are enough. Every base is an argument, so that the image can be
# built of what a machine has: BUILD_BASE is a Debian 12 with a Swift 6.2 toolchain or newer. Packages that it lacks are
# installed; where it has them all, nothing is.
ARG BUILD_BASE=swift:6.2-bookworm
ARG FINAL_BASE=scratch

# The two programs, fully static and without symbols.
FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY scripts/install-dependencies scripts/
RUN scripts/install-dependencies
COPY Package.* ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product gocker \
    && swift build -c release --static-swift-stdlib --product gocker-compose \
    && mkdir -p /out/usr/bin \
    && cd .build/release && strip -o /out/usr/bin/gocker gocker && strip -o /out/usr/bin/gocker-compose gocker-compose

# What containers see as their own: that of `gocker run`, and of the example stacks.
FROM build AS rootfs
RUN /out/usr/bin/gocker rootfs create /out/rootfs

FROM ${FINAL_BASE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Gocker" \
    org.opencontainers.image.description="A container runtime and a declarative orchestrator, with no daemon" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}"
COPY --from=rootfs /out /
COPY stacks /stacks
WORKDIR /
# Logs, volumes, and the files that services write: on the host's own file system, because an overlay cannot be the upper
# layer of another.
VOLUME /var/lib/gocker
ENTRYPOINT ["gocker"]
