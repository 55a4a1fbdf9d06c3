internal import Linux
internal import OrderedCollections

/// What is still to be written down.
struct JournalChanges {
    /// Where the stack came from.
    var isOfStack = false
    /// The numbers of new definitions.
    var definitions: Set<Int> = []
    var instances: Set<InstanceName> = []
    var removed: [InstanceName] = []

    var isEmpty: Bool { !isOfStack && instances.isEmpty && removed.isEmpty }
}

extension Supervisor {
    private static let retryPeriod = Duration.seconds(1)

    /// Writes down what has changed, in one write.
    func writeChanges() {
        changes.instances.formUnion(machine.takeChanged())
        guard !changes.isEmpty || journal.isBehind else { return }
        // All of it at every turn would be a lot of work for a disk that is full.
        if let journalRests, .now < journalRests { return }
        if journal.isBehind {
            journal.rewrite(wholeState)
        } else {
            journal.append(changedState)
            // What people have asked for is on the disk soon, too.
            if journal.isLong || !changes.definitions.isEmpty { journal.beginRewriting(wholeState) }
        }
        changes = JournalChanges()
        journalRests = journal.isBehind ? .now + Self.retryPeriod : nil
        if let journalRests { timers.arm(.journal, at: journalRests) }
    }

    private var changedState: [JournalRecord] {
        var records: [JournalRecord] = []
        if changes.isOfStack { records.append(.origin(origin, bootID: BootID.current)) }
        for number in changes.definitions.sorted() {
            if let text = definitions[number] { records.append(.definition(number, text)) }
        }
        records += changes.removed.map { .removed(service: $0.service.text, number: $0.number) }
        return records + changes.instances.compactMap { instances[$0].map { .instance(record(of: $0)) } }
    }

    private var wholeState: [JournalRecord] {
        let used = Set(instances.values.map(\.definition))
        if let current = definitions.keys.max() {
            definitions = definitions.filter { used.contains($0.key) || $0.key == current }
        }
        let texts = definitions.sorted { $0.key < $1.key }.map { JournalRecord.definition($0.key, $0.value) }
        return [.origin(origin, bootID: BootID.current)] + texts
            + instances.values.map { .instance(record(of: $0)) }
    }

    /// Everything about an instance that outlives the supervisor.
    func record(of instance: Instance) -> InstanceRecord {
        var record = instance.record
        if let member = machine.members[instance.name] {
            record.take(member)
            record.health = member.health == .none ? nil : member.health
        }
        if removals.contains(instance.name) { record.isLeaving = true }
        if renewals.contains(instance.name) || instance.preparation.renewsVolumes { record.renewsVolumes = true }
        if let replacement = replacements[instance.name] {
            // Whoever goes on in our place starts the new one when the old one has stopped.
            record.definition = replacement.definition
            record.isToStart = true
            record.isPrepared = nil
        }
        if let report = health.report(of: instance.name) {
            record.checkStatus = report.checkStatus
            record.failingStreak = report.failingStreak
            record.isReady = report.isReady
            record.said = report.said
        }
        record.marks = marks[instance.name]
        record.scheduleSeen = timetables[instance.name]?.seen.nanosecondsSinceEpoch
        return record
    }
}
