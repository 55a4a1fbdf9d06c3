/// A value of D-Bus, of the types that systemd is told about cgroups in. See the D-Bus specification, "Type System".
enum DBusValue: Hashable, Sendable {
    case boolean(Bool)
    case unsigned32(UInt32)
    case unsigned64(UInt64)
    case text(String)
    case list32([UInt32])
    case bytes([UInt8])

    /// The signature of its type.
    var signature: String {
        switch self {
        case .boolean: "b"
        case .unsigned32: "u"
        case .unsigned64: "t"
        case .text: "s"
        case .list32: "au"
        case .bytes: "ay"
        }
    }
}

/// A property of a unit and its value, `(sv)`.
struct UnitProperty: Hashable, Sendable {
    let name: String
    let value: DBusValue

    init(_ name: String, _ value: DBusValue) {
        self.name = name
        self.value = value
    }
}
