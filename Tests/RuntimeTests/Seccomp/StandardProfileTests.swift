import Linux
import Testing

@testable import Runtime

/// What the standard profile decides, asked of the program that the kernel gets. Numbers are those of x86-64.
@Suite("The standard profile")
struct StandardProfileTests {
    private func machine(_ capabilities: CapabilitySet = .standard) throws -> FilterMachine {
        try FilterMachine(.standard(capabilities: capabilities))
    }

    private static let denied: [(String, UInt32)] = [
        ("acct", 163), ("add_key", 248), ("bpf", 321), ("clock_settime", 227), ("create_module", 174),
        ("delete_module", 176), ("fanotify_init", 300), ("finit_module", 313), ("fsmount", 432), ("fsopen", 430),
        ("get_mempolicy", 239), ("init_module", 175), ("io_uring_enter", 426), ("io_uring_register", 427),
        ("io_uring_setup", 425), ("ioperm", 173), ("iopl", 172), ("kcmp", 312), ("kexec_file_load", 320),
        ("kexec_load", 246), ("keyctl", 250), ("lookup_dcookie", 212), ("lsm_set_self_attr", 460), ("mbind", 237),
        ("mount", 165), ("mount_setattr", 442), ("move_mount", 429), ("move_pages", 279), ("nfsservctl", 180),
        ("open_by_handle_at", 304), ("open_tree", 428), ("perf_event_open", 298), ("pidfd_getfd", 438),
        ("pivot_root", 155), ("process_madvise", 440), ("quotactl", 179), ("reboot", 169), ("request_key", 249),
        ("setdomainname", 171), ("sethostname", 170), ("setns", 308), ("settimeofday", 164), ("swapoff", 168),
        ("swapon", 167), ("syslog", 103), ("umount2", 166), ("unshare", 272), ("uselib", 134), ("userfaultfd", 323),
        ("vhangup", 153),
    ]

    @Test(arguments: denied)
    func denies(name: String, number: UInt32) throws {
        #expect(try machine().outcome(of: FilterMachine.Call(number: number)) == 0x0005_0001)
    }

    private static let allowed: [(String, UInt32)] = [
        ("read", 0), ("write", 1), ("open", 2), ("mmap", 9), ("brk", 12), ("rt_sigreturn", 15), ("ioctl", 16),
        ("fork", 57), ("execve", 59), ("exit", 60), ("wait4", 61), ("kill", 62), ("rename", 82), ("mkdir", 83),
        ("ptrace", 101), ("setuid", 105), ("capset", 126), ("mknod", 133), ("arch_prctl", 158), ("chroot", 161),
        ("futex", 202), ("exit_group", 231), ("openat", 257), ("process_vm_readv", 310), ("seccomp", 317),
        ("getrandom", 318), ("execveat", 322), ("statx", 332), ("uretprobe", 335), ("pidfd_open", 434),
        ("close_range", 436), ("openat2", 437), ("faccessat2", 439), ("landlock_create_ruleset", 444),
        ("cachestat", 451), ("fchmodat2", 452), ("futex_wait", 455), ("mseal", 462), ("removexattrat", 466),
    ]

    @Test(arguments: allowed)
    func allows(name: String, number: UInt32) throws {
        #expect(try machine().allows(number))
    }

    @Test func allowsAllSocketsButCiphersAndVirtualMachines() throws {
        let machine = try machine()
        for family: UInt64 in [1, 2, 10, 16, 17, 31, 39, 44] { #expect(machine.allows(41, family)) }
        for family: UInt64 in [38, 40] {
            #expect(!machine.allows(41, family))
            // The kernel takes the lower half.
            #expect(!machine.allows(41, 1 << 32 | family))
        }
    }

    @Test func allowsNewProcessesButNoNewNamespaces() throws {
        let machine = try machine()
        #expect(machine.allows(56, 0x0100_0011))  // what fork makes of it
        #expect(machine.allows(56, 0x003D_0F00))  // a thread
        for bit: UInt64 in [17, 25, 26, 27, 28, 29, 30] { #expect(!machine.allows(56, 1 << bit | 17)) }
        #expect(!machine.allows(56, 1 << 40 | 1 << 28))
        #expect(machine.outcome(of: FilterMachine.Call(number: 435)) == 0x0005_0026)
    }

    @Test func allowsHarmlessPersonalities() throws {
        let machine = try machine()
        for value: UInt64 in [0, 8, 0x20000, 0x20008, 0xFFFF_FFFF] { #expect(machine.allows(135, value)) }
        // No randomised addresses, and addresses that can be read and executed.
        for value: UInt64 in [0x0004_0000, 0x0040_0000, 1, 0x1_0000_0000] { #expect(!machine.allows(135, value)) }
    }

    @Test(
        arguments: [
            (.sysAdmin, [165, 166, 272, 308, 321, 430, 435, 460]), (.dacReadSearch, [304]), (.sysBoot, [169]),
            (.sysModule, [175, 176, 313]), (.sysPacct, [163]), (.sysPtrace, [312, 438, 440]),
            (.sysRawio, [172, 173]), (.sysTime, [164, 227]), (.sysTtyConfig, [153]), (.sysNice, [237, 238, 239, 450]),
            (.syslog, [103]), (.bpf, [321]), (.perfmon, [298]),
        ] as [(Capability, [UInt32])])
    func allowsWithACapabilityWhatTakesOne(capability: Capability, numbers: [UInt32]) throws {
        let (with, without) = (try machine([capability]), try machine([]))
        for number in numbers {
            #expect(with.allows(number))
            #expect(!without.allows(number))
        }
    }

    @Test func allowsNewNamespacesAndChangesOfRootWithTheirCapabilities() throws {
        #expect(try machine([.sysAdmin]).allows(56, 1 << 28))
        #expect(try !machine([]).allows(161))
    }

    @Test func answersCallsToComeAsAKernelDoesThatDoesNotHaveThem() throws {
        let machine = try machine()
        for number: UInt32 in [600, 5000, 0x4000_0000 + 600] {
            #expect(machine.outcome(of: FilterMachine.Call(number: number)) == 0x0005_0026)
        }
        // Known, and not allowed.
        #expect(machine.outcome(of: FilterMachine.Call(number: 467)) == 0x0005_0001)
    }

    @Test func holdsForProgramsOf32BitsToo() throws {
        let machine = try machine()
        func outcome(_ number: UInt32) -> UInt32? {
            machine.outcome(of: FilterMachine.Call(number: number, architecture: FilterMachine.x86))
        }
        for number: UInt32 in [3, 4, 11, 102, 117, 192, 403, 452] { #expect(outcome(number) == FilterMachine.allowed) }
        for number: UInt32 in [21, 52, 88, 310, 346] { #expect(outcome(number) == 0x0005_0001) }
        #expect(machine.outcome(of: FilterMachine.Call(number: 0x4000_0001)) == FilterMachine.allowed)
        #expect(machine.outcome(of: FilterMachine.Call(number: 0x4000_0000 + 165)) == 0x0005_0001)
    }

    @Test func killsWhatClaimsToBeAnotherMachine() throws {
        #expect(try machine().outcome(of: FilterMachine.Call(number: 0, architecture: 0xC000_00B7)) == 0)
    }
}
