import Compose
import JSON
import Linux
import Testing

/// What a pod sees besides its images.
struct KubernetesStorageTests {
    @Test func volumesAreClaims() throws {
        let export = try #require(
            kubernetes(
                service:
                    "scale: 2\n    user: \"33\"\n    volumes: [\"data:/data:ro\", {type: volume, source: other, target: "
                    + "/o, volume: {nocopy: true, subpath: a/b}}]",
                rest: "volumes: {data: {labels: {a: b}}, other: {external: true, name: others}}"
            ) {
                $0.volumeSize = .gibibytes(3)
                $0.storageClass = "fast"
            })
        #expect(
            export.text("PersistentVolumeClaim", "shop-data", "spec")
                == #"{"accessModes":["ReadWriteMany"],"resources":{"requests":{"storage":"3Gi"}},"storageClassName":"fast"}"#
        )
        #expect(export.text("PersistentVolumeClaim", "shop-data", "metadata.labels.a") == #""b""#)
        #expect(export.names.filter { $0.hasPrefix("Persistent") } == ["PersistentVolumeClaim shop-data"])
        #expect(
            export.container("volumeMounts")
                == #"[{"mountPath":"/data","name":"named-shop-data","readOnly":true},"#
                + #"{"mountPath":"/o","name":"named-others","subPath":"a/b"}]"#)
        #expect(export.pod("volumes.1.persistentVolumeClaim.claimName") == #""others""#)
        #expect(export.pod("securityContext.fsGroup") == "33")
        #expect(export.messages.contains { $0.contains("ReadWriteMany") })
        #expect(export.messages.contains { $0.contains("the claim \"others\" has to be there") })
    }

    @Test func aVolumeWithoutANameIsEachPodsOwn() throws {
        let export = try #require(kubernetes(service: "volumes: [/var/cache, /with-hyphen]"))
        #expect(
            export.text("StatefulSet", "web", "spec.volumeClaimTemplates.0.metadata.name") == #""volume-var-cache""#)
        let name = try #require(export.text("StatefulSet", "web", "spec.volumeClaimTemplates.1.metadata.name"))
        #expect(name.count == "\"volume-0123456789ab\"".count)
        #expect(export.container("volumeMounts.1.name") == name)
        #expect(export.text("StatefulSet", "web", "spec.serviceName") == #""web""#)
        let job = try #require(kubernetes(service: "restart: \"no\"\n    volumes: [/var/cache]"))
        #expect(job.pod("volumes.0") == #"{"emptyDir":{},"name":"empty-web-1"}"#)
        #expect(job.messages.contains { $0.contains("what is written to \"/var/cache\" is gone with its pod") })
    }

    @Test func aVolumeWithoutANameIsNotThatOfANameLikeItsPlace() throws {
        let export = try #require(
            kubernetes(service: "volumes: [/shop/data, \"data:/d\"]", rest: "volumes: {data: {}}"))
        let mounts = (0...1).map { export.container("volumeMounts.\($0).name") }
        #expect(Set(mounts) == [#""volume-shop-data""#, #""named-shop-data""#])
    }

    @Test(arguments: [
        ("slave", #""mountPropagation":"HostToContainer","name":"host-web-1","readOnly":true"#),
        ("private", #""name":"host-web-1","readOnly":true,"recursiveReadOnly":"IfPossible""#),
    ])
    func whatIsReadOnlyMayStillPropagate(propagation: String, mount: String) throws {
        let bind = "{type: bind, source: /srv, target: /s, read_only: true, bind: {propagation: \(propagation)}}"
        let export = try #require(
            kubernetes(service: "volumes: [\(bind)]") { $0.allowsHostPaths = true })
        #expect(export.container("volumeMounts.0") == #"{"mountPath":"/s",\#(mount)}"#)
    }

    @Test(arguments: [
        ("tmpfs: [\"/run:size=1m\"]", #"{"emptyDir":{"medium":"Memory","sizeLimit":"1Mi"},"name":"memory-web-1"}"#),
        ("shm_size: 1g", #"{"emptyDir":{"medium":"Memory","sizeLimit":"1Gi"},"name":"shm-web"}"#),
        (
            "volumes: [\"nfs:/data\"]",
            #"{"name":"named-shop-nfs","nfs":{"path":"/export","readOnly":true,"server":"192.0.2.9"}}"#
        ),
        ("volumes: [\"mem:/data\"]", #"{"emptyDir":{"medium":"Memory","sizeLimit":"2Mi"},"name":"named-shop-mem"}"#),
        (
            "volumes: [\"./rootfs:/data\"]",
            #"{"hostPath":{"path":"/stacks/rootfs","type":"DirectoryOrCreate"},"name":"host-web-1"}"#
        ),
        (
            "volumes: [\"bound:/data\"]",
            #"{"hostPath":{"path":"/stacks/rootfs","type":"Directory"},"name":"named-shop-bound"}"#
        ),
    ])
    func otherVolumesAreThePods(service: String, volume: String) throws {
        let rest = """
            volumes:
              nfs: {driver_opts: {type: nfs, device: ":/export", o: "addr=192.0.2.9,ro"}}
              mem: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=2m"}}
              bound: {driver_opts: {type: none, device: /stacks/rootfs, o: bind}}
            """
        let export = try #require(kubernetes(service: service, rest: rest) { $0.allowsHostPaths = true })
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(export.pod("volumes.0") == volume)
    }

    @Test(arguments: [(100_000, false), (262_144, true)])
    func aLongConfigTakesAnotherWay(length: Int, isTold: Bool) throws {
        let content = String(repeating: "a", count: length)
        let export = try #require(kubernetes(service: "configs: [c]", rest: "configs: {c: {content: \(content)}}"))
        let told = export.messages.filter { $0.contains("config \"c\" is too long for a plain kubectl apply") }
        #expect(told.count == (isTold ? 1 : 0) && !export.hasErrors)
    }

    @Test func configsAreFiles() throws {
        let text = """
            name: shop
            services:
              web:
                image: web
                restart: always
                configs: [app, {source: logo, target: /www/logo, mode: 0400}]
            configs:
              app: {content: "a: 1\\n"}
              logo: {environment: LOGO}
            """
        let export = try #require(kubernetes(text, environment: ["LOGO": "x"]))
        #expect(export.messages == [])
        #expect(export.text("ConfigMap", "shop-app", "data.content") == #""a: 1\n""#)
        #expect(export.text("ConfigMap", "shop-logo", "data.content") == #""x""#)
        #expect(
            export.container("volumeMounts.1")
                == #"{"mountPath":"/www/logo","name":"config-shop-logo-400","readOnly":true,"subPath":"content"}"#)
        #expect(export.pod("volumes.1.configMap") == #"{"defaultMode":256,"name":"shop-logo"}"#)
        // Pods are made anew when it has changed.
        let digest = export.text("Deployment", "web", "spec.template.metadata.annotations")
        let other = try #require(kubernetes(text, environment: ["LOGO": "y"]))
        #expect(digest != nil)
        #expect(other.text("Deployment", "web", "spec.template.metadata.annotations") != digest)
    }

    @Test func secretsAreWrittenDownWhereAskedForOnly() throws {
        let text = """
            name: shop
            services: {web: {image: web, restart: always, secrets: [{source: key, target: tls.key}]}}
            secrets: {key: {environment: KEY}}
            """
        let named = try #require(kubernetes(text, environment: ["KEY": "sesame!"]))
        #expect(named.names == ["Service web", "Deployment web"])
        #expect(
            named.messages == [
                "stack.yaml:3:11: warning: the secret \"key\" is not written down: kubectl create secret generic shop-key "
                    + "--from-file=content=FILE, or export --with-secrets"
            ])
        #expect(named.pod("volumes.0.secret") == #"{"defaultMode":292,"secretName":"shop-key"}"#)
        #expect(named.container("volumeMounts.0.mountPath") == #""/run/secrets/tls.key""#)
        let digests = named.text("Deployment", "web", "spec.template.metadata.annotations")
        #expect(digests == nil)

        let written = try #require(kubernetes(text, environment: ["KEY": "sesame!"]) { $0.includesSecrets = true })
        #expect(written.messages == [])
        #expect(written.text("Secret", "shop-key", "data.content") == #""c2VzYW1lIQ==""#)
        #expect(written.objects.filter(\.isSecret).map(\.fileName) == ["secret-shop-key"])
    }
}
