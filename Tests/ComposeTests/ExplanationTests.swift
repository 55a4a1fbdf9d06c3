import Compose
import Testing

/// Why a value is what it is.
struct ExplanationTests {
    private var document: StackDocument? {
        let base = """
            name: demo
            x-common: &common
              environment:
                LEVEL: info
            services:
              root: {image: busybox, restart: always}
              web:
                <<: *common
                extends: root
                image: "app:${TAG}"
                env_file: web.env
            """
        let over = """
            services:
              web: {image: "app:${TAG}-x"}
            """
        var host = FakeHost()
        host.files["/stacks/a.yaml"] = base
        host.files["/stacks/b.yaml"] = over
        host.files["/stacks/.env"] = "# tag\nTAG=1\n"
        host.files["/stacks/web.env"] = "PORT=80\n"
        var request = LoadRequest(files: ["a.yaml", "b.yaml"], workingDirectory: "/stacks", purpose: .show)
        request.environmentFiles = [".env"]
        return StackLoader(host: host).load(request).document
    }

    private func explain(_ path: String) -> String {
        document?.explain(path).map(\.description).joined() ?? ""
    }

    @Test func anOverriddenValueNamesTheOneItReplacesAndItsVariables() {
        #expect(
            explain("web.image") == """
                services.web.image: "app:1-x"
                  a.yaml:10:12  in place of what is set here
                  .env:2:1      with the variable TAG, set here
                  b.yaml:2:16   set here

                """
        )
    }

    @Test func aValueFromAnAnchorNamesTheAlias() {
        #expect(
            explain("web.environment.LEVEL") == """
                services.web.environment.LEVEL: "info"
                  a.yaml:8:9   through the alias *common
                  a.yaml:4:12  set here

                """
        )
    }

    @Test func aValueOfAnExtendedServiceNamesTheReference() {
        #expect(
            explain("services.web.restart") == """
                services.web.restart: "always"
                  a.yaml:9:14  service "web" extends another here
                  a.yaml:6:35  set here

                """
        )
    }

    @Test func aValueOfAnEnvFileAndADefaultAreToldAsSuch() {
        #expect(explain("web.environment.PORT").contains("web.env:1:1  read from an env file"))
        #expect(explain("web.networks").contains("nobody sets it: this is the default"))
        #expect(explain("web.nothing").isEmpty)
    }
}
