internal import JSON
internal import Linux

extension SeccompSpec {
    /// Reads a profile from a file that holds the runtime specification's `linux.seccomp`.
    public init(file path: String) throws(SeccompError) {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, limit: 1 << 20)
        } catch {
            throw .system(error)
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            throw .profile("\(path):\(error)")
        }
        try self.init(json: value)
    }
}
