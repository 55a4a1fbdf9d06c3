/// When a service that has ended is started again.
public enum RestartPolicy: Hashable, Sendable {
    case no
    case always

    /// Always, unless somebody stopped it.
    case unlessStopped

    /// When it failed, at most so many times in a row; nil for any number.
    case onFailure(limit: Int?)

    static let expected = "no, always, unless-stopped, on-failure or on-failure:N"

    /// Reads the text of a stack file: `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:3`.
    public init?(_ text: String) {
        switch text {
        case "no", "": self = .no
        case "always": self = .always
        case "unless-stopped": self = .unlessStopped
        case "on-failure": self = .onFailure(limit: nil)
        default:
            guard text.hasPrefix("on-failure:"), let limit = Int(text.dropFirst("on-failure:".count)), limit >= 0 else {
                return nil
            }
            // As with the Compose tools, none means no limit.
            self = .onFailure(limit: limit == 0 ? nil : limit)
        }
    }
}

extension RestartPolicy: CustomStringConvertible {
    /// As in a stack file.
    public var description: String {
        switch self {
        case .no: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure(nil): "on-failure"
        case .onFailure(let limit?): "on-failure:\(limit)"
        }
    }
}
