# The two commands a newcomer needs are "make demo" and "make test"; the rest is for those who work on Gocker.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
SWIFT ?= swift
RELEASE = -c release --static-swift-stdlib

.PHONY: build demo test test-faults test-scale test-engines test-deploy test-vm lint format bench conformance man rootfs
.PHONY: image install uninstall deb clean

# The two programs, fully static, in .build/release.
build: dependencies
	$(SWIFT) build $(RELEASE) --product gocker |& scripts/quiet-build
	$(SWIFT) build $(RELEASE) --product gocker-compose |& scripts/quiet-build

# Runs stacks/hello for real and shows what isolation means.
demo: build
	scripts/demo

# All tests, against the programs as they are shipped.
test: build
	$(SWIFT) build --build-tests
	GOCKER_BIN_DIR=$(CURDIR)/.build/release $(SWIFT) test --skip-build
	if [ "$$(id -u)" = 0 ]; then scripts/test-faults --seconds 12 --services 25 --seed 7; fi

# Fifty misbehaving services for ten minutes, while everything goes wrong around them: scripts/test-faults --help.
test-faults: build
	scripts/test-faults

# A thousand services in one stack, and two deaths of their supervisor.
test-scale: build
	scripts/test-scale

# Podman, Docker, containerd and Docker Swarm, as Debian has them, with gocker for their runtime.
test-engines: build
	scripts/test-engines

# The image, Terraform, the Debian package, and stacks exported to Docker Swarm and to Kubernetes.
test-deploy: build
	scripts/test-deploy

# Limits, stacks/hello and what AppArmor and SELinux forbid, in virtual machines with cgroup version 2 only.
test-vm: build
	scripts/test-vm

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

# Start-up time against crun, runc, bubblewrap and the same in C; loading against the Compose tools; supervision against
# those, supervisord, s6 and runit; keeping logs against s6-log, conmon and dockerd.
bench: build
	bench/run

# What the reference loader says of its own stack files, compared with what we say: CORPUS is the folder that has them.
conformance: build
	scripts/conformance $(CORPUS)

# The manual pages of both programs, in man/man1: man -M man gocker-compose.
man: build
	.build/release/gocker man man/man1
	.build/release/gocker-compose man man/man1

# Programs, manual pages, completion, the unit gocker@.service, documentation and examples: packaging/install has the
# variables, of which DESTDIR and PREFIX are the usual ones. Nothing is enabled or started.
export DESTDIR PREFIX UNITDIR ZSHDIR
install: build
	packaging/install

# Takes away what `make install` has written down that it installed.
uninstall:
	packaging/install --remove

# The Debian package, in .build/deb or DEBDIR.
export DEBDIR
deb: build
	packaging/build-deb

# A root file system to play with, of this machine's busybox. That of an image:
# docker export $(docker create alpine) | .build/release/gocker rootfs import - rootfs
rootfs: build
	.build/release/gocker rootfs create rootfs

# Gocker in an image, gocker-final: docs/deploy.md.
image:
	docker build -t gocker-final .

clean:
	$(SWIFT) package clean
	rm -rf man rootfs

.PHONY: dependencies
dependencies:
	@scripts/install-dependencies
