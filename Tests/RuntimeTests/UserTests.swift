import Linux
import Testing

@testable import Runtime

@Suite("The user a container runs as")
struct UserTests {
    private let users = UserDatabase(
        passwd: """
            root:x:0:0:root:/root:/bin/sh
            web:x:1000:100:Web:/srv/web:/bin/sh
            5:x:0:0:a name of digits:/root:/bin/sh
            broken:x:abc:0::/:/bin/sh
            short:x:7
            homeless:x:8:8:::
            keep:x:4294967295:4294967295::/:/bin/sh
            """,
        group: """
            root:x:0:
            users:x:100:web
            audio:x:29:web,root
            video:x:44:other,web
            keep:x:4294967295:web
            """)

    private func account(_ text: String) throws -> UserDatabase.Account {
        try users.account(try #require(UserSpecifier(text)))
    }

    @Test func isFoundByNameWithTheGroupsThatListIt() throws {
        let web = try account("web")
        #expect(web.identity == Identity(user: 1000, group: 100, supplementaryGroups: [29, 44]))
        #expect(web.home == "/srv/web")
        #expect(try account("1000") == web)
    }

    @Test func needNotExistAsANumber() throws {
        #expect(try account("4242").identity == Identity(user: 4242, group: 0))
        #expect(try account("4242").home == "/")
        #expect(try account("homeless").home == "/")
    }

    @Test func isNeverANameWhereItIsWrittenInDigits() throws {
        #expect(try account("5").identity.user == 5)
        #expect(try account("05").identity.user == 5)
    }

    @Test func hasOnlyTheGroupThatIsNamed() throws {
        #expect(try account("web:audio").identity == Identity(user: 1000, group: 29))
        #expect(try account("web:7").identity == Identity(user: 1000, group: 7))
        #expect(try account("0:0").identity == .root)
    }

    @Test func mustExistAsAName() {
        #expect(throws: UserLookupError.unknownUser("nobody")) { try account("nobody") }
        #expect(throws: UserLookupError.unknownGroup("nogroup")) { try account("web:nogroup") }
        #expect(throws: UserLookupError.unknownUser("broken")) { try account("broken") }
        #expect(throws: UserLookupError.unknownUser("short")) { try account("short") }
        #expect("\(UserLookupError.unknownUser("web2"))" == "no user \"web2\" in the container's /etc/passwd")
    }

    @Test func isNotTheNumberThatMeansToStayRoot() {
        #expect(throws: UserLookupError.unknownUser("keep")) { try account("keep") }
        #expect(throws: UserLookupError.unknownGroup("keep")) { try account("web:keep") }
    }

    @Test(arguments: [
        "", ":", "web:", ":users", "web:users:more", "4294967295", "4294967296", "web:4294967295", "a\nb",
    ])
    func isNothingInAnyOtherForm(text: String) {
        #expect(UserSpecifier(text) == nil)
    }

    @Test(arguments: ["-1", "0x0", "1e0", "٠", " 0"])
    func isANameWhereItOnlyLooksLikeANumber(text: String) {
        #expect(throws: UserLookupError.unknownUser(text)) { try account(text) }
    }
}
