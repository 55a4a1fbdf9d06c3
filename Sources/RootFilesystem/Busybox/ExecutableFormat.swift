/// How a program finds its code. See elf(5).
enum ExecutableFormat: Hashable {
    /// The kernel alone can start it.
    case staticELF
    /// It asks for a dynamic linker, which brings libraries.
    case dynamicELF
    case other

    init(_ file: [UInt8]) {
        guard file.starts(with: [0x7F] + Array("ELF".utf8)), file.count >= 52 else {
            self = .other
            return
        }
        let is64Bit = file[4] == 2
        let isBigEndian = file[5] == 2
        /// An unsigned number in the file; 0 where the file is too short for it.
        func number(at offset: Int, _ width: Int) -> Int {
            guard offset >= 0, offset <= file.count - width else { return 0 }
            let bytes = file[offset..<offset + width]
            let value = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(truncatingIfNeeded: value)
        }

        let table = is64Bit ? number(at: 32, 8) : number(at: 28, 4)
        let entrySize = number(at: is64Bit ? 54 : 42, 2)
        let count = number(at: is64Bit ? 56 : 44, 2)
        let interpreter = 3  // PT_INTERP
        let isDynamic = (0..<count).contains { number(at: table &+ $0 * entrySize, 4) == interpreter }
        self = isDynamic ? .dynamicELF : .staticELF
    }
}
