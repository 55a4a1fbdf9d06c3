/// Writes tar archives byte by byte, also such as no decent program would.
struct Tar {
    private(set) var bytes: [UInt8] = []

    /// The type flags of ustar.
    enum Flag: Character {
        case regular = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case characterDevice = "3"
        case blockDevice = "4"
        case directory = "5"
        case fifo = "6"
        case multiVolume = "M"
        case gnuLongName = "L"
        case gnuLongLink = "K"
        case paxGlobal = "g"
        case pax = "x"
    }

    /// Adds one entry: a header, and the content in blocks of 512 bytes.
    mutating func add(
        _ name: String, _ flag: Flag = .regular, _ content: [UInt8] = [], link: String = "", mode: Int = 0o644,
        owner: (Int, Int) = (0, 0), time: Int = 1_000_000_000, device: (Int, Int) = (0, 0), size: Int? = nil
    ) {
        add(
            name: Array(name.utf8), flag, content, link: Array(link.utf8), mode: mode, owner: owner, time: time,
            device: device, size: size)
    }

    mutating func add(
        name: [UInt8], _ flag: Flag, _ content: [UInt8] = [], link: [UInt8] = [], mode: Int = 0o644,
        owner: (Int, Int) = (0, 0), time: Int = 1_000_000_000, device: (Int, Int) = (0, 0), size: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ field: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in field.enumerated() { header[offset + index] = byte }
        }
        func putOctal(_ number: Int, at offset: Int, width: Int) {
            let digits = String(number, radix: 8)
            put((String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits).utf8, at: offset)
        }
        put(name.prefix(100), at: 0)
        putOctal(mode, at: 100, width: 8)
        putOctal(owner.0, at: 108, width: 8)
        putOctal(owner.1, at: 116, width: 8)
        putOctal(size ?? content.count, at: 124, width: 12)
        putOctal(time, at: 136, width: 12)
        put("        ".utf8, at: 148)
        header[156] = flag.rawValue.asciiValue ?? 0
        put(link.prefix(100), at: 157)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        putOctal(device.0, at: 329, width: 8)
        putOctal(device.1, at: 337, width: 8)
        // The sum of the header with spaces in the place of the sum.
        putOctal(header.reduce(0) { $0 + Int($1) }, at: 148, width: 7)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Adds a pax extended header for the entry after it.
    mutating func addPax(_ records: [(String, [UInt8])], _ flag: Flag = .pax) {
        var content: [UInt8] = []
        for (key, value) in records {
            // The length counts its own digits.
            let rest = key.utf8.count + value.count + 3
            var length = rest + 1
            while "\(length)".count + rest != length { length = "\(length)".count + rest }
            content += Array("\(length) \(key)=".utf8) + value + [0x0A]
        }
        add("pax", flag, content)
    }

    mutating func addPax(_ records: [String: String], _ flag: Flag = .pax) {
        addPax(records.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) }, flag)
    }

    /// The archive with its end mark: two blocks of zeros.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// An archive of what `build` adds.
    static func archive(_ build: (inout Tar) -> Void) -> [UInt8] {
        var tar = Tar()
        build(&tar)
        return tar.finished
    }
}
