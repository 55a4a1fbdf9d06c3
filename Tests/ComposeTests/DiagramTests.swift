import Compose
import Testing

/// Which service waits for which, drawn.
struct DiagramTests {
    private func diagram(_ services: String) throws -> DependencyDiagram {
        DependencyDiagram(try #require(load("name: shop\nservices:\n\(services)", purpose: .show).document))
    }

    private let shop = """
          web: {image: x, depends_on: [api, end]}
          api:
            image: x
            depends_on:
              db: {condition: service_healthy, restart: true}
              end: {condition: service_started, required: false}
          db: {image: x, depends_on: {job: {condition: service_completed_successfully}}}
          job: {image: x}
          end: {image: x}
        """

    @Test func aTreeShowsEveryServiceAndNoneTwice() throws {
        #expect(
            try diagram(shop).ascii == """
                web
                |-- api (started)
                |   |-- db (healthy, restart)
                |   |   `-- job (completed)
                |   `-- end (started, optional)
                `-- end (started)

                """)
        let shared = "  a: {image: x, depends_on: [c]}\n  b: {image: x, depends_on: [c]}\n"
        #expect(
            try diagram(shared + "  c: {image: x, depends_on: [d]}\n  d: {image: x}\n").ascii == """
                a
                `-- c (started)
                    `-- d (started)
                b
                `-- c (started) [see above]

                """)
    }

    @Test func theLanguagesOfDrawingProgramsNameNodesAndArrows() throws {
        let diagram = try diagram(
            "  a: {image: x, depends_on: {end: {condition: service_healthy}}}\n  end: {image: x}\n")
        #expect(
            diagram.dot == """
                digraph "shop" {
                  rankdir=LR;
                  node [shape=box];
                  "a";
                  "end";
                  "a" -> "end" [label="healthy"];
                }

                """)
        // "end" is a word of Mermaid's, and no name for a node.
        #expect(diagram.mermaid == "flowchart LR\n  s0[\"a\"]\n  s1[\"end\"]\n  s0 -->|healthy| s1\n")
    }

    @Test func aPictureHasABoxForEachServiceAndAnArrowForEachDependency() throws {
        let svg = try diagram(shop).svg
        #expect(svg.components(of: "<rect x=") == 5)
        #expect(svg.components(of: "<path d=\"M") == 6)
        #expect(svg.components(of: "stroke-dasharray") == 1)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width="))
    }

    @Test func aChainOfAnyLengthIsDrawn() throws {
        let chain = (0..<3_000).map { "  s\($0): {image: x, depends_on: [s\($0 + 1)]}\n" }.joined()
        let diagram = try diagram(chain + "  s3000: {image: x}\n")
        #expect(diagram.ascii.split(separator: "\n").count == 3_001)
        #expect(diagram.svg.components(of: "<rect x=") == 3_001)
    }
}

extension String {
    /// How often `text` is in it.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
