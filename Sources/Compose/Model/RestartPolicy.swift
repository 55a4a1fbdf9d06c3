/// When a service that has ended is started again: `restart`, or the finer `deploy.restart_policy`.
public struct RestartPolicy: Hashable, Sendable {
    public enum Condition: Hashable, Sendable {
        case no
        case onFailure
        case always
        /// Always, unless somebody stopped it.
        case unlessStopped
    }

    public var condition: Condition

    /// How often in a row at most; nil for any number.
    public var limit: Int?

    /// How long to wait each time, where it is always the same; nil for a delay that grows.
    public var delay: Duration?

    /// A run of this length was no failed attempt; nil for the standard length.
    public var window: Duration?

    public static let no = RestartPolicy(condition: .no)
    public static let always = RestartPolicy(condition: .always)
    public static let unlessStopped = RestartPolicy(condition: .unlessStopped)
    public static func onFailure(limit: Int?) -> RestartPolicy { RestartPolicy(condition: .onFailure, limit: limit) }

    public init(condition: Condition, limit: Int? = nil, delay: Duration? = nil, window: Duration? = nil) {
        self.condition = condition
        self.limit = limit
        self.delay = delay
        self.window = window
    }

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
        switch condition {
        case .no: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure: limit.map { "on-failure:\($0)" } ?? "on-failure"
        }
    }
}
