/// Questions about single bytes of text, in ASCII: what the formats of stack files are defined in.
extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
