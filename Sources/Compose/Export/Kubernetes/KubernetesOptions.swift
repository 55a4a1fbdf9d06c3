public import Linux

/// What somebody who exports a stack to Kubernetes chooses, because no stack file says it.
public struct KubernetesOptions: Sendable {
    /// How the ports that a stack publishes can be reached from outside of the cluster.
    public enum Publishing: Sendable {
        /// By a load balancer of the cluster's, at the published port.
        case loadBalancer
        /// By every node, at the published port, which has to be from 30000 to 32767.
        case nodePort
        /// Not at all.
        case none
    }

    /// Where everything is made; nil for the one that `kubectl` is set to.
    public var namespace: String?
    /// The runtime of all pods, by its name on the nodes; nil for the one that they use anyway.
    public var runtimeClass: String?
    /// What volumes are made of; nil for the cluster's choice.
    public var storageClass: String?
    /// How much each volume is asked to hold; nil for 1 GiB, and a warning.
    public var volumeSize: ByteCount?
    public var publishing = Publishing.loadBalancer
    /// Whether pods may see paths of the nodes that they run on.
    public var allowsHostPaths = false
    /// Whether what secrets hold is written into the manifests.
    public var includesSecrets = false
    /// The keys that may be left out where Kubernetes has no word for them.
    public var ignored: Set<String> = []

    public init() {}
}
