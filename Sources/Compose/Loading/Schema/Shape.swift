/// What may stand at one place of a stack file.
///
/// The tables that are made of shapes (`Table+….swift`) say all there is to say about a key: they check a file, bring it
/// into its one canonical form, merge two files, print the result, and describe the language to editors.
indirect enum Shape: Sendable {
    // MARK: Single values

    case anything
    case string
    case stringOrNumber

    /// `true` and `false` stand for themselves as text.
    case stringOrBoolean
    case boolean
    case integer(ClosedRange<Int64>?)
    case number

    /// An amount such as `64m`; -1 for no limit.
    case bytes

    /// An amount such as `64m`.
    case size

    /// A time such as `1m30s`.
    case duration

    /// Permission bits, in octal.
    case fileMode

    /// How many devices: a number, or `all`.
    case deviceCount
    case choice([String])

    /// A string with something in it.
    case matching(TextRule)

    // MARK: Several values

    case list(Shape, Uniqueness = .none)

    /// One string, or a list of them; canonically a list.
    case stringOrList(Uniqueness = .refused)

    /// One text, or a list of what may also be tables.
    case listOrOne(Shape, Uniqueness)

    /// The word `all`, or a list.
    case allOrList(Shape)

    /// Words to run: a list, or one text that is split as a shell would.
    case command

    /// What a health check runs: a list whose first item says how, or one text for the shell.
    case healthTest

    /// `NAME: value` or a list of `NAME=value`; canonically the former.
    case variables(Variables)

    /// Names and their addresses, in three spellings; canonically a sorted list of `name=address`.
    case hosts

    // MARK: Tables

    /// A mapping with the keys of the table.
    case table(Table)

    /// A mapping from names that the author chooses.
    case map(Shape, NameRule = .any)

    /// A mapping from names, or a list of names that stand for mappings without further settings.
    case namedOrListed(Shape, Listed)

    /// A table, or a text that stands for one.
    case shorthand(Shorthand, Table)

    /// Ports: short texts and tables mixed, where one text may stand for many ports.
    case ports(Table)

    /// A number for both limits, or a table with one for each.
    case limit(Table)

    /// Also nothing.
    case nullable(Shape)

    /// `true`, or the older spelling with a table that names the resource.
    case external
}

extension Shape {
    /// Which items of a list count as the same; of those, the last one is kept.
    enum Uniqueness: Sendable {
        case none

        /// The same item twice is a mistake.
        case refused

        /// Items with the same text up to a `=`.
        case byName
        case byTarget
        case byDeviceTarget

        /// Items for the same file; one without a target is put into the directory.
        case byMountPoint(String)
        case byPath

        /// Mappings with the same `subnet`, which are merged already.
        case bySubnet
    }

    /// What a name without a value means in `environment` and its siblings.
    enum Variables: Sendable {
        /// Taken from the environment of the command, or kept without a value.
        case environment

        /// Taken from the environment of the command, or left out.
        case arguments

        /// An empty text.
        case labels

        /// A mapping only, whose values are numbers or texts.
        case options

        /// As options, and each may have several values.
        case multipleOptions

        /// Every item of a list needs a value.
        case contexts

        /// Every item needs a value, but for `default`.
        case keys
    }

    /// What a name in a list stands for.
    enum Listed: Sendable {
        case null
        case dependency
    }

    /// What a text has to have in it.
    enum TextRule: Sendable {
        /// Two letters, digits, `.`, `_` or `-`, the first a letter or a digit.
        case containerName

        /// When an image is fetched.
        case pullPolicy
    }

    /// What names an author may choose.
    enum NameRule: Sendable {
        case any

        /// Letters, digits, `.`, `_` and `-`.
        case resource

        /// Lower-case letters.
        case word
    }

    /// What a text that stands for a table says.
    enum Shorthand: Sendable {
        /// The value of one key.
        case key(String)

        /// `[SOURCE:]TARGET[:OPTIONS]`.
        case volume

        /// `SOURCE[:TARGET[:PERMISSIONS]]`.
        case device
    }
}
