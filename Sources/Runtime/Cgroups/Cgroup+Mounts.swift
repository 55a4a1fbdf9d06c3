extension Cgroup {
    /// How the container sees its own cgroups: as on the host, each from where it is itself.
    var mounts: [CgroupMount] {
        if places.count == 1, let unified, unified.mount == "/sys/fs/cgroup" {
            return [CgroupMount(source: unified.directory, name: "", links: [])]
        }
        return places.map { place in
            let name = String(place.mount.split(separator: "/").last ?? "")
            let parts = name.split(separator: ",").map(String.init)
            return CgroupMount(source: place.directory, name: name, links: parts.count > 1 ? parts : [])
        }
    }
}
