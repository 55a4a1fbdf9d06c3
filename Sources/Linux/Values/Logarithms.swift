internal import CLinux

/// See log2(3).
public func binaryLogarithm(_ number: Double) -> Double { log2(number) }

/// Ten to the power of `exponent`. See pow(3).
public func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }
