internal import JSON
public import Linux

/// An image with a root file system as its only layer, for engines that run images.
///
/// Settings of services are no part of it: all that share a root file system share an image. It is the same, digest and
/// all, whenever the root file system is.
public struct RootfsImage: Sendable {
    /// What of it is not in the root file system.
    public struct Settings: Sendable {
        /// Where programs are looked for unless a container says so.
        public var searchPath: String
        /// Times in the image after this one become it; nil for none. In seconds since 1970; see
        /// https://reproducible-builds.org/specs/source-date-epoch/.
        public var latestTime: Int64?
        /// Told what is left out of the image, in a sentence.
        public var warn: @Sendable (String) -> Void = { _ in }

        public init(searchPath: String, latestTime: Int64? = nil) {
            self.searchPath = searchPath
            self.latestTime = latestTime
        }
    }

    let directory: String
    private let settings: Settings
    private let layer: Blob
    private let config: [UInt8]

    /// The digest that engines know it by: SHA-256, 64 hexadecimal digits.
    public let digest: String

    /// Reads the root file system in a directory through once.
    public init(of directory: String, _ settings: Settings) throws(RootFilesystemError) {
        self.directory = directory
        self.settings = settings
        let sink = DigestSink()
        do {
            let layer = ImageLayer(directory: directory, latestTime: settings.latestTime, warn: settings.warn)
            try layer.write(to: sink)
        } catch {
            throw RootFilesystemError(operation: "read \(directory)", reason: error)
        }
        layer = sink.finish()
        config = Array(JSONWriter.compact(Self.config(layer, settings)).utf8)
        digest = Blob(of: config).digest
    }

    /// Writes it as an archive that `docker load`, `podman load` and `skopeo` take: an OCI image layout that is a Docker
    /// archive, too.
    ///
    /// - Parameter reference: the name that it is loaded by, with a tag.
    public func write(to output: borrowing FileDescriptor, as reference: String) throws(RootFilesystemError) {
        do throws(RootFilesystemError.Reason) {
            let writer = try ArchiveWriter(output)
            for (name, content) in documents(reference) { try writer.write(name, content) }
            try writeLayer(to: writer)
            try writer.finish()
        } catch {
            throw RootFilesystemError(operation: "write the image of \(directory)", reason: error)
        }
    }

    private func writeLayer(to writer: ArchiveWriter) throws(RootFilesystemError.Reason) {
        try writer.begin(Self.path(of: layer), size: layer.size)
        let sink = PartSink(writer)
        // What is left out has been told.
        try ImageLayer(directory: directory, latestTime: settings.latestTime) { _ in }.write(to: sink)
        guard sink.digest.finish() == layer else { throw .changed }
    }
}

// MARK: What is said of it

extension RootfsImage {
    private static func path(of blob: Blob) -> String { "blobs/sha256/\(blob.digest)" }

    /// See the OCI image specification, "Image Configuration".
    private static func config(_ layer: Blob, _ settings: Settings) -> JSONValue {
        let epoch: JSONValue = "1970-01-01T00:00:00Z"
        return [
            "created": epoch, "architecture": .string(architecture), "os": "linux",
            "config": ["Env": [.string("PATH=\(settings.searchPath)")]],
            "rootfs": ["type": "layers", "diff_ids": [.string("sha256:\(layer.digest)")]],
            "history": [["created": epoch, "created_by": "gocker-compose export"]],
        ]
    }

    /// As Go names it.
    private static var architecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }

    /// Everything but the layer: that of an OCI image layout, and Docker's list.
    private func documents(_ reference: String) -> [(name: String, content: [UInt8])] {
        func bytes(_ value: JSONValue) -> [UInt8] { Array(JSONWriter.compact(value).utf8) }
        func descriptor(_ type: String, _ blob: Blob) -> [(key: String, value: JSONValue)] {
            [
                ("mediaType", .string("application/vnd.oci.image.\(type)")),
                ("digest", .string("sha256:\(blob.digest)")), ("size", .integer(blob.size)),
            ]
        }
        let config = Blob(of: config)
        let manifest = bytes([
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": .object(descriptor("config.v1+json", config)),
            "layers": [.object(descriptor("layer.v1.tar", layer))],
        ])
        let tag = reference.split(separator: ":").last.map(String.init) ?? reference
        let names: JSONValue = [
            "io.containerd.image.name": .string(reference), "org.opencontainers.image.ref.name": .string(tag),
        ]
        let index = descriptor("manifest.v1+json", Blob(of: manifest)) + [("annotations", names)]
        let docker: JSONValue = [
            "Config": .string(Self.path(of: config)), "RepoTags": [.string(reference)],
            "Layers": [.string(Self.path(of: layer))],
        ]
        return [
            ("oci-layout", bytes(["imageLayoutVersion": "1.0.0"])),
            ("index.json", bytes(["schemaVersion": 2, "manifests": [.object(index)]])),
            ("manifest.json", bytes([docker])),
            (Self.path(of: config), self.config),
            (Self.path(of: Blob(of: manifest)), manifest),
        ]
    }
}

/// Writes bytes as the content of the entry that an archive is at.
private final class PartSink: ByteSink {
    private let writer: ArchiveWriter
    let digest = DigestSink()

    init(_ writer: ArchiveWriter) {
        self.writer = writer
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(RootFilesystemError.Reason) {
        digest.write(bytes)
        try writer.write(bytes)
    }
}
