public import Linux

extension Resources {
    /// The specification's `blockIO`: shares of and limits on the use of block devices.
    public struct BlockIO: Hashable, Sendable {
        /// The weight against others, 10 to 1,000.
        public var weight: UInt16?
        /// The weight of the container's own processes against cgroups it makes; version 1 only.
        public var leafWeight: UInt16?
        public var weightDevice: [WeightDevice] = []
        public var throttleReadBps: [Throttle] = []
        public var throttleWriteBps: [Throttle] = []
        public var throttleReadIOPS: [Throttle] = []
        public var throttleWriteIOPS: [Throttle] = []

        public init() {}
    }
}

extension Resources.BlockIO {
    /// Weights on one device.
    public struct WeightDevice: Hashable, Sendable {
        public var device: DeviceNumber
        public var weight: UInt16?
        public var leafWeight: UInt16?

        public init(_ device: DeviceNumber, weight: UInt16? = nil, leafWeight: UInt16? = nil) {
            self.device = device
            self.weight = weight
            self.leafWeight = leafWeight
        }
    }

    /// A limit on one device, in bytes or operations a second; zero for none.
    public struct Throttle: Hashable, Sendable {
        public var device: DeviceNumber
        public var rate: UInt64

        public init(_ device: DeviceNumber, rate: UInt64) {
            self.device = device
            self.rate = rate
        }
    }
}
