import Compose
import Testing

@Suite("Names of images")
struct ImageReferenceTests {
    @Test(arguments: [
        ("shop-web", "shop-web"), ("shop-Web_1", "shop-web_1"), ("a__b", "a__b"), ("a___b", "a-b"), ("a..b", "a-b"),
        ("-a-", "a"), ("a--b", "a--b"), ("ä", "rootfs"), ("", "rootfs"),
    ])
    func anyTextBecomesAName(text: String, name: String) {
        #expect(ImageReference(registry: nil, name: text, digest: "0123456789abcdef").name == name)
    }

    @Test(arguments: [
        ("registry.example:5000/team", "registry.example:5000"), ("localhost", "localhost"), ("team", nil),
        ("127.0.0.1:5000", "127.0.0.1:5000"), ("docker.io/team/part", "docker.io"),
    ])
    func aRegistryIsTold(text: String, host: String?) throws {
        let registry = try #require(ImageRegistry(text))
        #expect(registry.host == host)
        let reference = ImageReference(registry: registry, name: "web", digest: "0123456789abcdef")
        #expect("\(reference)" == "\(text)/web:0123456789ab")
    }

    @Test(arguments: ["", "/", "a/", "/a", "a//b", "https://a", "a:b/c", "a:99999/c", "a/B", "a b", "a/b:c", "a:1:2"])
    func whatIsNoRegistryIsNone(text: String) {
        #expect(ImageRegistry(text) == nil)
    }
}
