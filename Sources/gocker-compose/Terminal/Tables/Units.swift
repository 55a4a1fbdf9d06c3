internal import Linux

/// Amounts as tables show them; a dash where nothing is known.
enum Units {
    static func bytes(_ count: UInt64?) -> String {
        count.map { ByteCount(bytes: Int64(clamping: $0)).description } ?? "-"
    }

    /// Of a whole of 100.
    static func percent(_ number: Double?) -> String {
        guard let number else { return "-" }
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }

    /// The three kinds of pressure, e.g. `0/12/0`, in whole per cent.
    static func pressures(_ kinds: [Double?]) -> String {
        guard kinds.contains(where: { $0 != nil }) else { return "-" }
        return kinds.map { $0.map { String(Int($0.rounded())) } ?? "-" }.joined(separator: "/")
    }

    static func seconds(nanoseconds: UInt64?) -> String {
        nanoseconds.map { ProgressLayout.duration(.nanoseconds(Int64(clamping: $0))) } ?? "-"
    }

    /// `12/50`, or `12` where there is no limit.
    static func ratio(_ count: UInt64?, of limit: UInt64?) -> String {
        guard let count else { return "-" }
        return limit.map { "\(count)/\($0)" } ?? "\(count)"
    }

    /// With the two largest units: `3s`, `2m5s`, `4h1m`, `3d2h`.
    static func age(_ seconds: Double) -> String {
        let total = Int(max(0, seconds))
        let units = [("d", total / 86400), ("h", total / 3600 % 24), ("m", total / 60 % 60), ("s", total % 60)]
        let shown = units.drop { $0.1 == 0 }.prefix(2).filter { $0.1 != 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.1)\($0.0)" }.joined()
    }
}
