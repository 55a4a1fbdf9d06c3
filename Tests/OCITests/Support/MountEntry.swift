/// The fields of a line of mountinfo that tests ask for. See proc(5).
struct MountEntry {
    let options: Set<String>
    let propagation: [String]
    let type: String
    let superOptions: [String]

    init?(_ line: String?) {
        guard let line else { return nil }
        let halves = line.split(separator: " ").split(separator: "-", maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let first = Array(halves[0])
        let second = Array(halves[1])
        options = Set(first[5].split(separator: ",").map(String.init))
        propagation = first.dropFirst(6).map(String.init)
        type = String(second[0])
        superOptions = second[2].split(separator: ",").map(String.init)
    }
}
