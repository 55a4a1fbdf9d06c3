import Compose
import OrderedCollections
import Testing

/// Large stacks.
struct ScaleTests {
    private func text(_ count: Int) -> String {
        var text = "name: big\nx-base: &base {rootfs: rootfs, environment: {A: \"1\", B: \"${HOME}\"}}\nservices:\n"
        for index in 0..<count {
            text += "  s\(index):\n    <<: *base\n    command: sleep \(index)\n    volumes: [./d\(index):/data:ro]\n"
            if index > 0 { text += "    depends_on: [s\(index - 1)]\n" }
        }
        return text
    }

    private func seconds(_ count: Int) -> Double {
        let text = text(count)
        let time = ContinuousClock().measure {
            let result = load(text, environment: ["HOME": "/home/me"])
            #expect(result.stack?.services.count == count)
            #expect(result.stack?.startOrder.count == count)
        }
        return time / .seconds(1)
    }

    @Test func loadingTakesTimeInProportionToTheNumberOfServices() {
        _ = seconds(10)
        let small = seconds(250)
        let large = seconds(2_000)
        // Eight times as many; a quadratic step would make it sixty-four.
        #expect(large / small < 24)
    }

    @Test func aChainOfExtendsMayBeAsLongAsAFile() {
        var text = "services:\n  s0: {image: x}\n"
        for index in 1...5_000 { text += "  s\(index): {extends: s\(index - 1)}\n" }
        #expect(load(text, purpose: .show).document?.services.count == 5_001)
    }
}
