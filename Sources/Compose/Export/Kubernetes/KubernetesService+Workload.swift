internal import JSON
internal import Linux
internal import OrderedCollections

/// What keeps the pods of a service running, or runs them to their end.
enum KubernetesWorkload: String {
    case deployment = "Deployment"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case job = "Job"
    case cronJob = "CronJob"

    /// Whether it ends by itself.
    var ends: Bool { self == .job || self == .cronJob }

    var apiVersion: String { ends ? "batch/v1" : "apps/v1" }
}

extension KubernetesService {
    /// - Parameter isAwaited: whether others wait for its end.
    mutating func workload(isAwaited: Bool) -> KubernetesWorkload {
        let policy = read { $0.readRestartPolicy() }
        if let schedule = node["schedule"], !schedule.isUnset { return .cronJob }
        let mode = deploy?["mode"]
        switch mode?.string {
        case "global": return .daemonSet
        case "global-job": refuse("mode", "a Job runs a number of pods, not one on each node", at: mode?.place)
        case "replicated-job": return .job
        default: break
        }
        let isUnsaid = node["restart"]?.string?.isEmpty != false && deploy?["restart_policy"] == nil
        if policy.condition == .no && !isUnsaid || isAwaited && [.no, .onFailure].contains(policy.condition) {
            return .job
        }
        let place =
            node["restart"] == nil && deploy?["restart_policy"] != nil ? self.place("deploy") : self.place("restart")
        if isUnsaid {
            warn(
                "it becomes a Deployment, which starts it again whenever it ends; say so with \"restart: always\", or "
                    + "\"restart: \\\"no\\\"\" for a Job", at: place)
        } else if policy.condition == .onFailure || policy.limit != nil {
            warn(
                "it becomes a Deployment, which starts it again however it ended, and however often; \"restart: \\\"no\\\"\" "
                    + "makes it a Job", at: place)
        }
        return .deployment
    }

    /// The pods' description in their workload.
    private func template(
        _ pod: KubernetesPod, steps: [KubernetesPod], _ restartPolicy: String?, extraLabels: [String: String]
    ) -> JSONValue {
        var volumes = pod.mounts.volumes
        for step in steps { volumes.merge(step.mounts.volumes) { first, _ in first } }
        var labels = pod.labels.merging(extraLabels) { $1 }
        labels["app.kubernetes.io/name"] = name
        labels["app.kubernetes.io/instance"] = context.project
        var annotations = pod.annotations
        let digests = pod.mounts.digests + steps.flatMap(\.mounts.digests)
        // Pods are made anew when what they read has changed.
        if !digests.isEmpty {
            annotations["gocker/contents"] = SHA256.hexadecimal(Array(digests.joined(separator: "\n").utf8))
        }
        return [
            "metadata": .fields(["labels": .texts(labels), "annotations": .texts(annotations)]),
            "spec": pod.settings.adding([
                "restartPolicy": restartPolicy.map { .string($0) },
                "initContainers": .list(steps.map(\.container)),
                "containers": .array([pod.container]),
                "volumes": .list(Array(volumes.values)),
            ]),
        ]
    }

    /// - Parameters:
    ///   - steps: what is run in each of its pods before it.
    ///   - extraLabels: of its pods, besides its own.
    mutating func object(
        _ workload: KubernetesWorkload, _ pod: KubernetesPod, steps: [KubernetesPod], extraLabels: [String: String]
    ) -> KubernetesObject {
        let policy = read { $0.readRestartPolicy() }
        let restartPolicy: String? = workload.ends ? policy.condition == .onFailure ? "OnFailure" : "Never" : nil
        let template = template(pod, steps: steps, restartPolicy, extraLabels: extraLabels)
        let content: KeyValuePairs<String, JSONValue?>
        switch workload {
        case .deployment: content = ["spec": deploymentSpec(template)]
        case .statefulSet: content = ["spec": statefulSetSpec(template, pod.mounts.claimTemplates)]
        case .daemonSet: content = ["spec": daemonSetSpec(template)]
        case .job: content = ["spec": jobSpec(template, policy)]
        case .cronJob: content = ["spec": cronJobSpec(template, policy)]
        }
        let notes = KubernetesLabel.notes(deploy?["labels"], &problems)
        return KubernetesObject(
            workload.rawValue, workload.apiVersion,
            metadata: context.metadata(
                name, service: name, labels: notes.labels, annotations: notes.annotations), content,
            at: node.place)
    }
}

// MARK: What runs for good

extension KubernetesService {
    private mutating func deploymentSpec(_ template: JSONValue) -> JSONValue {
        let (strategy, ready) = update { policy in
            guard policy.order == .startFirst || policy.parallelism != nil else { return ["type": "Recreate"] }
            return ["type": "RollingUpdate", "rollingUpdate": Self.rolling(policy)]
        }
        return .fields([
            "replicas": .integer(Int64(pods ?? 1)), "selector": ["matchLabels": selector], "strategy": strategy,
            "minReadySeconds": ready.map { .integer($0) },
            // What a pod may take to get ready beside that, which is the standard.
            "progressDeadlineSeconds": ready.map { .integer($0 + 600) }, "template": template,
        ])
    }

