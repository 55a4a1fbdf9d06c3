internal import JSON
internal import Linux

/// A directory with a root file system and the `config.json` that describes a container. See the runtime specification,
/// "Filesystem Bundle".
public struct Bundle: Sendable {
    /// Absolute.
    public let path: String
    public let spec: ContainerSpec
    /// The document as it was read.
    let bytes: [UInt8]

    /// - Throws: `LifecycleError.document` naming the place, where the document is not what it should be.
    public init(at directory: String) throws(LifecycleError) {
        let path: String
        do {
            path = directory.hasPrefix("/") ? directory : try absolute(directory)
        } catch {
            throw .system(error)
        }
        let file = path + "/config.json"
        do {
            bytes = try readFile(file)
        } catch {
            throw .system(error)
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            throw .document(path: "\(file):\(error.line):\(error.column)", error.message)
        }
        do {
            spec = try ContainerSpec(config: value, bundle: path)
        } catch {
            throw .document(path: file, "\(error)")
        }
        self.path = path
    }
}

/// `path` as it is seen from the root.
private func absolute(_ path: String) throws(SystemError) -> String {
    let directory = try workingDirectory()
    return path.isEmpty || path == "." ? directory : "\(directory)/\(path)"
}
