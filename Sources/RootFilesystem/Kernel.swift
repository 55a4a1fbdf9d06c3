internal import Linux

/// Evaluates `body`; what the kernel refuses in it becomes the reason of a failure.
func kernel<Value: ~Copyable>(
    _ body: @autoclosure () throws(SystemError) -> Value
) throws(RootFilesystemError.Reason) -> Value {
    do {
        return try body()
    } catch {
        throw .system(error)
    }
}