    private mutating func daemonSetSpec(_ template: JSONValue) -> JSONValue {
        let (strategy, ready) = update { ["type": "RollingUpdate", "rollingUpdate": Self.rolling($0)] }
        return .fields([
            "selector": ["matchLabels": selector], "updateStrategy": strategy,
            "minReadySeconds": ready.map { .integer($0) },
            "template": template,
        ])
    }

    private mutating func statefulSetSpec(_ template: JSONValue, _ claims: [JSONValue]) -> JSONValue {
        if text("hostname") != nil {
            warn("the pods of a StatefulSet are called \(name)-0, \(name)-1, …", at: place("hostname"))
        }
        let (_, ready) = update { _ in .null }
        let policy = deploy?["update_config"]
        if policy?["order"]?.string == "start-first" {
            refuse(
                "order", "a service with volumes is a StatefulSet, of which the old pod ends before the new one begins",
                at: policy?["order"]?.place)
        }
        if let number = policy?["parallelism"]?.integer, number != 1, pods != 1 {
            warn(
                "the pods of a StatefulSet are replaced one at a time", at: policy?["parallelism"]?.place ?? node.place)
        }
        return .fields([
            "serviceName": .string(name), "replicas": .integer(Int64(pods ?? 1)),
            "selector": ["matchLabels": selector], "podManagementPolicy": "Parallel",
            "minReadySeconds": ready.map { .integer($0) },
            "template": template, "volumeClaimTemplates": .list(claims),
        ])
    }

    private static func rolling(_ policy: UpdatePolicy) -> JSONValue {
        let number: JSONValue = policy.parallelism.map { .integer(Int64($0)) } ?? "100%"
        return policy.order == .startFirst
            ? ["maxSurge": number, "maxUnavailable": 0] : ["maxSurge": 0, "maxUnavailable": number]
    }

    /// How pods are replaced, and how long each has to be ready for the next to follow.
    private mutating func update(_ strategy: (UpdatePolicy) -> JSONValue) -> (strategy: JSONValue, ready: Int64?) {
        let policy = read { $0.readUpdatePolicy() }
        if policy.failureAction != .pause, deploy?["update_config"]?["failure_action"] != nil {
            let isBack = policy.failureAction == .rollback
            warn(
                isBack
                    ? "a rollout that fails stops, and is not undone by itself: kubectl rollout undo"
                    : "a rollout stops at pods that do not get ready",
                at: deploy?["update_config"]?["failure_action"]?.place ?? node.place)
        }
        let wait = max(policy.delay, policy.monitor)
        return (strategy(policy), wait > .zero ? Self.seconds(wait) : nil)
    }
}

// MARK: What ends

extension KubernetesService {
    private func jobSpec(_ template: JSONValue, _ policy: RestartPolicy) -> JSONValue {
        let limit = policy.condition == .onFailure ? policy.limit.map(Int64.init) ?? Int64(Int32.max) : 0
        let count = pods ?? 1
        return .fields([
            "parallelism": count == 1 ? nil : .integer(Int64(count)),
            "completions": count == 1 ? nil : .integer(Int64(count)),
            "backoffLimit": .integer(limit), "template": template,
        ])
    }

    private mutating func cronJobSpec(_ template: JSONValue, _ policy: RestartPolicy) -> JSONValue {
        let schedule = read { $0.readSchedule(restart: policy) }
        let place = node["schedule"]?["cron"]?.place ?? place("schedule")
        if schedule != nil, schedule?.timeZone == nil {
            warn("its time is that of the cluster's controller, mostly UTC: say \"timezone: …\"", at: place)
        }
        var text = ""
        do {
            if let cron = schedule?.cron { text = try KubernetesSchedule.text(cron) }
        } catch {
            problems.error("this cannot be the schedule of a CronJob: \(error.reason)", at: place)
        }
        return .fields([
            "schedule": .string(text), "timeZone": schedule?.timeZone.map { .string($0) },
            "concurrencyPolicy": "Forbid",
            // The controller looks every 10 s; what is later than this was missed.
            "startingDeadlineSeconds": schedule?.missed == .skip ? 60 : nil,
            "jobTemplate": ["spec": jobSpec(template, policy)],
        ])
    }
}

/// Schedules as CronJobs take them.
enum KubernetesSchedule {
    /// The five fields, of which only the days of the week have to be spelled otherwise: there Sunday is 0 and begins the
    /// week, whatever the range.
    ///
    /// - Throws: what cannot be said, with what to do instead.
    static func text(_ cron: CronExpression) throws(CronError) -> String {
        guard case .fields(let fields) = cron.form else {
            throw CronError("it has no distances; write five fields")
        }
        if cron.text.hasPrefix("@") { return cron.text }
        var words = cron.text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard words.count == 5 else { return cron.text }
        let steps = [words[2], words[4]].filter { $0.hasPrefix("*/") }
        if !steps.isEmpty, words[2] != "*", words[4] != "*" {
            throw CronError("days of the month and of the week are one or the other; write one of them as \"*\"")
        }
        if words[4] != "*" { words[4] = fields.weekday.values.map(String.init).joined(separator: ",") }
        return words.joined(separator: " ")
    }
}
