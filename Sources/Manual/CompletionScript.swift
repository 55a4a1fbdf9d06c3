/// The little that a shell has to know: it asks the program at each tab.
public enum CompletionScript: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// - Parameter program: what it is called.
    public func text(for program: String) -> String {
        let function = program.split(separator: "-").joined(separator: "_")
        return switch self {
        case .bash: Self.bash(program, function)
        case .zsh: Self.zsh(program, function)
        case .fish: Self.fish(program, function)
        }
    }

    private static func bash(_ program: String, _ function: String) -> String {
        """
        # bash completion of \(program): eval "$(\(program) completion bash)"
        _\(function)() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                    :files) compopt -o default ;;
                    :directories) compopt -o dirnames ;;
                    *) COMPREPLY+=("${line%%$'\\t'*}") ;;
                esac
            done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _\(function) \(program)

        """
    }

    private static func zsh(_ program: String, _ function: String) -> String {
        """
        #compdef \(program)
        # zsh completion of \(program): eval "$(\(program) completion zsh)"
        _\(function)() {
            local line
            local -a described
            while IFS= read -r line; do
                case $line in
                    :files) _files ;;
                    :directories) _files -/ ;;
                    *$'\\t'*) described+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}") ;;
                    *) described+=("${line//:/\\\\:}") ;;
                esac
            done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
            (( $#described )) && _describe '\(program)' described
        }
        if [[ "$funcstack[1]" == _\(function) ]]; then
            _\(function) "$@"
        else
            compdef _\(function) \(program)
        fi

        """
    }

    private static func fish(_ program: String, _ function: String) -> String {
        """
        # fish completion of \(program): \(program) completion fish | source
        function __\(function)_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            test -n "$current"; or set current ''
            for line in ($words[1] __complete $words[2..-1] $current 2>/dev/null)
                switch $line
                    case :files
                        __fish_complete_path $current
                    case :directories
                        __fish_complete_directories $current
                    case '*'
                        echo $line
                end
            end
        end
        complete -c \(program) -f -a '(__\(function)_complete)'

        """
    }
}
