import Linux
import Testing

@testable import RootFilesystem

@Suite("How a program finds its code")
struct ExecutableFormatTests {
    /// A file with one program header of `type`, in the two widths and byte orders there are.
    private func program(type: UInt8, is64Bit: Bool, isBigEndian: Bool) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: 128)
        file.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, is64Bit ? 2 : 1, isBigEndian ? 2 : 1])
        func put(_ value: UInt8, at offset: Int, _ width: Int) {
            file[isBigEndian ? offset + width - 1 : offset] = value
        }
        put(64, at: is64Bit ? 32 : 28, is64Bit ? 8 : 4)
        put(56, at: is64Bit ? 54 : 42, 2)
        put(1, at: is64Bit ? 56 : 44, 2)
        put(type, at: 64, 4)
        return file
    }

    @Test("is said by its program headers", arguments: [true, false], [true, false])
    func headers(is64Bit: Bool, isBigEndian: Bool) {
        let load = program(type: 1, is64Bit: is64Bit, isBigEndian: isBigEndian)
        #expect(ExecutableFormat(load) == .staticELF)
        let interpreter = program(type: 3, is64Bit: is64Bit, isBigEndian: isBigEndian)
        #expect(ExecutableFormat(interpreter) == .dynamicELF)
    }

    @Test("is looked for in whatever file there is", arguments: [0, 3, 4, 51, 52, 63, 64, 100])
    func short(length: Int) {
        let file = Array(program(type: 3, is64Bit: true, isBigEndian: false)[..<length])
        #expect(ExecutableFormat(file) == (length < 52 ? .other : length < 68 ? .staticELF : .dynamicELF))
        let nonsense = Array("\u{7F}ELF".utf8) + [2, 1] + [UInt8](repeating: 255, count: length)
        #expect(ExecutableFormat(nonsense) != .dynamicELF)
    }

    @Test("is right for this machine's own programs")
    func machine() throws {
        #expect(ExecutableFormat(try readFile("/bin/busybox")) == .staticELF)
        #expect(ExecutableFormat(try readFile("/bin/sh")) == .dynamicELF)
        #expect(ExecutableFormat(try readFile("/etc/passwd")) == .other)
    }
}
